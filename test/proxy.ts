import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';

/** What stands behind a proxy: it answers with the headers that it got, as JSON, and greets on sockets with the same. */
export interface Upstream {
  readonly port: number;
  close(): Promise<void>;
}

export async function startUpstream(): Promise<Upstream> {
  const seen = (headers: IncomingHttpHeaders, method = ''): string => JSON.stringify({ method, headers });
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(seen(request.headers, request.method));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    socket.send(seen(request.headers, 'SOCKET'));
  });
  await listening(server);
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((done) => {
        server.close(done);
      });
    },
  };
}

async function listening(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** A port that nobody uses right now. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => {
    server.close(done);
  });
  return port;
}

/** A proxy of its own process. */
export interface Proxy {
  stop(): Promise<void>;
}

/**
 * Starts a proxy with one file of configuration, and waits until its port is open.
 * @param made makes the file's text and the command; `folder` is its own and goes with it
 */
export async function startProxy(
  port: number,
  made: (folder: string) => {
    readonly name: string;
    readonly text: string;
    readonly command: (file: string) => readonly string[];
  },
): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-proxy-'));
  const { name, text, command } = made(folder);
  const file = join(folder, name);
  writeFileSync(file, text);
  const [program = '', ...words] = command(file);
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  await isOpen(port, child, () => said).catch(async (cause: unknown) => {
    await stop();
    throw cause;
  });
  return { stop };
}

async function isOpen(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The proxy did not start:\n${said()}`);
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => {
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
    socket.destroy();
    if (open) return;
    await new Promise((done) => {
      setTimeout(done, 50);
    });
  }
}
