import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type Client, type DdpWorld, type Frame, kinds, within } from './ddp-world.suite.ts';
import { webSocketDoor } from './socket-door.ts';

interface Opened {
  readonly socket: WebSocket;
  readonly frames: Frame[];
  readonly closed: Promise<readonly unknown[]>;
  until(holds: () => boolean): Promise<void>;
  say(message: unknown): void;
}

/** A client over a real socket; the greeting has arrived. */
async function open(url: string): Promise<Opened> {
  const socket = new WebSocket(url);
  const frames: Frame[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data as Buffer)) as Frame));
  const closed = once(socket, 'close').then(([code, reason]: unknown[]) => [code, String(reason)]);
  const until = async (holds: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 500 && !holds(); tries += 1) await pause(4);
    assert.ok(holds(), JSON.stringify(frames));
  };
  await once(socket, 'open');
  await until(() => frames.length > 0);
  return {
    socket,
    frames,
    closed,
    until,
    say: (message) => {
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
  };
}

const connect = { msg: 'connect', version: '1', support: ['1'] };

/** Runs a test against the door on a real port. */
async function served(
  act: (url: string, world: DdpWorld, http: Server) => Promise<void>,
  options: { readonly prefix?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  await within(
    async (world) => {
      const door = webSocketDoor({
        server: world.server,
        prefix: options.prefix ?? '',
        originOf: ({ headers }: IncomingMessage) => ({
          address: String(headers['x-from'] ?? '203.0.113.9'),
          userAgent: String(headers['user-agent'] ?? ''),
        }),
      });
      const http = createServer((asked, answer) => {
        if (!door.handleRequest(asked, answer)) answer.writeHead(404).end();
      });
      http.on('upgrade', (asked, socket, head) => {
        if (!door.handleUpgrade(asked, socket, head)) socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
      });
      http.listen(0, '127.0.0.1');
      await once(http, 'listening');
      const { port } = http.address() as AddressInfo;
      try {
        await act(`ws://127.0.0.1:${port}`, world, http);
      } finally {
        http.close();
      }
    },
    options.env === undefined ? {} : { env: options.env },
  );
}

async function statusOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<readonly unknown[]> {
  const asked = request(url.replace('ws:', 'http:'), { headers });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const piece of answer) text += String(piece);
  return [answer.statusCode, text];
}

describe('the raw WebSocket door', () => {
  for (const path of ['/websocket', '/websocket/', '/websocket?x=1', '/sockjs/websocket']) {
    it(`takes sockets on ${path}`, async () => {
      await served(async (url) => {
        const one = await open(`${url}${path}`);
        assert.deepEqual(one.frames, [{ server_id: '0' }]);
        one.say(connect);
        one.say({ msg: 'ping', id: 'x' });
        await one.until(() => one.frames.length === 3);
        assert.deepEqual(kinds(one.frames.slice(1)), ['connected', 'pong']);
        one.socket.close();
        await one.closed;
      });
    });
  }

  it('lives below the prefix and nowhere else', async () => {
    await served(
      async (url) => {
        const one = await open(`${url}/chat/websocket`);
        one.socket.terminate();
        for (const path of ['/websocket', '/chat/websocket/x', '/chat/websockets']) {
          const [, response] = (await once(new WebSocket(`${url}${path}`), 'unexpected-response')) as unknown[];
          assert.equal((response as IncomingMessage).statusCode, 404, path);
        }
      },
      { prefix: '/chat' },
    );
  });

  it('answers 400 to what is no upgrade, and to another version of the protocol', async () => {
    await served(async (url) => {
      assert.deepEqual(await statusOf(`${url}/websocket`), [400, 'Can "Upgrade" only to "WebSocket".']);
      const upgrade = {
        'Connection': 'Upgrade',
        'Upgrade': 'websocket',
        'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      };
      assert.deepEqual(await statusOf(`${url}/websocket`, { ...upgrade, 'Sec-WebSocket-Version': '7' }), [
        400,
        'Only supported WebSocket protocol is RFC 6455.',
      ]);
      assert.equal((await statusOf(`${url}/websocket`, { ...upgrade, 'Upgrade': 'h2c' }))[0], 400);
    });
  });

  it('takes no more sockets of one address than the setting allows', async () => {
    await served(
      async (url, { server }) => {
        const one = await open(`${url}/websocket`);
        await open(`${url}/websocket`);
        const refused = new WebSocket(`${url}/websocket`);
        const [, response] = (await once(refused, 'unexpected-response')) as unknown[];
        assert.equal((response as IncomingMessage).statusCode, 429);
        const other = new WebSocket(`${url}/websocket`, { headers: { 'x-from': '198.51.100.1' } });
        await once(other, 'open');
        one.socket.terminate();
        await one.until(() => server.stats().sockets === 2);
        await open(`${url}/websocket`);
      },
      { env: { OVERWRITE_SETTING_Countersign_Sockets_Per_Address: '2' } },
    );
  });

  it('reads a binary frame as text, and negotiates neither compression nor a subprotocol', async () => {
    await served(async (url) => {
      const socket = new WebSocket(`${url}/websocket`, ['ddp'], { perMessageDeflate: true });
      socket.on('error', () => undefined);
      const [response] = (await once(socket, 'upgrade')) as [IncomingMessage];
      assert.equal(response.headers['sec-websocket-extensions'], undefined);
      socket.terminate();
      const one = await open(`${url}/websocket`);
      one.socket.send(Buffer.from(JSON.stringify(connect)));
      await one.until(() => one.frames.length === 2);
      assert.equal(one.frames[1]?.['msg'], 'connected');
      one.socket.terminate();
    });
  });

  it('closes with 1009 after a frame of more than 1 MiB, and takes one of 1 MiB', async () => {
    await served(async (url, world) => {
      await world.add('alice');
      const { text } = await world.signIn('alice');
      const one = await open(`${url}/websocket`);
      one.say(connect);
      one.say({ msg: 'method', id: '1', method: 'login', params: [{ resume: text }] });
      await one.until(() => one.frames.some(({ msg }) => msg === 'updated'));
      one.say(JSON.stringify({ msg: 'ping', id: 'large', more: 'x'.repeat(1024 * 1024 - 200) }));
      await one.until(() => one.frames.some(({ id }) => id === 'large'));
      one.say('x'.repeat(1024 * 1024 + 1));
      assert.equal((await one.closed)[0], 1009);
    });
  });

  it('closes when a frame comes in too many pieces, and when text is no text', async () => {
    await served(async (url, { server }) => {
      const one = await open(`${url}/websocket`);
      for (let n = 0; n < 300; n += 1) one.socket.send('x', { fin: false });
      assert.equal((await one.closed)[0], 1008);
      const two = await open(`${url}/websocket`);
      two.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
      assert.equal((await two.closed)[0], 1007);
      await two.until(() => server.stats().sockets === 0);
    });
  });

  it('sends what belongs together in its order, and closes with 1000 after it', async () => {
    await served(async (url) => {
      const one = await open(`${url}/websocket`);
      one.say({ msg: 'connect', version: '2', support: ['2'] });
      assert.deepEqual(await one.closed, [1000, 'Normal closure']);
      assert.deepEqual(one.frames.at(-1), { msg: 'failed', version: '1' });
    });
  });

  it('closes with 1012 when the server restarts, so that clients come back', async () => {
    await served(async (url, world) => {
      const one = await open(`${url}/websocket`);
      one.say(connect);
      await one.until(() => one.frames.length === 2);
      await world.server.drain();
      assert.deepEqual(await one.closed, [1012, 'Service restart']);
      assert.equal(world.server.hasRoom('203.0.113.9'), false);
    });
  });
});

describe('a client that nests without end', () => {
  it('is told that its frame is bad, and its next one is read', async () => {
    await within(async ({ add, signedIn }) => {
      await add('alice');
      const one = await signedIn('alice');
      for (const deep of [
        '['.repeat(500_000) + ']'.repeat(500_000),
        `{"msg":"x","y":${'['.repeat(9000)}${']'.repeat(9000)}}`,
      ]) {
        one.say(deep);
        one.say({ msg: 'ping' });
        const [error, pong] = one.take();
        assert.deepEqual([error?.['reason'], pong?.['msg']], ['Bad request', 'pong']);
      }
      await Promise.resolve();
    });
  });
});

describe('a client that takes nothing', () => {
  it('is closed with 1013 above 4 MiB, and dropped soon after', async () => {
    await within(async ({ add, signedIn, timers, server }) => {
      await add('alice');
      const one = await signedIn('alice');
      one.unsentBytes = 4 * 1024 * 1024;
      one.say({ msg: 'ping' });
      assert.equal(codeOf(one), undefined);
      one.unsentBytes = 4 * 1024 * 1024 + 1;
      one.say({ msg: 'ping' });
      assert.deepEqual([one.end?.code, one.terminated], [1013, false]);
      timers.pass(1000);
      assert.equal(one.terminated, true);
      assert.equal(server.stats().sockets, 0);
      await Promise.resolve();
    });
  });
});

/** How the server closed this client. */
function codeOf(client: Client): number | undefined {
  return client.end?.code;
}

describe('a client that is not signed in', () => {
  it('is closed with 1009 after a frame of more than 64 KiB', async () => {
    await within(async ({ client: connected, open: opened }) => {
      for (const one of [connected(), opened()]) {
        one.say('x'.repeat(64 * 1024));
        assert.equal(codeOf(one), undefined);
        one.say('x'.repeat(64 * 1024 + 1));
        assert.equal(codeOf(one), 1009);
      }
      await Promise.resolve();
    });
  });

  it('is closed with 1013 when more than 256 KiB are unsent', async () => {
    await within(async ({ client: connected }) => {
      const one = connected();
      one.unsentBytes = 256 * 1024;
      one.say({ msg: 'ping' });
      assert.equal(codeOf(one), undefined);
      one.unsentBytes += 1;
      one.say({ msg: 'ping' });
      assert.equal(codeOf(one), 1013);
      await Promise.resolve();
    });
  });

  it('is closed when more than 256 KiB wait behind a running method, which a client that is signed in may have', async () => {
    await within(async ({ add, client: connected, signedIn }) => {
      await add('alice');
      const flood = (one: Client): void => {
        const more = 'x'.repeat(60 * 1024);
        for (let n = 0; n < 6; n += 1) one.say({ msg: 'method', id: `f${n}`, method: 'login', params: [{}], more });
      };
      const [guest, alice] = [connected(), await signedIn('alice')];
      flood(guest);
      assert.equal(codeOf(guest), 1008);
      flood(alice);
      await alice.until(() => alice.frames.filter(({ msg }) => msg === 'result').length === 6);
      assert.equal(alice.end, undefined);
    });
  });

  it('is given back only a short message with its protocol error', async () => {
    await within(async ({ client: connected }) => {
      const one = connected();
      const [short, long] = [{ msg: 'nope' }, { msg: 'nope', more: 'x'.repeat(4096) }];
      one.say(short);
      one.say(long);
      assert.deepEqual(one.take(), [
        { msg: 'error', reason: 'Bad request', offendingMessage: short },
        { msg: 'error', reason: 'Bad request' },
      ]);
      await Promise.resolve();
    });
  });
});

describe('a client that sends without end', () => {
  it('is closed when too much waits behind a running method', async () => {
    await within(
      async ({ add, client: connected }) => {
        await add('alice');
        const one = connected();
        for (let n = 0; n < 4; n += 1) one.say({ msg: 'method', id: `${n}`, method: 'login', params: [{}] });
        assert.deepEqual(one.end, { code: 1008, reason: 'Too many messages waiting' });
        await Promise.resolve();
      },
      { ddp: { limits: { waitingFrames: 2 } } },
    );
  });

  it('gets every answer of a thousand log-ins sent at once, most of them refused', async () => {
    await within(async ({ add, client: connected }) => {
      await add('alice');
      const one = connected();
      for (let n = 0; n < 1000; n += 1) one.say({ msg: 'method', id: `${n}`, method: 'login', params: [{}] });
      await one.until(() => one.frames.length === 2000);
      const refused = one.take().filter((frame) => JSON.stringify(frame).includes('too-many-requests'));
      assert.equal(refused.length, 995);
      assert.equal(one.end, undefined);
    });
  });
});
