import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type RunningServer, startServer } from '../server.ts';

const upgradeOf = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`;
const connectRequest = 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n';
/** Every way to be refused after Node has handed the socket over. */
const refused = [
  upgradeOf('/nope'),
  upgradeOf('/websocket'),
  upgradeOf('/sockjs/nope'),
  upgradeOf('/forward-auth'),
  connectRequest,
];

describe('a client that is refused a socket', { timeout: 60_000 }, () => {
  let server: RunningServer;
  before(async () => {
    server = await startServer({ env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } });
  });
  after(async () => {
    await server.dispose();
  });

  /** Sends a request, and waits for the first bytes of its answer. The own half stays open. */
  const sent = async (request: string): Promise<Socket> =>
    await new Promise((resolve, reject) => {
      const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.once('error', reject);
      socket.once('data', () => {
        socket.off('error', reject);
        socket.on('error', () => undefined);
        resolve(socket);
      });
      socket.write(request);
    });
  const answers = async (): Promise<void> => {
    assert.equal((await fetch(`${server.url}/api/info`)).status, 200);
  };
  const descriptors = (): number => readdirSync(`/proc/${server.pid}/fd`).length;

  for (const request of refused) {
    it(`does not end the server by a reset after ${request.split(' HTTP')[0]}`, async () => {
      for (let n = 0; n < 20; n += 1) (await sent(request)).resetAndDestroy();
      await answers();
    });
  }

  for (const path of ['/nope', '/forward-auth', '/websocket', '/sockjs/000/abcdefgh/websocket']) {
    it(`is cut off where it asks for ${path} before an earlier answer has come, and nobody else is`, async () => {
      const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
      const body = JSON.stringify({ user: 'nobody', password: 'whatever it may be' });
      const slow = `POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      const got = await new Promise<string>((resolve) => {
        const socket = connect({ port: server.port, host: '127.0.0.1' });
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk.toString();
        });
        socket.on('error', () => undefined);
        socket.on('close', () => {
          resolve(text);
        });
        socket.write(slow + upgradeOf(path).replace(/\r\n$/u, key));
      });
      assert.doesNotMatch(got, /HTTP\/1\.1 (?:101|404)/u);
      await answers();
    });
  }

  it('does not keep its descriptor by keeping its half open', { skip: process.platform !== 'linux' }, async () => {
    await answers();
    const atFirst = descriptors();
    const sockets = await Promise.all(refused.flatMap((request) => Array.from({ length: 25 }, () => sent(request))));
    const until = Date.now() + 3000;
    while (descriptors() > atFirst + 5 && Date.now() < until) await pause(50);
    const left = descriptors() - atFirst;
    for (const socket of sockets) socket.destroy();
    assert.ok(left <= 5, `${left} descriptors are kept`);
  });
});
