import type { Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Announcement } from '../measure/process.ts';

// Whatever ends the program that started this, it does not stay behind.
const { ppid } = process;
setInterval(() => {
  if (process.ppid !== ppid) process.exit(0);
}, 1_000).unref();

/** What the program that started this server asks of it. */
export async function readInput<T>(): Promise<T> {
  return JSON.parse(await text(process.stdin)) as T;
}

/** Listens on a free port of this machine and says so. */
export function listen(server: Server, more: Omit<Announcement, 'port'> = {}): void {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    console.log(JSON.stringify({ port, ...more }));
  });
}
