import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { boundConnections, dropUnread } from './connections.ts';

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

describe('connections of one address', () => {
  interface Ground {
    readonly open: (from?: string) => Promise<Socket>;
    readonly refused: readonly string[];
    limit: number;
  }

  async function within(act: (ground: Ground) => Promise<void>, exempt = ''): Promise<void> {
    const refused: string[] = [];
    const server = createServer((_request, response) => {
      response.end('answered');
    });
    const clients: Socket[] = [];
    const ground: Ground & { limit: number } = {
      limit: 3,
      refused,
      async open(from = '127.0.0.1') {
        const { port } = server.address() as AddressInfo;
        const client = connect({ port, host: '127.0.0.1', localAddress: from });
        clients.push(client);
        client.on('error', () => undefined);
        await once(client, 'connect');
        return client;
      },
    };
    boundConnections(server, {
      most: () => ground.limit,
      isExempt: (address) => address === exempt,
      onRefused: (address) => refused.push(address),
    });
    server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      await act(ground);
    } finally {
      for (const client of clients) client.destroy();
      server.close();
    }
  }

  /** What comes back for a request; `''` where the connection was closed unheard. */
  async function asked(client: Socket, headers = ''): Promise<string> {
    client.write(`GET / HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
    return await new Promise((resolve) => {
      client.once('data', (bytes: Buffer) => {
        resolve(bytes.toString());
      });
      client.once('close', () => {
        resolve('');
      });
    });
  }

  it('are so many and no more, until one ends', async () => {
    await within(async ({ open, refused }) => {
      const three = [await open(), await open(), await open()];
      for (const client of three) assert.match(await asked(client), /answered/u);
      assert.equal(await asked(await open()), '');
      assert.deepEqual(refused, ['127.0.0.1']);
      assert.match(await asked(await open('127.0.0.2')), /answered/u, 'others are not touched');
      for (const client of three) assert.match(await asked(client), /answered/u, 'open ones go on');
      three[0]?.end();
      await once(three[0] as Socket, 'close');
      for (let tries = 0; ; tries += 1) {
        if ((await asked(await open())) !== '') break;
        assert.ok(tries < 100, 'a place becomes free');
      }
    });
  });

  it('do not count once they are sockets, nor while there is no limit, nor from a trusted proxy', async () => {
    await within(async (ground) => {
      for (let n = 0; n < 6; n += 1) {
        assert.match(await asked(await ground.open(), 'Connection: Upgrade\r\nUpgrade: x\r\n'), /101/u);
      }
      assert.deepEqual(ground.refused, []);
      ground.limit = 0;
      for (let n = 0; n < 6; n += 1) assert.match(await asked(await ground.open()), /answered/u);
    });
    await within(async ({ open }) => {
      for (let n = 0; n < 6; n += 1) assert.match(await asked(await open()), /answered/u);
    }, '127.0.0.1');
  });
});
