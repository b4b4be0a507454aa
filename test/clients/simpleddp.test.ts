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

interface Client {
  readonly connected: boolean;
  readonly token?: string;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  login(form: object): Promise<LoggedIn>;
  logout(): Promise<void>;
  call(method: string, ...params: readonly unknown[]): Promise<unknown>;
  subscribe(name: string, ...params: readonly unknown[]): { ready(): Promise<void>; stop(): Promise<void> };
  collection(name: string): { fetch(): readonly Readonly<Record<string, unknown>>[] };
  on(event: string, act: (value: unknown) => void): { stop(): void };
}

type SimpleDdp = new (options: object, plugins: readonly unknown[]) => Client;

const require = createRequire(import.meta.url);
const SimpleDdpClient = require('simpleddp') as SimpleDdp;
const { simpleDDPLogin } = require('simpleddp-plugin-login') as { readonly simpleDDPLogin: unknown };
const SocketConstructor: unknown = require('ws');

describe('simpleddp with simpleddp-plugin-login', () => {
  let place: Place;
  let road: Road;
  const opened: Client[] = [];

  const open = async (): Promise<Client> => {
    const endpoint = `ws://127.0.0.1:${road.port}/websocket`;
    const client = new SimpleDdpClient({ endpoint, SocketConstructor, reconnectInterval: 100 }, [simpleDDPLogin]);
    opened.push(client);
    await within(5000, 'the connection', client.connect());
    return client;
  };

  const once = async (client: Client, event: string): Promise<unknown> =>
    await new Promise((resolve) => {
      client.on(event, resolve);
    });

  before(async () => {
    place = await openPlace();
    road = await openRoad(place.server.port);
  });

  after(async () => {
    await Promise.all(opened.map(async (client) => await client.disconnect()));
    await road.close();
    await place.close();
  });

  it('signs in by every form of a password, and hears of itself', async () => {
    const { id, username, email, password, digest } = await place.makePerson();
    const client = await open();
    for (const form of [
      { user: { username }, password },
      { user: { email }, password: { digest, algorithm: 'sha-256' } },
      { user: { id }, password },
      { ldap: true, username, ldapPass: password, ldapOptions: {} },
    ]) {
      const result = await client.login(form);
      assert.equal(result.id, id);
      assert.equal(result.type, 'password');
      assert.ok(result.tokenExpires.getTime() > Date.now(), 'the date is decoded');
    }
    const [own] = client.collection('users').fetch();
    assert.equal(own?.['id'], id);
    assert.equal(own['username'], username);
  });

  it('is refused what is no form of a log-in, and stays connected', async () => {
    const { username, password } = await place.makePerson();
    const texts: unknown[] = [];
    const strange = await open();
    for (const form of [{}, { user: { username } }, { user: username, password }, { resume: { $ne: null } }]) {
      texts.push((await refused(strange.login(form)))['reason']);
    }
    const unknown = 'Unrecognized options for login request';
    assert.deepEqual(texts, [unknown, unknown, 'Match failed', 'Match failed']);
    const client = await open();
    assert.deepEqual(await refused(client.login({ user: { username }, password: 'wrong' })), wrongPassword);
    assert.deepEqual(await refused(client.login({ user: { username: 'nobody' }, password })), wrongPassword);
    assert.equal(strange.connected && client.connected, true);
  });

  it('resumes after a dropped socket, and subscribes again under a new id', async () => {
    const { id, username, password } = await place.makePerson();
    const client = await open();
    const { token } = await client.login({ user: { username }, password });
    const subscription = client.subscribe('stream-notify-user', `${id}/userData`, false);
    await within(2000, 'the stream', subscription.ready());
    await within(2000, 'the services', client.subscribe('meteor.loginServiceConfiguration').ready());
    const resumed = once(client, 'loginResume');
    road.cut();
    const result = (await within(5000, 'the resumed session', resumed)) as LoggedIn;
    assert.equal(result.token, token);
    await within(2000, 'the stream again', subscription.ready());
    assert.equal(client.collection('users').fetch()[0]?.['id'], id);
  });

  it('signs out on an open socket: the document goes, and the token is dead', async () => {
    const { id, username, password } = await place.makePerson();
    const client = await open();
    const { token } = await client.login({ user: { username }, password });
    await client.logout();
    assert.equal(client.connected, true);
    assert.deepEqual(client.collection('users').fetch(), []);
    assert.deepEqual(await refused(client.login({ resume: token })), loggedOut);
    assert.equal(await place.knows({ userId: id, token }), false);
  });

  it('ends its other sessions, and the socket it asked from stays', async () => {
    const { id, username, password } = await place.makePerson();
    const [here, there] = [await open(), await open()];
    const { token } = await here.login({ user: { username }, password });
    const { token: other } = await there.login({ user: { username }, password });
    const lost = once(there, 'loginSessionLost');
    await here.call('removeOtherTokens');
    assert.equal(await within(1000, 'the end of the other socket', lost), id);
    assert.equal(here.connected, true);
    assert.equal(await place.knows({ userId: id, token }), true);
    assert.equal(await place.knows({ userId: id, token: other }), false);
  });

  it('is closed within a second when it is logged out by force, and cannot resume', async () => {
    const [one, other] = [await place.makePerson(), await place.makePerson()];
    const [client, bystander] = [await open(), await open()];
    await client.login({ user: { username: one.username }, password: one.password });
    await bystander.login({ user: { username: other.username }, password: other.password });
    let disturbed = 0;
    bystander.on('disconnected', () => {
      disturbed += 1;
    });
    const lost = once(client, 'loginSessionLost');
    const refusal = once(client, 'loginResumeFailed');
    await place.logOut(one);
    await within(1000, 'the end of the socket', lost);
    assert.deepEqual(await within(5000, 'the refusal', refusal), loggedOut);
    assert.equal(disturbed, 0);
  });
});
