// Custom OAuth services from end to end: a real OpenID provider, and every way in that a client may take.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Frame, within } from '../src/wire/ddp/ddp-world.suite.ts';
import { openRestWorld, type RestWorld } from '../src/wire/rest/rest-world.suite.ts';
import { configOf, credentialToken, oauthBody, stateOf } from './oauth-client.ts';
import { alice, type OpenIdIdp, openOpenIdIdp } from './openid-idp.ts';
import { caller, handClock } from './world.ts';

const root = 'http://localhost:3000';
const event = 'http://schemas.openid.net/event/backchannel-logout';

describe('a custom service, from end to end', () => {
  let idp: OpenIdIdp;
  let world: RestWorld;
  before(async () => {
    idp = await openOpenIdIdp([`${root}/_oauth/keycloak`, `${root}/oauth/keycloak/callback`]);
    world = await openRestWorld({
      clock: handClock(Date.now()),
      env: {
        OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
        Accounts_OAuth_Custom_Keycloak: 'true',
        Accounts_OAuth_Custom_Keycloak_issuer: idp.issuer,
        Accounts_OAuth_Custom_Keycloak_id: idp.basic.id,
        Accounts_OAuth_Custom_Keycloak_secret: idp.basic.secret,
        Accounts_OAuth_Custom_Keycloak_token_sent_via: 'header',
        Accounts_OAuth_Custom_Keycloak_scope: 'openid profile email',
        Accounts_OAuth_Custom_Keycloak_username_field: 'preferred_username',
      },
    });
  });
  after(async () => {
    await world.close();
    await idp.close();
  });

  const get = async (path: string) => await world.call({ url: path });
  const logIn = async (body: unknown) => await world.call({ url: '/api/v1/login', body });

  /** The address that clients put together by themselves, of what they are told about the service. */
  async function addressFor(state: string): Promise<string> {
    const told = async () => (await get('/api/v1/service.configurations')).json['configurations'] as Told[];
    let [service] = await told();
    for (let tries = 0; tries < 200 && service?.authorizePath.startsWith('http') !== true; tries += 1) {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
      [service] = await told();
    }
    assert.ok(service !== undefined);
    const address = new URL(service.authorizePath);
    address.searchParams.set('client_id', service.clientId);
    address.searchParams.set('redirect_uri', `${root}/_oauth/${service.service}`);
    address.searchParams.set('response_type', 'code');
    address.searchParams.set('state', state);
    address.searchParams.set('scope', service.scope);
    return address.href;
  }

  interface Told {
    readonly service: string;
    readonly authorizePath: string;
    readonly clientId: string;
    readonly scope: string;
  }

  it('is told to clients with all that they need, and nothing secret', async () => {
    const { text, json } = await get('/api/v1/settings.oauth');
    assert.ok(!text.includes(idp.basic.secret));
    const [service] = json['services'] as Readonly<Record<string, unknown>>[];
    assert.partialDeepStrictEqual(service, { service: 'keycloak', custom: true, clientId: idp.basic.id });
    assert.ok(!(await get('/api/v1/service.configurations')).text.includes(idp.basic.secret));
    assert.ok(!(await get('/api/v1/settings.public')).text.includes('Custom-'));
  });

  it('signs in who comes back by the way that clients go alone', async () => {
    const state = stateOf({ credentialToken: credentialToken() });
    const params = await idp.authorize(await addressFor(state));
    const page = await get(`/_oauth/keycloak?${new URLSearchParams(params).toString()}`);
    assert.equal(page.status, 200);
    const { status, json } = await logIn(oauthBody(configOf(page)));
    assert.equal(status, 200);
    const { me } = json['data'] as { me: Readonly<Record<string, unknown>> };
    assert.partialDeepStrictEqual(me, { username: 'alice', name: 'Alice Example' });
    // A code is good once.
    const again = await get(`/_oauth/keycloak?${new URLSearchParams(params).toString()}`);
    assert.equal(configOf(again).setCredentialToken, false);
  });

  it('signs in who comes back by the way that begins here, and ends the session when the provider says so', async () => {
    const started = await get('/oauth/keycloak');
    assert.equal(started.status, 302, started.text);
    const [cookie = ''] = String(started.headers['set-cookie']).split(';');
    const address = String(started.headers['location']);
    assert.match(address, /code_challenge_method=S256/u);
    const params = await idp.authorize(address);
    const back = await world.call({
      url: `/oauth/keycloak/callback?${new URLSearchParams(params).toString()}`,
      headers: { cookie },
    });
    const code = new URL(String(back.headers['location']), root).searchParams.get('loginCode');
    const { json } = await world.call({ url: '/api/v1/loginCode.redeem', body: { code } });
    const headers = { 'x-auth-token': String(json['loginToken']), 'x-user-id': String(json['userId']) };
    const lives = async () => (await world.call({ url: '/api/v1/me', headers })).status === 200;
    assert.ok(await lives());
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: idp.issuer, aud: idp.basic.id, iat: now, exp: now + 60, jti: 'one', sub: alice.sub };
    const tell = async (token: string) =>
      await world.call({
        url: '/_oauth/keycloak/backchannel-logout',
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ logout_token: token }).toString(),
      });
    const typ = { typ: 'logout+jwt' };
    const other = await tell(await idp.sign({ ...claims, aud: 'their-app', events: { [event]: {} } }, typ));
    assert.deepEqual([other.status, await lives()], [400, true]);
    assert.equal((await tell(await idp.sign({ ...claims, events: { [event]: {} } }, typ))).status, 200);
    assert.equal(await lives(), false);
  });

  it('takes the access tokens of its own clients, and of no others', async () => {
    const body = async (client: OpenIdIdp['basic']) => ({
      serviceName: 'keycloak',
      accessToken: (await idp.tokensFor(client)).accessToken,
      expiresIn: 3600,
    });
    assert.equal((await logIn(await body(idp.basic))).status, 200);
    const refused = await logIn(await body(idp.other));
    assert.deepEqual([refused.status, refused.json['status']], [401, 'error']);
    assert.match(String(refused.json['message']), /^Failed to fetch identity from keycloak at /u);
    for (const serviceName of ['__proto__', 'Keycloak', 'nothing', { $ne: '' }]) {
      assert.equal((await logIn({ ...(await body(idp.basic)), serviceName })).status, 401);
    }
  });

  it('tells open connections where it is, once the provider has said so', async () => {
    await within(async (other) => {
      const by = { caller: caller({ door: 'cli' }), accountId: undefined, asHost: true } as const;
      const client = other.client();
      await client.sub('a', 'meteor.loginServiceConfiguration');
      await other.app.settings.addService('keycloak', by);
      const values = { issuer: idp.issuer, id: idp.basic.id, secret: idp.basic.secret };
      await other.app.settings.write(
        [
          { id: 'Accounts_OAuth_Custom-Keycloak', value: true },
          ...Object.entries(values).map(([key, value]) => ({ id: `Accounts_OAuth_Custom-Keycloak-${key}`, value })),
        ],
        by,
      );
      const paths = () =>
        client.frames
          .map((frame) => ((frame['fields'] ?? {}) as Frame)['authorizePath'])
          .filter((path) => path !== undefined);
      await client.until(() => paths().at(-1) === `${idp.issuer}/auth`);
      assert.ok(!JSON.stringify(client.take()).includes(idp.basic.secret));
    });
  });

  it('is gone when it is removed, and its sessions go on', async () => {
    const session = await logIn({
      serviceName: 'keycloak',
      accessToken: (await idp.tokensFor(idp.basic)).accessToken,
      expiresIn: 3600,
    });
    const { userId, authToken } = session.json['data'] as Readonly<Record<string, string>>;
    const by = { caller: caller({ door: 'cli' }), accountId: undefined, asHost: true } as const;
    await world.app.settings.removeService('keycloak', by);
    assert.deepEqual((await get('/api/v1/settings.oauth')).json['services'], []);
    const { accessToken } = await idp.tokensFor(idp.basic);
    assert.equal((await logIn({ serviceName: 'keycloak', accessToken, expiresIn: 1 })).json['error'], 145_546_287);
    const headers = { 'x-user-id': String(userId), 'x-auth-token': String(authToken) };
    assert.equal((await world.call({ url: '/api/v1/me', headers })).status, 200);
  });
});
