import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exchange, statusOf } from '../attacks/wire.ts';
import { type RunningServer, startServer } from '../server.ts';

/** A request may take 30 s, its headers 20 s, and slow ones are looked for every 5 s. */
const waitMs = 45_000;
/** Three beats of 15 s, the first of which may be near. */
const greetingMs = 60_000;

describe('a client that is slow', { concurrency: true, timeout: 120_000 }, () => {
  let server: RunningServer;
  before(async () => {
    server = await startServer();
  });
  after(async () => {
    await server.dispose();
  });

  const dripped = (text: string): readonly (readonly [number, string])[] =>
    Array.from(text).map((one) => [1000, one] as const);

  it('is cut off with 408 while it drips a body (O01)', async () => {
    const head =
      'POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n';
    const { received, closed } = await exchange(server, head, { waitMs, pauses: dripped('x'.repeat(44)) });
    assert.ok(closed, 'still open');
    assert.ok([0, 408].includes(statusOf(received)), received.toString());
  });

  it('is cut off while it drips its headers', async () => {
    const { received, closed } = await exchange(server, 'GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-A: ', {
      waitMs,
      pauses: dripped('x'.repeat(44)),
    });
    assert.ok(closed, 'still open');
    assert.ok([0, 408].includes(statusOf(received)), received.toString());
  });

  it('is cut off when it opens a socket and never says hello (N19, realtime.md §2.1)', async () => {
    const key = Buffer.alloc(16, 1).toString('base64');
    const upgrade = `GET /websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`;
    const { received, closed } = await exchange(server, upgrade, { waitMs: greetingMs });
    assert.equal(statusOf(received), 101);
    assert.ok(closed, 'still open');
  });
});
