import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A road to another server on which a test can stand: it counts, listens in and blocks. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that are open now, and all there ever were. */
  readonly open: () => number;
  readonly total: () => number;
  /** Everything that clients have sent, in clear where it was in clear. */
  readonly heard: () => string;
  /** How connections are dealt with from now on: led on, taken and never answered, or closed at once. */
  mode: 'lead' | 'silence' | 'shut';
  /** Cuts every connection that is open. */
  cut(): void;
  close(): Promise<void>;
}

/** @param target the port of the server on this host; 0 where nobody is led on */
export async function openTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const heard: Buffer[] = [];
  let total = 0;
  const server = createServer((client) => {
    total += 1;
    client.on('error', () => undefined);
    if (proxy.mode === 'shut') {
      client.destroy();
      return;
    }
    sockets.add(client);
    client.on('close', () => sockets.delete(client));
    client.on('data', (piece) => heard.push(piece));
    if (proxy.mode === 'silence') return;
    const there = connect(target, '127.0.0.1');
    there.on('error', () => client.destroy());
    there.on('close', () => client.destroy());
    client.on('close', () => there.destroy());
    client.pipe(there);
    there.pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    total: () => total,
    heard: () => Buffer.concat(heard).toString('latin1'),
    mode: 'lead',
    cut,
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
