import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { type CasServer, openCasServer } from '../cas-server.ts';
import { openSamlIdp, type SamlIdp, samlSetting } from '../saml-idp.ts';
import { within } from './patience.ts';
import { openPlace, type Place } from './place.ts';

interface Client {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  call(method: string, ...params: readonly unknown[]): Promise<unknown>;
  subscribe(name: string): { ready(): Promise<void> };
  collection(name: string): { fetch(): readonly Readonly<Record<string, unknown>>[] };
}

const require = createRequire(import.meta.url);
const SimpleDdp = require('simpleddp') as new (options: object) => Client;
const SocketConstructor: unknown = require('ws');

interface LoggedIn {
  readonly id: string;
  readonly token: string;
  readonly type: string;
}

describe('simpleddp at a started server', () => {
  let place: Place;
  let idp: SamlIdp;
  let cas: CasServer;
  let client: Client;
  before(async () => {
    [idp, cas] = await Promise.all([openSamlIdp(), openCasServer()]);
    place = await openPlace({
      ROOT_URL: 'http://chat.example',
      ...idp.settings,
      ...cas.settings,
      [samlSetting('_allowed_clock_drift')]: '5000',
    });
    const endpoint = `ws://127.0.0.1:${place.server.port}/websocket`;
    client = new SimpleDdp({ endpoint, SocketConstructor, reconnectInterval: 100 });
    await within(5000, 'the connection', client.connect());
  });
  after(async () => {
    await client.disconnect();
    await place.close();
    await idp.close();
    await cas.close();
  });

  const offered = async (service: string): Promise<Readonly<Record<string, unknown>>> => {
    await client.subscribe('meteor.loginServiceConfiguration').ready();
    const all = client.collection('meteor_accounts_loginServiceConfiguration').fetch();
    return all.find((one) => one['service'] === service) ?? assert.fail(`${service} is not offered`);
  };

  it('signs in with SAML', async () => {
    const { clientConfig } = await offered('saml');
    const { provider } = clientConfig as { readonly provider: string };
    const begin = `${place.server.url}/_saml/authorize/${provider}/id-chosen-by-the-client`;
    const out = await fetch(begin, { redirect: 'manual' });
    const { action, ...fields } = await idp.signIn(out.headers.get('location') ?? '', 'alice');
    const back = await fetch(`${place.server.url}${new URL(action).pathname}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
    });
    assert.equal(back.status, 302);
    const credentialToken = new URL(back.headers.get('location') ?? '').searchParams.get('saml_idp_credentialToken');
    const signed = (await client.call('login', { saml: true, credentialToken })) as LoggedIn;
    assert.equal(signed.type, 'saml');
    assert.ok(await place.knows({ userId: signed.id, token: signed.token }));
    const address = new URL(String(await client.call('samlLogout', provider)));
    assert.equal(address.pathname, '/slo');
    await client.call('logout');
  });

  it('signs in with CAS', async () => {
    const { login_url: login } = await offered('cas');
    assert.equal(login, `${cas.url}/login`);
    const credentialToken = 'chosen-by-the-client';
    const ticket = cas.ticket(`http://chat.example/_cas/${credentialToken}`, { user: 'carol' });
    const page = await fetch(`${place.server.url}/_cas/${credentialToken}?ticket=${ticket}`);
    assert.equal(await page.text(), '<html><head><script>window.close()</script></head></html>');
    const signed = (await client.call('login', { cas: { credentialToken } })) as LoggedIn;
    assert.equal(signed.type, 'cas');
    assert.ok(await place.knows({ userId: signed.id, token: signed.token }));
  });
});
