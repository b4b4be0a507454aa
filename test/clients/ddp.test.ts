import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { loggedOut, refused, within, wrongPassword } from './patience.ts';
import { openPlace, type Place } from './place.ts';
import { openRoad, type Road } from './road.ts';

interface LoggedIn {
  readonly id: string;
  readonly token: string;
  readonly tokenExpires: Date;
  readonly type: string;
}

type Callback = (error: unknown, result?: unknown) => void;

interface Client {
  readonly session: string;
  readonly ddpVersion: string;
  readonly collections: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  connect(connected: (error: unknown, wasReconnect: boolean) => void): void;
  close(): void;
  call(method: string, params: readonly unknown[], onResult: Callback, onUpdated?: () => void): void;
  subscribe(name: string, params: readonly unknown[], onReady: Callback): string;
  unsubscribe(id: string): void;
  on(event: string, act: (...facts: readonly unknown[]) => void): void;
}

const require = createRequire(import.meta.url);
const DdpClient = require('ddp') as new (options: object) => Client;

/** A call as its two halves. */
function call(
  client: Client,
  method: string,
  ...params: readonly unknown[]
): {
  readonly result: Promise<unknown>;
  readonly updated: Promise<void>;
} {
  const { promise: updated, resolve: update } = Promise.withResolvers<void>();
  const result = new Promise<unknown>((resolve, reject) => {
    const onResult: Callback = (error, value) => {
      if (error === undefined || error === null) resolve(value);
      else reject(error as Error);
    };
    client.call(method, params, onResult, update);
  });
  return { result, updated };
}

describe('ddp (npm)', () => {
  let place: Place;
  let road: Road;
  const opened: Client[] = [];

  const open = async (options: object = {}): Promise<Client> => {
    const client = new DdpClient({ host: '127.0.0.1', port: road.port, autoReconnectTimer: 100, ...options });
    opened.push(client);
    const connected = new Promise<void>((resolve, reject) => {
      client.connect((error) => {
        if (error === undefined) resolve();
        else reject(new Error('it could not connect', { cause: error }));
      });
    });
    await within(5000, 'the connection', connected);
    return client;
  };

  before(async () => {
    place = await openPlace();
    road = await openRoad(place.server.port);
  });

  after(async () => {
    for (const client of opened) client.close();
    await road.close();
    await place.close();
  });

  it('gets both halves of every answer', async () => {
    const { id, username, password } = await place.makePerson();
    const client = await open();
    const login = call(client, 'login', { user: { username }, password });
    const { id: whose, type } = (await within(2000, 'the result', login.result)) as LoggedIn;
    await within(2000, 'updated', login.updated);
    assert.equal(whose, id);
    assert.equal(type, 'password');
    assert.equal(client.collections['users']?.[id]?.['username'], username);
    for (const method of ['no.such.method', 'logout', 'getNewToken']) {
      const { result, updated } = call(client, method);
      await within(2000, `updated of ${method}`, updated);
      const answer = await result.then(
        () => 'done',
        (error: unknown) => (error as LoggedIn & { readonly error: unknown }).error,
      );
      assert.equal(answer, { 'no.such.method': 404, logout: 'done', getNewToken: 'You are not logged in.' }[method]);
    }
    assert.deepEqual(client.collections['users'], {});
  });

  it('asks for SockJS and goes on over the raw socket', async () => {
    const { id, username, password } = await place.makePerson();
    const client = await open({ useSockJs: true });
    const { id: whose } = (await call(client, 'login', { user: { username }, password }).result) as LoggedIn;
    assert.equal(whose, id);
  });

  it('proposes a version that is not the first of its own, and comes back with that', async () => {
    const { username, password } = await place.makePerson();
    const client = await open({ ddpVersion: 'pre2' });
    assert.equal(client.ddpVersion, '1');
    assert.ok(await call(client, 'login', { user: { username }, password }).result);
  });

  it('subscribes, takes leave and is told of a name that nobody publishes', async () => {
    const client = await open();
    const ready = async (name: string, ...params: readonly unknown[]): Promise<string> =>
      await new Promise((resolve, reject) => {
        const id = client.subscribe(name, params, (error) => {
          if (error === undefined) setImmediate(() => resolve(id));
          else reject(error as Error);
        });
      });
    for (const name of ['meteor.loginServiceConfiguration', 'meteor_autoupdate_clientVersions', 'userData']) {
      client.unsubscribe(await within(2000, name, ready(name)));
    }
    await within(2000, 'a stream', ready('stream-notify-all', 'public-settings-changed', false));
    assert.equal((await refused(ready('no.such.publication')))['error'], 404);
  });

  it('comes back after a dropped socket, and resumes when its caller says so', async () => {
    const { id, username, password } = await place.makePerson();
    const client = await open();
    const { token } = (await call(client, 'login', { user: { username }, password }).result) as LoggedIn;
    const { session } = client;
    const back = new Promise<void>((resolve) => {
      client.on('connected', () => resolve());
    });
    road.cut();
    await within(5000, 'the new connection', back);
    assert.notEqual(client.session, session);
    const resumed = (await call(client, 'login', { resume: token }).result) as LoggedIn;
    assert.equal(resumed.id, id);
    assert.equal(resumed.token, token);
    assert.equal(resumed.type, 'resume');
  });

  it('is told of a wrong password, and of a dead token', async () => {
    const { username, password } = await place.makePerson();
    const client = await open();
    assert.deepEqual(
      await refused(call(client, 'login', { user: { username }, password: 'wrong' }).result),
      wrongPassword,
    );
    const { token } = (await call(client, 'login', { user: { username }, password }).result) as LoggedIn;
    await call(client, 'logout').result;
    assert.deepEqual(await refused(call(client, 'login', { resume: token }).result), loggedOut);
  });

  it('is closed within a second when it is logged out by force', async () => {
    const person = await place.makePerson();
    const [client, bystander] = [await open({ autoReconnect: false }), await open()];
    await call(client, 'login', { user: { username: person.username }, password: person.password }).result;
    const closed = new Promise<readonly unknown[]>((resolve) => {
      client.on('socket-close', (...facts) => resolve(facts));
    });
    await place.logOut(person);
    assert.deepEqual(await within(1000, 'the end of the socket', closed), [1000, 'Normal closure']);
    assert.equal(await call(bystander, 'logout').result, undefined);
  });
});
