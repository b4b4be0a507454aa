import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Receiver, SocketServer, Transport } from '../shapes/transport.ts';
import { decodeMessages, messageFrame } from './frames.ts';
import { type SockJsDoor, sockJsDoor } from './server.ts';

/** A server that greets, answers each message with itself in brackets, and ends on `bye`. */
class Echo implements SocketServer {
  room = true;
  readonly open: Transport[] = [];
  closed = 0;
  hasRoom(): boolean {
    return this.room;
  }
  accept(transport: Transport): Receiver {
    this.open.push(transport);
    transport.send('hello');
    return {
      message: (text) => {
        if (text === 'bye') transport.close(1000, 'Normal closure');
        else transport.send(`<${text}>`);
      },
      closed: () => {
        this.closed += 1;
      },
    };
  }
}

interface Served {
  readonly url: string;
  readonly echo: Echo;
  readonly door: SockJsDoor;
  /** Lets so many ms pass for the door. */
  pass(ms: number): void;
  ask(verb: string, path: string, more?: Asking): Promise<Answer>;
  /** An answer that stays open. */
  poll(
    path: string,
    from?: string,
  ): Promise<{ readonly text: () => string; readonly ended: () => boolean; drop(): void }>;
}

interface Asking {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

async function served(act: (served: Served) => Promise<void>): Promise<void> {
  const echo = new Echo();
  let now = 1_000_000;
  let tick = (): void => undefined;
  const door = sockJsDoor({
    server: echo,
    prefix: '',
    originOf: ({ headers }) => ({ address: String(headers['x-from'] ?? '203.0.113.9'), userAgent: '' }),
    now: () => now,
    every: (_ms, step) => {
      tick = step;
      return () => undefined;
    },
  });
  const http = createServer((asked: IncomingMessage, answer: ServerResponse) => {
    if (!door.handleRequest(asked, answer)) answer.writeHead(418).end();
  });
  http.on('upgrade', (asked, socket, head) => {
    if (!door.handleUpgrade(asked, socket, head)) socket.destroy();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const start = async (verb: string, path: string, { body, headers }: Asking): Promise<IncomingMessage> => {
    const asked = request(`${url}${path}`, { method: verb, headers: { ...headers }, agent: false });
    asked.on('error', () => undefined);
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.on('error', () => undefined);
    return answer;
  };
  try {
    await act({
      url,
      echo,
      door,
      pass: (ms) => {
        now += ms;
        tick();
      },
      ask: async (verb, path, more = {}) => {
        const answer = await start(verb, path, more);
        let text = '';
        for await (const piece of answer) text += String(piece);
        return { status: answer.statusCode ?? 0, headers: answer.headers, text };
      },
      poll: async (path, from) => {
        let text = '';
        let complete = false;
        const headers = from === undefined ? {} : { 'x-from': from };
        const asked = request(`${url}${path}`, { method: 'POST', headers, agent: false }, (answer) => {
          answer.on('error', () => undefined);
          answer.on('data', (piece) => {
            text += String(piece);
          });
          answer.on('end', () => {
            complete = true;
          });
        });
        asked.on('error', () => undefined);
        asked.end();
        await once(asked, 'finish');
        // An answer that waits shows nothing yet.
        await pause(30);
        return { text: () => text, ended: () => complete, drop: () => asked.destroy() };
      },
    });
  } finally {
    await door.close();
    http.closeAllConnections();
    http.close();
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !holds(); tries += 1) await pause(4);
  assert.ok(holds());
}

const session = '/sockjs/123/abcdefgh';

describe('frames of SockJS', () => {
  it('hold messages as text within text', () => {
    assert.equal(messageFrame(['{"msg":"x"}', 'y']), String.raw`a["{\"msg\":\"x\"}","y"]`);
    assert.deepEqual(decodeMessages('["a","b"]'), ['a', 'b']);
    assert.deepEqual(decodeMessages('"a"'), ['a']);
    for (const text of ['', 'x', '5', 'null', '{}', '[5]', '["a",{}]']) assert.equal(decodeMessages(text), undefined);
  });
});

describe('the pages of the SockJS door', () => {
  it('are a greeting, the info, and nothing else', async () => {
    await served(async ({ ask }) => {
      for (const path of ['/sockjs', '/sockjs/']) {
        const { status, text, headers } = await ask('GET', path);
        assert.deepEqual([status, text], [200, 'Welcome to SockJS!\n']);
        assert.equal(headers['content-type'], 'text/plain; charset=UTF-8');
      }
      const info = await ask('GET', '/sockjs/info?t=1');
      const told = JSON.parse(info.text) as Record<string, unknown>;
      assert.deepEqual(Object.keys(told), ['websocket', 'origins', 'cookie_needed', 'entropy']);
      assert.deepEqual([told['websocket'], told['origins'], told['cookie_needed']], [true, ['*:*'], false]);
      assert.equal(info.headers['content-type'], 'application/json; charset=UTF-8');
      assert.equal(info.headers['cache-control'], 'no-store, no-cache, no-transform, must-revalidate, max-age=0');
      for (const path of [
        '/sockjs/iframe.html',
        '/sockjs/a',
        '/sockjs/a.b/c/xhr',
        '/sockjs/a/b.c/xhr',
        '/sockjs/a/b/x',
      ]) {
        assert.deepEqual(
          [(await ask('POST', path)).status, (await ask('GET', path)).text],
          [404, '404 Error: Page not found\n'],
        );
      }
      assert.equal((await ask('GET', '/sockjsx')).status, 418);
    });
  });

  it('let any page in, and answer what browsers ask first', async () => {
    await served(async ({ ask }) => {
      const plain = (await ask('GET', '/sockjs/info')).headers;
      assert.deepEqual(
        [plain['access-control-allow-origin'], plain['access-control-allow-credentials']],
        ['*', undefined],
      );
      const origin = 'https://chat.example.org';
      const headers = (await ask('GET', '/sockjs/info', { headers: { origin } })).headers;
      assert.deepEqual(
        [headers['access-control-allow-origin'], headers['access-control-allow-credentials'], headers['vary']],
        [origin, 'true', 'Origin'],
      );
      const first = await ask('OPTIONS', '/sockjs/info', { headers: { origin } });
      assert.deepEqual([first.status, first.headers['access-control-allow-methods']], [204, 'OPTIONS, GET']);
      assert.equal(first.headers['access-control-max-age'], '31536000');
      const second = await ask('OPTIONS', `${session}/xhr`, { headers: { origin } });
      assert.deepEqual([second.status, second.headers['access-control-allow-methods']], [204, 'OPTIONS, POST']);
      assert.equal((await ask('GET', `${session}/xhr`)).status, 405);
    });
  });
});

describe('long polling', () => {
  it('opens, gives what waits, takes what is sent, and beats', async () => {
    await served(async ({ ask, poll, pass }) => {
      const opened = await ask('POST', `${session}/xhr/`);
      assert.deepEqual([opened.status, opened.text], [200, 'o\n']);
      assert.equal(opened.headers['content-type'], 'application/javascript; charset=UTF-8');
      assert.equal((await ask('POST', `${session}/xhr`)).text, 'a["hello"]\n');
      const waiting = await poll(`${session}/xhr`);
      const sent = await ask('POST', `${session}/xhr_send`, { body: '["x","y"]' });
      assert.deepEqual([sent.status, sent.text], [204, '']);
      await until(() => waiting.ended());
      assert.equal(waiting.text(), 'a["<x>","<y>"]\n');
      const idle = await poll(`${session}/xhr`);
      pass(44_000);
      assert.equal(idle.text(), '');
      pass(1000);
      await until(() => idle.ended());
      assert.equal(idle.text(), 'h\n');
    });
  });

  it('has one receiver at a time', async () => {
    await served(async ({ ask, poll }) => {
      await ask('POST', `${session}/xhr`);
      await ask('POST', `${session}/xhr`);
      const first = await poll(`${session}/xhr`);
      assert.equal((await ask('POST', `${session}/xhr`)).text, 'c[2010,"Another connection still open"]\n');
      await ask('POST', `${session}/xhr_send`, { body: '["x"]' });
      await until(() => first.ended());
      assert.equal(first.text(), 'a["<x>"]\n');
    });
  });

  it('belongs to the address that opened it', async () => {
    await served(async ({ ask, poll, echo }) => {
      await ask('POST', `${session}/xhr`);
      const elsewhere = { headers: { 'x-from': '198.51.100.1' } };
      assert.equal((await ask('POST', `${session}/xhr`, elsewhere)).status, 404);
      assert.equal((await ask('POST', `${session}/xhr_send`, { ...elsewhere, body: '["x"]' })).status, 404);
      assert.equal((await ask('POST', `${session}/xhr`)).text, 'a["hello"]\n');
      assert.equal(echo.open.length, 1);
      void poll;
    });
  });

  it('ends when the server says so, tells whoever asks again, and is then forgotten', async () => {
    await served(async ({ ask, poll, pass, echo }) => {
      await ask('POST', `${session}/xhr`);
      await ask('POST', `${session}/xhr`);
      const waiting = await poll(`${session}/xhr`);
      await ask('POST', `${session}/xhr_send`, { body: '["bye"]' });
      await until(() => waiting.ended());
      assert.equal(waiting.text(), 'c[1000,"Normal closure"]\n');
      assert.equal((await ask('POST', `${session}/xhr`)).text, 'c[1000,"Normal closure"]\n');
      pass(6000);
      assert.equal((await ask('POST', `${session}/xhr_send`, { body: '["x"]' })).status, 404);
      assert.equal((await ask('POST', `${session}/xhr`)).text, 'o\n');
      assert.equal(echo.open.length, 2);
    });
  });

  it('ends after 60 s without a receiver, also when the client just went away', async () => {
    await served(async ({ ask, poll, pass, echo }) => {
      await ask('POST', `${session}/xhr`);
      await ask('POST', `${session}/xhr`);
      pass(59_000);
      const waiting = await poll(`${session}/xhr`);
      waiting.drop();
      await pause(30);
      pass(59_000);
      assert.equal(echo.closed, 0);
      pass(1000);
      assert.equal(echo.closed, 1);
      assert.equal((await ask('POST', `${session}/xhr_send`, { body: '["x"]' })).status, 404);
    });
  });

  it('takes no body that is none', async () => {
    await served(async ({ ask, echo }) => {
      await ask('POST', `${session}/xhr`);
      const send = async (body: string, type?: string): Promise<readonly unknown[]> => {
        const headers = type === undefined ? {} : { 'content-type': type };
        const { status, text } = await ask('POST', `${session}/xhr_send`, { body, headers });
        return [status, text];
      };
      assert.deepEqual(await send(''), [500, 'Payload expected.']);
      assert.deepEqual(await send('["x"]', 'image/png'), [500, 'Payload expected.']);
      assert.deepEqual(await send('["x'), [500, 'Broken JSON encoding.']);
      assert.deepEqual(await send('[5]'), [500, 'Broken JSON encoding.']);
      assert.deepEqual(await send(`["${'x'.repeat(1024 * 1024)}"]`), [413, 'Payload too large.']);
      for (const type of ['text/plain; charset=utf-8', 'T', 'application/json', 'application/xml', 'text/xml']) {
        assert.equal((await send('["x"]', type))[0], 204, type);
      }
      assert.equal((await ask('POST', `${session}/xhr`)).text, `a["hello",${Array(5).fill('"<x>"').join(',')}]\n`);
      assert.equal(echo.closed, 0);
    });
  });

  it('opens nothing when the address has no room left', async () => {
    await served(async ({ ask, echo }) => {
      echo.room = false;
      assert.equal((await ask('POST', `${session}/xhr`)).status, 429);
      echo.room = true;
      assert.equal((await ask('POST', `/sockjs/1/${'x'.repeat(129)}/xhr`)).status, 429);
      assert.equal(echo.open.length, 0);
    });
  });
});

describe('streaming', () => {
  it('sends a prelude and then frame after frame, and ends after 128 KiB', async () => {
    await served(async ({ ask, poll, echo, pass }) => {
      const stream = await poll(`${session}/xhr_streaming`);
      await until(() => stream.text().endsWith('a["hello"]\n'));
      assert.equal(stream.text(), `${'h'.repeat(2048)}\no\na["hello"]\n`);
      await ask('POST', `${session}/xhr_send`, { body: '["x"]' });
      await until(() => stream.text().endsWith('a["<x>"]\n'));
      pass(45_000);
      await until(() => stream.text().endsWith('h\n'));
      assert.equal(stream.ended(), false);
      echo.open[0]?.send('y'.repeat(128 * 1024));
      await until(() => stream.ended());
      const again = await poll(`${session}/xhr_streaming`);
      echo.open[0]?.send('z');
      await until(() => again.text().endsWith('a["z"]\n'));
    });
  });

  it('counts what waits as unsent', async () => {
    await served(async ({ ask, echo }) => {
      await ask('POST', `${session}/xhr`);
      echo.open[0]?.send('y'.repeat(1000));
      assert.ok((echo.open[0]?.unsentBytes ?? 0) >= 1000);
    });
  });
});

describe('a WebSocket with SockJS frames', () => {
  async function opened(url: string): Promise<{ socket: WebSocket; frames: string[]; closed: Promise<unknown[]> }> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${session}/websocket`);
    const frames: string[] = [];
    socket.on('message', (data) => frames.push(String(data as Buffer)));
    const closed = once(socket, 'close').then(([code, reason]: unknown[]) => [code, String(reason)]);
    await until(() => frames.length === 2);
    return { socket, frames, closed };
  }

  it('opens, takes arrays and single messages, and puts answers together', async () => {
    await served(async ({ url }) => {
      const { socket, frames } = await opened(url);
      assert.deepEqual(frames, ['o', 'a["hello"]']);
      socket.send('["x","y"]');
      socket.send('"z"');
      socket.send('');
      await until(() => frames.join('').includes('<z>'));
      assert.equal(frames[2]?.startsWith('a["<x>","<y>"'), true);
      socket.terminate();
    });
  });

  it('is told of the end in a frame and in the close', async () => {
    await served(async ({ url, echo }) => {
      const { socket, frames, closed } = await opened(url);
      socket.send('["bye"]');
      assert.deepEqual(await closed, [1000, 'Normal closure']);
      assert.equal(frames.at(-1), 'c[1000,"Normal closure"]');
      await until(() => echo.closed === 1);
    });
  });

  it('is closed for broken framing', async () => {
    await served(async ({ url, echo }) => {
      for (const text of ['x', '{}', '[5]']) {
        const { socket, closed } = await opened(url);
        socket.send(text);
        assert.deepEqual(await closed, [3000, 'Broken framing.']);
      }
      assert.equal(echo.closed, 3);
    });
  });

  it('is pinged every 45 s, and closed when it does not answer', async () => {
    await served(async ({ url, pass, echo }) => {
      const { socket, closed } = await opened(url);
      pass(45_000);
      await once(socket, 'ping');
      await pause(30);
      pass(20_000);
      assert.equal(echo.closed, 0);
      socket.pong = () => undefined;
      Reflect.set(socket, '_autoPong', false);
      pass(25_000);
      await pause(30);
      pass(10_000);
      assert.deepEqual(await closed, [3000, 'No response from heartbeat']);
      assert.equal(echo.closed, 1);
    });
  });

  it('is closed by the client without a frame in return, and after 1 MiB', async () => {
    await served(async ({ url, echo }) => {
      const one = await opened(url);
      one.socket.close();
      await one.closed;
      assert.equal(one.frames.length, 2);
      const two = await opened(url);
      two.socket.send('x'.repeat(1024 * 1024 + 1));
      assert.equal((await two.closed)[0], 1009);
      await until(() => echo.closed === 2);
    });
  });

  it('is not opened elsewhere, nor without room', async () => {
    await served(async ({ url, echo, ask }) => {
      const refused = async (path: string): Promise<unknown> => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`);
        const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
        return answer.statusCode;
      };
      assert.equal(await refused('/sockjs/a/b/xhr'), 404);
      echo.room = false;
      assert.equal(await refused(`${session}/websocket`), 429);
      assert.equal((await ask('GET', `${session}/websocket`)).status, 400);
    });
  });
});
