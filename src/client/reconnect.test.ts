import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type Client, type ClientOptions, createClient } from './client.ts';
import { ClientError } from './error.ts';
import type { Socket } from './link.ts';

type Frame = Readonly<Record<string, unknown>>;

/** A socket without a network, played by hand. */
class HandSocket implements Socket {
  static all: HandSocket[] = [];
  readonly url: string;
  readonly sent: Frame[] = [];
  isClosed = false;
  readonly #listeners = new Map<string, (event: { readonly data: unknown }) => void>();

  constructor(url: string) {
    this.url = url;
    HandSocket.all.push(this);
  }

  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    this.#listeners.set(type, listener);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Frame);
  }

  close(): void {
    this.isClosed = true;
  }

  happen(type: 'open' | 'close' | 'error'): void {
    this.#listeners.get(type)?.({ data: undefined });
  }

  hear(message: unknown): void {
    this.#listeners.get('message')?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  /** The last frame of a kind. */
  last(msg: string): Frame {
    return this.sent.findLast((frame) => frame['msg'] === msg) ?? assert.fail(`no ${msg}`);
  }

  count(msg: string): number {
    return this.sent.filter((frame) => frame['msg'] === msg).length;
  }

  /** Opens as a server that greets does. */
  accept(): void {
    this.happen('open');
    this.hear({ server_id: '0' });
    this.hear({ msg: 'connected', session: 'x' });
  }

  answer(given: { readonly result?: unknown; readonly error?: unknown }): void {
    this.hear({ msg: 'result', id: this.last('method')['id'], ...given });
  }
}

/** Timers that fire when time is moved. */
class HandTimers {
  #now = 0;
  #due: { readonly at: number; readonly act: () => void }[] = [];

  readonly after = (ms: number, act: () => void): (() => void) => {
    const timer = { at: this.#now + ms, act };
    this.#due.push(timer);
    return () => {
      this.#due = this.#due.filter((one) => one !== timer);
    };
  };

  get next(): number | undefined {
    return this.#due.map(({ at }) => at - this.#now).toSorted((a, b) => a - b)[0];
  }

  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#due = this.#due.filter((one) => one !== next);
      this.#now = next.at;
      next.act();
    }
    this.#now = until;
  }
}

/** Lets promises go on. */
async function settled(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

interface Played {
  readonly client: Client;
  readonly timers: HandTimers;
  readonly heard: string[];
  /** The newest socket. */
  readonly socket: () => HandSocket;
}

const loggedOut = { error: 403, reason: "You've been logged out by the server. Please log in again." };

function play(options: Partial<ClientOptions> = {}, token?: string): Played {
  HandSocket.all = [];
  const timers = new HandTimers();
  const text = token === undefined ? null : JSON.stringify({ userId: 'u1', token });
  const client = createClient({
    url: 'https://auth.example.com/prefix',
    WebSocket: HandSocket,
    fetch: async () => await Promise.reject(new Error('no network')),
    after: timers.after,
    random: () => 0.5,
    storage: { getItem: () => text, setItem: () => {}, removeItem: () => {} },
    ...options,
  });
  const heard: string[] = [];
  client.on('connected', ({ userId }) => heard.push(`connected ${userId ?? '-'}`));
  client.on('disconnected', ({ error }) => heard.push(`disconnected ${error?.code ?? '-'}`));
  client.on('signedOut', ({ error }) => heard.push(`signedOut ${error?.code ?? '-'}`));
  return { client, timers, heard, socket: () => HandSocket.all.at(-1) ?? assert.fail('no socket') };
}

/** A client that is connected, and signed in where it has a token. */
async function playConnected(options: Partial<ClientOptions> = {}, token?: string): Promise<Played> {
  const played = play(options, token);
  const connecting = played.client.connect();
  played.socket().accept();
  await settled();
  if (token !== undefined) {
    played.socket().answer({ result: { id: 'u1', token } });
    await settled();
  }
  await connecting;
  return played;
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const cause = await call.catch((given: unknown) => given);
  assert.ok(cause instanceof ClientError, String(cause));
  return cause.code;
}

describe('the connection of the client', () => {
  afterEach(() => {
    HandSocket.all = [];
  });

  it('speaks DDP 1 below the prefix of the server, and answers pings with their id', async () => {
    const { socket } = await playConnected();
    assert.equal(socket().url, 'wss://auth.example.com/prefix/websocket');
    assert.deepEqual(socket().sent, [{ msg: 'connect', version: '1', support: ['1', 'pre2', 'pre1'] }]);
    socket().hear({ msg: 'ping' });
    socket().hear({ msg: 'ping', id: '7' });
    assert.deepEqual(socket().sent.slice(1), [{ msg: 'pong' }, { msg: 'pong', id: '7' }]);
  });

  it('survives frames that are no messages', async () => {
    const { client, socket } = await playConnected();
    for (const frame of ['nonsense', 'null', '[]', '7', {}, { msg: 7 }, { msg: 'ready' }, { msg: 'changed' }]) {
      socket().hear(frame);
    }
    socket().hear({ msg: 'result', id: 'of nobody', result: 1 });
    assert.ok(client.isConnected);
  });

  it('gives up on a server that does not open, or speaks another version', async () => {
    const { client, timers, socket } = play();
    const late = codeOf(client.connect());
    timers.pass(10_000);
    assert.equal(await late, 'connection-lost');
    assert.ok(socket().isClosed);
    const other = codeOf(client.connect());
    socket().happen('open');
    socket().hear({ msg: 'failed', version: 'pre3' });
    assert.equal(await other, 'version');
    assert.equal(timers.next, undefined, 'nobody tries again');
  });

  it('pings after silence, and takes more silence for the end', async () => {
    const { client, timers, socket } = await playConnected();
    timers.pass(40_000);
    assert.equal(socket().count('ping'), 1);
    socket().hear({ msg: 'pong' });
    timers.pass(40_000);
    assert.equal(socket().count('ping'), 2);
    assert.ok(client.isConnected);
    timers.pass(20_000);
    assert.equal(client.isConnected, false);
    assert.ok(socket().isClosed);
  });

  it('comes back after a share, drawn by lot, of a time that doubles up to 30 s', async () => {
    const { client, timers, socket } = await playConnected();
    socket().happen('close');
    const waits: (number | undefined)[] = [];
    for (let n = 0; n < 8; n += 1) {
      waits.push(timers.next);
      timers.pass(timers.next ?? 0);
      socket().happen('error');
      await settled();
    }
    assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    timers.pass(15_000);
    socket().accept();
    await settled();
    assert.ok(client.isConnected);
    // A connection that breaks at once again has not proved anything.
    socket().happen('close');
    assert.equal(timers.next, 15_000);
    timers.pass(15_000);
    socket().accept();
    await settled();
    timers.pass(20_000);
    socket().happen('close');
    assert.equal(timers.next, 250);
  });

  it('draws the whole range', async () => {
    for (const [lot, wait] of [
      [0, 0],
      [0.999, 499.5],
    ] as const) {
      const { timers, socket } = await playConnected({ random: () => lot });
      socket().happen('close');
      assert.equal(timers.next, wait);
    }
  });

  it('fails calls in flight and repeats none of them', async () => {
    const { client, timers, socket, heard } = await playConnected({}, 't1');
    const call = codeOf(client.call('something'));
    const subscribing = codeOf(client.subscribe('something', [], () => {}));
    await settled();
    socket().happen('close');
    assert.equal(await call, 'connection-lost');
    assert.equal(await subscribing, 'connection-lost');
    assert.equal(await codeOf(client.call('something')), 'not-connected');
    timers.pass(250);
    socket().accept();
    await settled();
    assert.equal(await codeOf(client.call('something')), 'not-connected', 'not before the session is resumed');
    assert.deepEqual(socket().last('method')['params'], [{ resume: 't1' }]);
    socket().answer({ result: { id: 'u1', token: 't1' } });
    await settled();
    assert.ok(client.isConnected);
    assert.equal(socket().count('method'), 1);
    assert.deepEqual(
      socket()
        .sent.filter(({ msg }) => msg === 'sub')
        .map(({ name }) => name),
      ['stream-notify-user'],
    );
    assert.deepEqual(heard, ['connected u1', 'disconnected connection-lost', 'connected u1']);
  });

  it('opens subscriptions again, and tells of those that are refused then', async () => {
    const { client, timers, socket } = await playConnected();
    const events: unknown[] = [];
    const ends: (string | undefined)[] = [];
    const subscribing = client.subscribe(
      'meteor.loginServiceConfiguration',
      [],
      ({ type, id, fields }) => events.push([type, id, fields]),
      (error) => ends.push(error?.code),
    );
    await settled();
    socket().hear({ msg: 'ready', subs: [socket().last('sub')['id']] });
    await subscribing;
    const collection = 'meteor_accounts_loginServiceConfiguration';
    socket().happen('close');
    timers.pass(250);
    socket().accept();
    await settled();
    socket().hear({ msg: 'added', collection, id: 'a', fields: { at: { $date: 5 } } });
    socket().hear({ msg: 'added', collection: 'other', id: 'b' });
    await settled();
    assert.deepEqual(events, [['added', 'a', { at: new Date(5) }]]);
    socket().hear({ msg: 'nosub', id: socket().last('sub')['id'], error: { error: 'not-allowed' } });
    await settled();
    assert.deepEqual(ends, ['not-allowed']);
    socket().happen('close');
    timers.pass(500);
    socket().accept();
    await settled();
    assert.equal(socket().count('sub'), 0);
  });

  it('is signed out by a refused resume, and stops', async () => {
    const { client, timers, socket, heard } = await playConnected({}, 't1');
    socket().happen('close');
    timers.pass(250);
    socket().accept();
    await settled();
    socket().answer({ error: loggedOut });
    await settled();
    assert.equal(client.session, undefined);
    assert.ok(socket().isClosed);
    assert.equal(timers.next, undefined);
    assert.deepEqual(heard, ['connected u1', 'disconnected connection-lost', 'signedOut 403']);
  });

  it('keeps the session where the server only asks for patience, and waits as long', async () => {
    for (const [error, wait] of [
      [{ error: 'too-many-requests', details: { timeToReset: 7421 } }, 8500],
      [{ error: 500, reason: 'Internal server error' }, 500],
      [{ error: 'error-login-blocked-for-ip' }, 500],
    ] as const) {
      const { client, timers, socket } = await playConnected({}, 't1');
      socket().happen('close');
      timers.pass(250);
      socket().accept();
      await settled();
      socket().answer({ error });
      await settled();
      assert.equal(client.session?.token, 't1');
      assert.ok(socket().isClosed);
      assert.equal(timers.next, wait);
      timers.pass(wait);
      socket().accept();
      await settled();
      socket().answer({ result: { id: 'u1', token: 't1' } });
      await settled();
      assert.ok(client.isConnected);
    }
  });

  it('does not come back once it was disconnected, not even from half way', async () => {
    const { client, timers, socket, heard } = await playConnected();
    client.disconnect();
    assert.ok(socket().isClosed);
    await settled();
    assert.deepEqual(heard, ['connected -', 'disconnected -']);
    assert.equal(timers.next, undefined);
    const half = codeOf(client.connect());
    client.disconnect();
    socket().accept();
    assert.equal(await half, 'closed');
    assert.ok(socket().isClosed);
    assert.equal(client.isConnected, false);
  });

  it('is signed in although it came up while a log-in went over REST', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { client, socket } = play({
      fetch: async () => {
        await promise;
        const text = '{"status":"success","data":{"userId":"u1","authToken":"t1"}}';
        return { status: 200, headers: new Headers(), text: async () => await Promise.resolve(text) };
      },
    });
    const signingIn = client.login({ user: 'ada', password: 'secret' });
    const connecting = client.connect();
    socket().accept();
    await connecting;
    assert.equal(socket().count('method'), 0);
    resolve();
    await settled();
    assert.deepEqual(socket().last('method')['params'], [{ resume: 't1' }]);
    socket().answer({ result: { id: 'u1', token: 't1' } });
    assert.deepEqual(await signingIn, { userId: 'u1', token: 't1' });
  });

  it('hears force_logout again for who signed out and in', async () => {
    const { client, socket } = await playConnected();
    for (const n of [1, 2]) {
      const signingIn = client.login({ token: 't1' });
      await settled();
      socket().answer({ result: { id: 'u1', token: 't1' } });
      await signingIn;
      assert.deepEqual(socket().last('sub')['params'], ['u1/force_logout', false]);
      assert.equal(socket().count('sub'), n);
      const signingOut = client.logout();
      await settled();
      socket().answer({});
      await signingOut;
    }
  });

  it('says so where there is no WebSocket', async () => {
    const { WebSocket: own } = globalThis;
    Reflect.deleteProperty(globalThis, 'WebSocket');
    try {
      assert.equal(await codeOf(createClient({ url: 'http://localhost' }).connect()), 'no-websocket');
    } finally {
      globalThis.WebSocket = own;
    }
  });

  it('opens one connection for those who ask at the same time', async () => {
    const { client, socket } = play();
    const both = Promise.all([client.connect(), client.connect()]);
    socket().accept();
    await both;
    await client.connect();
    assert.equal(HandSocket.all.length, 1);
  });

  it('does not stay signed in for who signed out while it opened', async () => {
    const { client, socket } = play({}, 't1');
    const connecting = client.connect();
    socket().accept();
    await settled();
    const loggingOut = codeOf(client.logout());
    socket().answer({ result: { id: 'u1', token: 't1' } });
    await settled();
    assert.equal(socket().last('method')['method'], 'logout');
    socket().answer({});
    await connecting;
    assert.equal(client.session, undefined);
    assert.equal(await loggingOut, 'network');
  });

  it('goes on when a listener throws', async ({ mock }) => {
    const { client, timers, socket } = await playConnected();
    const thrown: unknown[] = [];
    const later = queueMicrotask;
    mock.method(globalThis, 'queueMicrotask', (act: () => void) => {
      later(() => {
        try {
          act();
        } catch (cause) {
          thrown.push(cause);
        }
      });
    });
    client.on('disconnected', () => {
      throw new Error('of the listener');
    });
    socket().happen('close');
    await settled();
    timers.pass(250);
    socket().accept();
    await settled();
    assert.ok(client.isConnected);
    assert.equal(thrown.length, 1);
  });
});
