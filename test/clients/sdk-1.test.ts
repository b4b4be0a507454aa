import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { loggedOut, refused, until, within } from './patience.ts';
import { openPlace, type Place, sha256 } from './place.ts';
import { openRoad, type Road } from './road.ts';

interface Subscription {
  readonly id: string;
  readonly name: string;
}

interface Socket {
  readonly connected: boolean;
  readonly session: string;
  readonly subscriptions: Readonly<Record<string, Subscription>>;
  call(method: string, ...params: readonly unknown[]): Promise<Readonly<Record<string, unknown>>>;
  on(event: string, act: (value: unknown) => void): void;
}

interface Client {
  readonly currentLogin: { readonly userId: string; readonly authToken: string; readonly username: string } | null;
  readonly socket: Promise<{ readonly ddp: Socket; userId: string }>;
  connect(options: object): Promise<unknown>;
  disconnect(): Promise<unknown>;
  login(credentials: { username: string; password: string }): Promise<Readonly<Record<string, unknown>>>;
  resume(credentials: { token: string }): Promise<Readonly<Record<string, unknown>>>;
  logout(): Promise<Readonly<Record<string, unknown>> | null>;
  get(path: string, params?: object): Promise<Readonly<Record<string, unknown>>>;
  subscribeNotifyUser(): Promise<readonly Subscription[]>;
  subscribeLoggedNotify(): Promise<readonly Subscription[]>;
  subscribeNotifyAll(): Promise<readonly Subscription[]>;
  onStreamData(stream: string, act: (message: unknown) => void): Promise<unknown>;
}

interface Package {
  readonly Rocketchat: new (options: object) => Client;
}

const require = createRequire(import.meta.url);
const { Rocketchat } = require('rc-sdk-1') as Package;
const quiet = (): void => {};
const logger = { debug: quiet, info: quiet, warn: quiet, warning: quiet, error: quiet };

describe('@rocket.chat/sdk 1.0.0-alpha.42', () => {
  let place: Place;
  let road: Road;
  const opened: Client[] = [];

  const open = async (): Promise<Client> => {
    const client = new Rocketchat({ logger, protocol: 'ddp', host: road.url, useSsl: false, reopen: 200 });
    opened.push(client);
    await within(5000, 'the connection', client.connect({}));
    return client;
  };

  const subscribeAll = async (client: Client): Promise<readonly Subscription[]> => {
    // Without a `ready` for each this never ends.
    const all = [client.subscribeNotifyUser(), client.subscribeLoggedNotify(), client.subscribeNotifyAll()];
    return (await within(5000, 'ready for every stream', Promise.all(all))).flat();
  };

  before(async () => {
    place = await openPlace();
    road = await openRoad(place.server.port);
  });

  after(async () => {
    await Promise.all(opened.map(async (client) => await client.disconnect()));
    await road.close();
    await place.close();
  });

  it('signs in over REST and resumes on its socket', async () => {
    const { id, username, password } = await place.makePerson();
    const client = await open();
    const result = await client.login({ username, password });
    assert.equal(result['id'], id);
    assert.equal(result['type'], 'resume');
    assert.equal(result['token'], client.currentLogin?.authToken);
    assert.equal(client.currentLogin?.username, username);
    assert.equal((await client.get('me'))['_id'], id);
  });

  it('gets ready for all 19 streams, and events through them', async () => {
    const { username, password } = await place.makePerson();
    const client = await open();
    await client.login({ username, password });
    const subscriptions = await subscribeAll(client);
    assert.equal(subscriptions.length, 19);
    assert.equal(new Set(subscriptions.map(({ id }) => id)).size, 19);
    const heard: unknown[] = [];
    await client.onStreamData('stream-notify-all', (message) => heard.push(message));
    const { password: administrators } = place.server.administrator;
    const changed = await place.post('settings/Site_Name', { value: 'A changed name' }, place.administrator, {
      'x-2fa-code': sha256(administrators),
      'x-2fa-method': 'password',
    });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    await until('the event', () => JSON.stringify(heard).includes('Site_Name'));
    assert.match(JSON.stringify(heard), /"eventName":"public-settings-changed","args":\["updated",\{/);
  });

  it('comes back after a dropped socket, signed in and subscribed anew', async () => {
    const { id, username, password } = await place.makePerson();
    const client = await open();
    await client.login({ username, password });
    await subscribeAll(client);
    const { ddp } = await client.socket;
    const { session } = ddp;
    const had = Object.keys(ddp.subscriptions).length;
    const back = new Promise<unknown>((resolve) => {
      ddp.on('login', resolve);
    });
    road.cut();
    await within(5000, 'the resumed session', back);
    assert.notEqual(ddp.session, session);
    assert.ok(Object.keys(ddp.subscriptions).length > had);
    assert.equal((await ddp.call('getNewToken'))['id'], id);
  });

  it('is told of a wrong password over REST', async () => {
    const { username } = await place.makePerson();
    const client = await open();
    const answer = await refused(client.login({ username, password: 'wrong' }));
    assert.equal(answer['status'], 401);
    assert.deepEqual(answer['data'], {
      success: false,
      status: 'error',
      error: 'Unauthorized',
      message: 'Unauthorized',
    });
  });

  it('signs out over REST: its socket is closed for good, and the token is dead', async () => {
    const { id, username, password } = await place.makePerson();
    const client = await open();
    await client.login({ username, password });
    const token = client.currentLogin?.authToken ?? '';
    const { ddp } = await client.socket;
    const closed = new Promise<unknown>((resolve) => {
      ddp.on('close', resolve);
    });
    const answer = await client.logout();
    assert.equal(answer?.['status'], 'success');
    const { code, reason } = (await within(1000, 'the end of the socket', closed)) as Readonly<Record<string, unknown>>;
    // It comes back after any other code.
    assert.equal(code, 1000);
    assert.equal(reason, 'Normal closure');
    assert.equal(await place.knows({ userId: id, token }), false);
    const other = await open();
    assert.deepEqual(await refused(other.resume({ token })), loggedOut);
  });

  it('is closed within a second when it is logged out by force, and nobody else is', async () => {
    const [one, other] = [await place.makePerson(), await place.makePerson()];
    const [client, bystander] = [await open(), await open()];
    await client.login({ username: one.username, password: one.password });
    await bystander.login({ username: other.username, password: other.password });
    const closed = new Promise<unknown>((resolve) => {
      void client.socket.then(({ ddp }) => {
        ddp.on('close', resolve);
      });
    });
    await client.socket;
    await place.logOut(one);
    await within(1000, 'the end of the socket', closed);
    assert.equal((await bystander.socket).ddp.connected, true);
    assert.equal((await (await bystander.socket).ddp.call('getNewToken'))['id'], other.id);
  });
});
