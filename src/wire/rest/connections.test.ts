import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { dropUnread } from './connections.ts';

describe('a client that does not take its answer', () => {
  it('is dropped', { timeout: 10_000 }, async () => {
    const server = createServer((_request, response) => {
      response.end(Buffer.alloc(64 * 1024 * 1024));
    });
    dropUnread(server, 100);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    client.pause();
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const [socket] = await accepted;
    await once(socket, 'close');
    assert.ok(socket.bytesWritten > 0);
    client.destroy();
    server.close();
  });
});
