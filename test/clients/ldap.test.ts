// Real clients sign in with the password of a directory.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { openSlapd, type Slapd, slapdMissing } from '../slapd.ts';
import { refused, within, wrongPassword } from './patience.ts';
import { openPlace, type Place } from './place.ts';

interface Simple {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  login(form: object): Promise<{ readonly id: string; readonly token: string; readonly type: string }>;
}

interface Sdk {
  connect(options: object): Promise<unknown>;
  disconnect(): Promise<unknown>;
  login(credentials: {
    username: string;
    password: string;
  }): Promise<{ readonly id?: unknown; readonly token?: unknown }>;
}

interface Rest {
  post(path: string, body: unknown): Promise<Readonly<Record<string, unknown>>>;
}

const require = createRequire(import.meta.url);
const SimpleDdpClient = require('simpleddp') as new (options: object, plugins: readonly unknown[]) => Simple;
const { simpleDDPLogin } = require('simpleddp-plugin-login') as { readonly simpleDDPLogin: unknown };
const SocketConstructor: unknown = require('ws');
const { Rocketchat } = require('rc-sdk-1') as { readonly Rocketchat: new (options: object) => Sdk };
const { RestClient } = require('@rocket.chat/api-client') as {
  readonly RestClient: new (options: { baseUrl: string }) => Rest;
};
const quiet = (): void => {};
const logger = { debug: quiet, info: quiet, warn: quiet, warning: quiet, error: quiet };

const missing = slapdMissing();

describe('clients with a directory', { skip: missing ?? false }, () => {
  let slapd: Slapd;
  let place: Place;
  before(async () => {
    slapd = await openSlapd();
    place = await openPlace(slapd.env);
  });
  after(async () => {
    await place.close();
    await slapd.stop();
  });

  it('simpleddp signs in with the form for directories', async () => {
    const endpoint = `ws://127.0.0.1:${place.server.port}/websocket`;
    const client = new SimpleDdpClient({ endpoint, SocketConstructor, reconnectInterval: 100 }, [simpleDDPLogin]);
    await within(5000, 'the connection', client.connect());
    const form = { ldap: true, username: 'alice', ldapPass: 'alice-pw', ldapOptions: {} };
    const { id, type, token } = await client.login(form);
    assert.equal(type, 'ldap');
    assert.equal((await client.login({ resume: token })).id, id);
    assert.deepEqual(await refused(client.login({ ...form, ldapPass: 'wrong' })), wrongPassword);
    assert.deepEqual(await refused(client.login({ user: { username: 'alice' }, password: 'alice-pw' })), wrongPassword);
    await client.disconnect();
  });

  it('@rocket.chat/sdk and @rocket.chat/api-client sign in with the ordinary form', async () => {
    const host = `http://127.0.0.1:${place.server.port}`;
    const sdk = new Rocketchat({ logger, protocol: 'ddp', host, useSsl: false, reopen: 200 });
    await within(5000, 'the connection', sdk.connect({}));
    const { id } = await sdk.login({ username: 'bob', password: 'bob-pw' });
    assert.equal(typeof id, 'string');
    await sdk.disconnect();
    const rest = new RestClient({ baseUrl: place.server.url });
    const { status, data } = await rest.post('/v1/login', { user: 'bob', password: 'bob-pw' });
    assert.equal(status, 'success');
    assert.equal((data as { readonly userId: unknown }).userId, id);
  });
});
