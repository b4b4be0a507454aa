import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../browser.ts';
import { addressAt, configOf, credentialToken, environmentOf, oauthBody, stateOf } from '../oauth-client.ts';
import { ada, type Stub } from '../oauth-stub.ts';
import { openGithubStub, openGoogleStub, type SigningStub } from '../provider-stubs.ts';
import { refused, within } from './patience.ts';
import { openPlace, type Place } from './place.ts';

interface Pair {
  readonly credentialToken?: string;
  readonly credentialSecret?: string;
}

interface Asteroid {
  readonly userId?: string;
  readonly ddp: { _autoreconnect: boolean; readonly _socket: { close(): void } };
  _loginAfterCredentialSecretReceived(pair: Pair): PromiseLike<string>;
}

interface Driver {
  useLog(log: object): void;
  connect(options: object): Promise<Asteroid>;
}

interface Sdk1 {
  readonly socket: Promise<{ readonly ddp: { call(method: string, ...params: unknown[]): Promise<Fields> } }>;
  connect(options: object): Promise<unknown>;
  disconnect(): Promise<unknown>;
}

interface DdpClient {
  readonly connection: { connect(): Promise<boolean>; close(): void };
  readonly client: { callAsync(method: string, ...params: readonly unknown[]): Promise<Fields> };
  readonly timeoutControl: { stop(): void };
}

interface Simple {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  login(form: object): Promise<{ readonly id: string; readonly type: string; readonly token: string }>;
}

type Fields = Readonly<Record<string, unknown>>;

const require = createRequire(import.meta.url);
const quiet = (): void => {};
const logger = { debug: quiet, info: quiet, warn: quiet, warning: quiet, error: quiet };

/** What unmodified clients do once their window has closed. */
describe('a sign-in at a provider', () => {
  let stub: Stub;
  let google: SigningStub;
  let place: Place;
  let root: string;
  let accountId = '';

  before(async () => {
    stub = await openGithubStub();
    google = await openGoogleStub();
    const port = await freePort();
    root = `http://127.0.0.1:${port}`;
    place = await openPlace({ ...environmentOf(stub, google), PORT: String(port), ROOT_URL: root });
  });
  after(async () => {
    await place.close();
    await stub.close();
    await google.close();
  });

  /** The pair that the window hands over. */
  async function pair(): Promise<Pair> {
    const address = addressAt(stub, stateOf({ credentialToken: credentialToken() }), root);
    const { status, headers, ...page } = await fetch(address).then(async (reply) => ({
      status: reply.status,
      headers: Object.fromEntries(reply.headers),
      text: await reply.text(),
    }));
    const { oauth } = oauthBody(configOf({ ...page, status, headers })) as { oauth: Pair };
    return oauth;
  }

  it('goes through over REST, and tells who it is', async () => {
    const { status, body } = await place.post('login', { oauth: await pair() });
    assert.equal(status, 200);
    const { userId, authToken, me } = body['data'] as { userId: string; authToken: string; me: Fields };
    assert.equal(me['name'], ada.name);
    assert.equal((await place.get('me', { userId, token: authToken })).status, 200);
    accountId = userId;
  });

  it('is offered to clients by name and id, and by nothing secret', async () => {
    const { body } = await place.get('settings.oauth');
    const services = body['services'] as readonly Fields[];
    const told = services.map(({ name, clientId }) => `${String(name)} ${String(clientId)}`);
    assert.deepEqual(told.toSorted(), ['github github-client', 'google google-client']);
    const configurations = await place.get('service.configurations');
    for (const secret of stub.secrets) assert.ok(!JSON.stringify([body, configurations.body]).includes(secret));
  });

  it('goes through in @rocket.chat/sdk 0.2.9', async () => {
    const { driver } = require('rc-sdk-0') as { readonly driver: Driver };
    driver.useLog(logger);
    const asteroid = await driver.connect({ host: root.slice('http://'.length), useSsl: false, timeout: 5000 });
    try {
      const id = await within(
        5000,
        'the log-in',
        Promise.resolve(asteroid._loginAfterCredentialSecretReceived(await pair())),
      );
      assert.equal(id, accountId);
    } finally {
      asteroid.ddp._autoreconnect = false;
      asteroid.ddp._socket.close();
    }
  });

  it('goes through in @rocket.chat/sdk 1.0.0-alpha.42', async () => {
    const { Rocketchat } = require('rc-sdk-1') as { readonly Rocketchat: new (options: object) => Sdk1 };
    const client = new Rocketchat({ logger, protocol: 'ddp', host: root, useSsl: false, reopen: 200 });
    try {
      await within(5000, 'the connection', client.connect({}));
      const { ddp } = await client.socket;
      const result = await within(5000, 'the log-in', ddp.call('login', { oauth: await pair() }));
      assert.equal(result['id'], accountId);
      assert.equal(result['type'], 'github');
    } finally {
      await client.disconnect();
    }
  });

  it('goes through in @rocket.chat/ddp-client', async () => {
    const { DDPSDK } = require('@rocket.chat/ddp-client') as {
      readonly DDPSDK: { create(url: string, retry: object): DdpClient };
    };
    const sdk = DDPSDK.create(root, { retryCount: 1, retryTime: 100 });
    try {
      await sdk.connection.connect();
      const result = await within(5000, 'the log-in', sdk.client.callAsync('login', { oauth: await pair() }));
      assert.equal(result['id'], accountId);
      assert.deepEqual(Object.keys(result), ['id', 'token', 'tokenExpires', 'type']);
      // What an app does that has a token of the provider itself.
      const form = {
        serviceName: 'google',
        accessToken: google.makeToken('google-client'),
        idToken: await google.idToken('google-client'),
        expiresIn: 3600,
      };
      const native = await within(5000, 'the log-in', sdk.client.callAsync('login', form));
      assert.deepEqual([native['id'], native['type']], [accountId, 'google'], 'joined by the address');
      const idToken = await google.idToken('another-client');
      const foreign = await refused(sdk.client.callAsync('login', { ...form, idToken }));
      assert.equal(foreign['error'], 500);
    } finally {
      sdk.timeoutControl.stop();
      sdk.connection.close();
    }
  });

  it('goes through in simpleddp, once for each pair, and a failure is collected with no secret', async () => {
    const SimpleDdp = require('simpleddp') as new (options: object, plugins: readonly unknown[]) => Simple;
    const { simpleDDPLogin } = require('simpleddp-plugin-login') as { readonly simpleDDPLogin: unknown };
    const SocketConstructor: unknown = require('ws');
    const endpoint = `${root.replace('http', 'ws')}/websocket`;
    const client = new SimpleDdp({ endpoint, SocketConstructor, reconnectInterval: 100 }, [simpleDDPLogin]);
    try {
      await within(5000, 'the connection', client.connect());
      const oauth = await pair();
      const result = await client.login({ oauth });
      assert.deepEqual([result.id, result.type], [accountId, 'github']);
      const again = await refused(client.login({ oauth }));
      assert.equal(again['error'], 145_546_287);
      assert.equal(again['message'], 'No matching login attempt found [145546287]');
      const token = credentialToken();
      await fetch(`${root}/_oauth/github?error=access_denied&state=${encodeURIComponent(token)}`);
      const failed = await refused(client.login({ oauth: { credentialToken: token, credentialSecret: null } }));
      assert.equal(failed['reason'], 'Failed to complete OAuth handshake with GitHub. access_denied');
    } finally {
      await client.disconnect();
    }
  });
});
