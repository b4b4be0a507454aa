import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { loggedOut, refused, until, within, wrongPassword } from './patience.ts';
import { openPlace, type Place, sha256 } from './place.ts';
import { openRoad, type Road } from './road.ts';

interface Subscription {
  ready(): Promise<void>;
  stop(): void;
}

interface Sdk {
  readonly connection: {
    readonly status: string;
    connect(): Promise<boolean>;
    close(): void;
    on(event: string, act: () => void): () => void;
  };
  readonly account: {
    readonly uid: string | undefined;
    readonly user: { readonly token: string; readonly username?: string; readonly tokenExpires: Date } | undefined;
    loginWithPassword(username: string, digest: string): Promise<void>;
    loginWithToken(token: string): Promise<{ readonly type: string; readonly tokenExpires: { $date: number | null } }>;
    logout(): Promise<void>;
  };
  readonly client: { callAsync(method: string, ...params: readonly unknown[]): Promise<unknown> };
  readonly rest: { get(path: string): Promise<Readonly<Record<string, unknown>>> };
  readonly timeoutControl: { stop(): void };
  stream(name: string, key: unknown, act: (...args: readonly unknown[]) => void): Subscription;
}

interface Package {
  readonly DDPSDK: { create(url: string, retry?: { retryCount: number; retryTime: number }): Sdk };
}

const require = createRequire(import.meta.url);
const { DDPSDK } = require('@rocket.chat/ddp-client') as Package;

async function once({ connection }: Sdk, event: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  connection.on(event, resolve);
  await promise;
}

describe('@rocket.chat/ddp-client', () => {
  let place: Place;
  let road: Road;
  const opened: Sdk[] = [];

  const open = async (retryCount = 1): Promise<Sdk> => {
    const sdk = DDPSDK.create(road.url, { retryCount, retryTime: 100 });
    opened.push(sdk);
    await sdk.connection.connect();
    return sdk;
  };

  before(async () => {
    place = await openPlace();
    road = await openRoad(place.server.port);
  });

  after(async () => {
    for (const sdk of opened) {
      sdk.connection.close();
      sdk.timeoutControl.stop();
    }
    await road.close();
    await place.close();
  });

  it('signs in, hears its username, subscribes and asks the JSON API with the same token', async () => {
    const { id, username, digest } = await place.makePerson();
    const sdk = await open();
    await sdk.account.loginWithPassword(username, digest);
    assert.equal(sdk.account.uid, id);
    assert.equal(sdk.account.user?.username, username);
    const days = (sdk.account.user.tokenExpires.getTime() - Date.now()) / 86_400_000;
    assert.ok(days > 89.9 && days < 90.1, `${days} days`);
    for (const event of ['force_logout', 'userData', 'something-of-another-release']) {
      await within(2000, event, sdk.stream('notify-user', `${id}/${event}`, () => {}).ready());
    }
    await within(2000, 'user-presence', sdk.stream('user-presence', ['', { added: [id] }], () => {}).ready());
    const me = await sdk.rest.get('/v1/me');
    assert.equal(me['_id'], id);
    assert.equal(me['username'], username);
  });

  it('is refused the streams of somebody else', async () => {
    const [one, other] = [await place.makePerson(), await place.makePerson()];
    const sdk = await open();
    await sdk.account.loginWithPassword(one.username, one.digest);
    const stream = sdk.stream('notify-user', `${other.id}/force_logout`, () => {});
    const { error } = await refused(within(2000, 'nosub', stream.ready()));
    assert.equal(error, 'not-allowed');
  });

  it('resumes by itself after a dropped socket, and its subscription goes on', async () => {
    const { id, username, digest } = await place.makePerson();
    const sdk = await open();
    await sdk.account.loginWithPassword(username, digest);
    const heard: unknown[] = [];
    await sdk.stream('notify-user', `${id}/userData`, (event) => heard.push(event)).ready();
    const token = sdk.account.user?.token;
    const back = once(sdk, 'connected');
    road.cut();
    await within(5000, 'the new connection', back);
    // A method waits in the client until the resume is answered.
    const { id: whose } = (await sdk.client.callAsync('getNewToken')) as { readonly id: string };
    assert.equal(whose, id);
    assert.equal(sdk.account.user?.token, token);
    await place.post('users.setStatus', { message: 'back again', userId: id }, { userId: id, token: token ?? '' });
    await until('the event', () => JSON.stringify(heard).includes('back again'));
  });

  it('is told of a wrong password and stays connected', async () => {
    const { username } = await place.makePerson();
    const sdk = await open();
    assert.deepEqual(await refused(sdk.account.loginWithPassword(username, sha256('wrong'))), wrongPassword);
    assert.deepEqual(await refused(sdk.account.loginWithPassword('nobody.at.all', sha256('wrong'))), wrongPassword);
    assert.equal(sdk.connection.status, 'connected');
    assert.equal(sdk.account.uid, undefined);
  });

  it('signs out on an open socket, and the token is dead everywhere', async () => {
    const { id, username, digest } = await place.makePerson();
    const sdk = await open();
    await sdk.account.loginWithPassword(username, digest);
    const token = sdk.account.user?.token ?? '';
    assert.equal((await sdk.account.loginWithToken(token)).type, 'resume');
    assert.ok(await place.knows({ userId: id, token }));
    await sdk.account.logout();
    assert.equal(sdk.connection.status, 'connected');
    assert.deepEqual(await refused(sdk.account.loginWithToken(token)), loggedOut);
    assert.equal(await place.knows({ userId: id, token }), false);
  });

  it('signs in with a personal token, which never ends', async () => {
    const person = await place.makePerson();
    const credentials = await place.signIn(person.username, person.password);
    const made = await place.post('users.generatePersonalAccessToken', { tokenName: 'client' }, credentials, {
      'x-2fa-code': person.digest,
      'x-2fa-method': 'password',
    });
    const sdk = await open();
    const result = await sdk.account.loginWithToken(String(made.body['token']));
    assert.deepEqual(result.tokenExpires, { $date: null });
    assert.equal(sdk.account.uid, person.id);
    assert.equal(sdk.account.user?.tokenExpires.getTime(), 0);
  });

  it('hears force_logout and is closed within a second, and nobody else is', async () => {
    const [one, other] = [await place.makePerson(), await place.makePerson()];
    // Without a reconnect: this client would resume with the dead token and nobody catches its refusal.
    const [first, second, bystander] = [await open(0), await open(0), await open(0)];
    await first.account.loginWithPassword(one.username, one.digest);
    await second.account.loginWithPassword(one.username, one.digest);
    await bystander.account.loginWithPassword(other.username, other.digest);
    let forced = 0;
    await first
      .stream('notify-user', `${one.id}/force_logout`, () => {
        forced += 1;
      })
      .ready();
    const gone = [first, second].map(async (sdk) => await once(sdk, 'disconnected'));
    await place.logOut(one);
    await within(1000, 'the end of both sockets', Promise.all(gone));
    assert.equal(forced, 1);
    assert.equal(bystander.connection.status, 'connected');
    assert.equal(await place.knows({ userId: other.id, token: bystander.account.user?.token ?? '' }), true);
  });
});
