import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inherited } from './inherited.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A server of its own process, as an operator starts it. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The folder with its database; kept over `restart`. */
  readonly folder: string;
  readonly administrator: { readonly username: string; readonly password: string };
  /** Everything it has written so far, line by line. */
  readonly lines: readonly string[];
  /** Ends it as Ctrl-C does and gives its exit code. */
  stop(): Promise<number>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port. */
  restart(): Promise<RunningServer>;
  /** Stops it if it runs, and deletes its folder. */
  dispose(): Promise<void>;
}

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** An existing folder; it is then not deleted. */
  readonly folder?: string;
  readonly port?: number;
  /** Another copy of the product: the file that starts it. */
  readonly main?: string;
}

const administrator = { username: 'root.admin', password: 'an administrator of tests' };

/**
 * Starts the server on a free port and a fresh embedded database, and waits until it answers. Limits that stop a test
 * from calling often are the product's own settings: pass them in `env`, for example
 * `OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false'`.
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'countersign-server-'));
  const child = spawn(process.execPath, [options.main ?? main, 'serve'], {
    cwd: folder,
    env: {
      ...inherited,
      PORT: String(options.port ?? 0),
      DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}`,
      ADMIN_USERNAME: administrator.username,
      ADMIN_PASS: administrator.password,
      ADMIN_EMAIL: 'root@example.com',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const port = await ready(child, lines);
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code) => {
      resolve(code ?? -1);
    });
  });
  const end = async (signal: 'SIGINT' | 'SIGKILL'): Promise<number> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return await ended;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    folder,
    administrator,
    lines,
    stop: async () => await end('SIGINT'),
    kill: async () => {
      await end('SIGKILL');
    },
    restart: async () => await startServer({ ...options, folder, port }),
    dispose: async () => {
      await end('SIGKILL');
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The port from the line that says it listens; rejects with all it said when it ends before that. */
async function ready(child: ChildProcess, lines: string[]): Promise<number> {
  return await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        const port = /"msg":"listening"/u.test(line) ? /"port":(\d+)/u.exec(line)?.[1] : undefined;
        if (port !== undefined) resolve(Number(port));
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`The server ended with ${code} before it listened:\n${lines.join('\n')}`));
    });
  });
}
