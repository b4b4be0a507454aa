// The tests of the OpenID Foundation's "Basic OP" plan, each under its own name, as far as a program can judge them.
// `docs/guides/openid-conformance.md` lists them with what each asks.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as jose from 'jose';
import * as client from 'openid-client';
import { plainOptions } from '../src/core/application/application.ts';
import {
  begin,
  callback,
  goThrough,
  HandBrowser,
  movedClock,
  type OpenIdWorld,
  openOpenIdWorld,
  redeem,
  tokensOf,
} from './openid-world.ts';

type Json = Readonly<Record<string, unknown>>;

describe('the Basic OP plan of OpenID conformance', { timeout: 240_000 }, () => {
  let world: OpenIdWorld;
  const clock = movedClock();
  let wiki: Awaited<ReturnType<OpenIdWorld['addApplication']>>;
  let party: client.Configuration;
  let browser: HandBrowser;

  before(async () => {
    world = await openOpenIdWorld({ clock, env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } });
    await world.add('ann');
    wiki = await world.addApplication();
    party = await world.party(wiki);
    browser = new HandBrowser(callback);
    // Once before all: nobody is asked twice what they allow.
    await tokensOf(party, browser, 'ann');
  });
  after(async () => {
    assert.deepEqual(world.logged, []);
    await world.close();
  });
  beforeEach(() => {
    browser = new HandBrowser(callback);
  });

  const claimsWith = async (more: Readonly<Record<string, string | undefined>>): Promise<Json> => {
    const { tokens } = await tokensOf(party, browser, 'ann', more);
    return (tokens.claims() ?? {}) as Json;
  };
  const personWith = async (scope: string): Promise<Json> => {
    const { tokens } = await tokensOf(party, browser, 'ann', { scope });
    return await client.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? '');
  };
  const errorOf = async (more: Readonly<Record<string, string | undefined>>): Promise<string | null> => {
    const { address } = await begin(party, more);
    return (await browser.go(address)).url.searchParams.get('error');
  };

  it('oidcc-server: a code becomes tokens, and the answer carries the issuer (RFC 9207)', async () => {
    const { tokens, back } = await tokensOf(party, browser, 'ann');
    assert.equal(back.searchParams.get('iss'), world.issuer);
    assert.equal(tokens.token_type, 'bearer');
    assert.equal(tokens.claims()?.iss, world.issuer);
    assert.equal(tokens.claims()?.aud, wiki.application.clientId);
  });

  it('oidcc-response-type-missing: an error comes back', async () => {
    const { address } = await begin(party);
    address.searchParams.delete('response_type');
    const { url } = await browser.go(address);
    assert.equal(url.searchParams.get('error'), 'invalid_request');
    for (const type of ['token', 'id_token', 'code token', 'code id_token', 'nonsense']) {
      address.searchParams.set('response_type', type);
      const refused = await browser.go(address);
      const found = refused.url.searchParams.get('error') ?? /error=(\w+)/u.exec(refused.url.hash)?.[1];
      assert.match(found ?? '', /unsupported_response_type|unauthorized_client/u, type);
    }
  });

  it('oidcc-idtoken-signature: RS256, by a key that is published, with its kid', async () => {
    const { tokens } = await tokensOf(party, browser, 'ann');
    const header = jose.decodeProtectedHeader(tokens.id_token ?? '');
    assert.equal(header.alg, 'RS256');
    const set = jose.createRemoteJWKSet(new URL(`${world.issuer}/jwks`));
    const { payload } = await jose.jwtVerify(tokens.id_token ?? '', set);
    const now = Math.floor(Date.now() / 1000);
    assert.ok((payload.iat ?? 0) <= now && (payload.exp ?? 0) > now && (payload.exp ?? 0) <= now + 3_600);
    assert.ok((payload.sub ?? '').length > 0 && (payload.sub ?? '').length <= 255);
  });

  it('oidcc-idtoken-unsigned: never, whatever a client asks', async () => {
    const { id_token_signing_alg_values_supported: algorithms } = party.serverMetadata();
    assert.deepEqual(algorithms, ['RS256']);
  });

  it('oidcc-userinfo-get, -post-header, -post-body: the same person', async () => {
    const { tokens } = await tokensOf(party, browser, 'ann');
    const token = tokens.access_token;
    const address = `${world.issuer}/userinfo`;
    const headers = { authorization: `Bearer ${token}` };
    const answers = await Promise.all([
      fetch(address, { headers }),
      fetch(address, { method: 'POST', headers }),
      fetch(address, { method: 'POST', body: new URLSearchParams({ access_token: token }) }),
    ]);
    const people: Json[] = [];
    for (const answer of answers) {
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/u);
      people.push((await answer.json()) as Json);
    }
    assert.deepEqual(people[0], people[1]);
    assert.deepEqual(people[0], people[2]);
    assert.equal(people[0]?.['sub'], tokens.claims()?.sub);
    const inQuery = await fetch(`${address}?access_token=${token}`);
    assert.equal(inQuery.status, 400);
    const none = await fetch(address);
    assert.equal(none.status, 401);
    assert.match(none.headers.get('www-authenticate') ?? '', /^Bearer/u);
  });

  it('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
    const begun = await begin(party, { nonce: undefined });
    const back = await goThrough(browser, await browser.go(begun.address), 'ann');
    const tokens = await client.authorizationCodeGrant(party, back, {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
    });
    assert.equal(tokens.claims()?.nonce, undefined);
  });

  it('oidcc-nonce: comes back unchanged', async () => {
    const begun = await begin(party);
    const back = await goThrough(browser, await browser.go(begun.address), 'ann');
    assert.equal((await redeem(party, begun, back)).claims()?.nonce, begun.nonce);
  });

  it('oidcc-scope-profile, -email, -address, -phone, -all: what was asked for and what there is', async () => {
    const sub = (await personWith('openid'))['sub'];
    assert.deepEqual(Object.keys(await personWith('openid')), ['sub']);
    assert.deepEqual(Object.keys(await personWith('openid profile')).toSorted(), [
      'name',
      'picture',
      'preferred_username',
      'sub',
      'updated_at',
    ]);
    assert.deepEqual(await personWith('openid email'), { sub, email: 'ann@example.com', email_verified: true });
    assert.deepEqual(await personWith('openid address phone'), { sub });
    const all = await personWith('openid profile email address phone');
    assert.equal(all['email'], 'ann@example.com');
    assert.equal(all['preferred_username'], 'ann');
  });

  it('oidcc-ensure-other-scope-order-succeeds', async () => {
    assert.equal((await personWith('email openid'))['email'], 'ann@example.com');
  });

  it('oidcc-display-page, -popup: signs in', async () => {
    for (const display of ['page', 'popup']) assert.equal(typeof (await claimsWith({ display }))['sub'], 'string');
  });

  it('oidcc-prompt-login: asks once more, and auth_time is later', async () => {
    const first = await claimsWith({});
    clock.move(2_000);
    const begun = await begin(party, { prompt: 'login' });
    const asked = await browser.go(begun.address);
    assert.equal(asked.url.pathname, '/sign-in');
    const second = await redeem(party, begun, await goThrough(browser, asked, 'ann'));
    assert.ok(Number(second.claims()?.auth_time) > Number(first['auth_time']));
  });

  it('oidcc-prompt-none-not-logged-in, -logged-in', async () => {
    assert.equal(await errorOf({ prompt: 'none' }), 'login_required');
    const first = await claimsWith({});
    const begun = await begin(party, { prompt: 'none' });
    const back = await browser.go(begun.address);
    const second = await redeem(party, begun, back.url);
    assert.deepEqual([second.claims()?.sub, second.claims()?.auth_time], [first['sub'], first['auth_time']]);
    assert.equal(await errorOf({ prompt: 'none login' }), 'invalid_request');
  });

  it('oidcc-max-age-1, -10000', async () => {
    const first = await claimsWith({ max_age: '15000' });
    assert.equal(typeof first['auth_time'], 'number');
    clock.move(3_000);
    const asked = await browser.go((await begin(party, { max_age: '1' })).address);
    assert.equal(asked.url.pathname, '/sign-in');
    const begun = await begin(party, { max_age: '10000' });
    const back = await browser.go(begun.address);
    assert.equal((await redeem(party, begun, back.url)).claims()?.auth_time, first['auth_time']);
  });

  it('oidcc-ensure-request-with-unknown-parameter-succeeds', async () => {
    assert.equal(typeof (await claimsWith({ extra: 'foobar' }))['sub'], 'string');
  });

  it('oidcc-id-token-hint: with prompt=none it goes on for the same person, and for nobody else', async () => {
    const { tokens } = await tokensOf(party, browser, 'ann');
    const begun = await begin(party, { prompt: 'none', id_token_hint: tokens.id_token });
    const again = await redeem(party, begun, (await browser.go(begun.address)).url);
    assert.equal(again.claims()?.sub, tokens.claims()?.sub);
    await world.add('bob').catch(() => undefined);
    browser = new HandBrowser(callback);
    await tokensOf(party, browser, 'bob');
    assert.equal(await errorOf({ prompt: 'none', id_token_hint: tokens.id_token }), 'login_required');
  });

  it('oidcc-login-hint: stands in the field already', async () => {
    const { address } = await begin(party, { login_hint: 'ann@example.com"><b>' });
    const asked = await browser.go(address);
    assert.match(asked.text, /id="username"[^>]*value="ann@example\.com&#34;&#62;&#60;b&#62;"/u);
  });

  it('oidcc-ui-locales, -claims-locales, -ensure-request-with-acr-values-succeeds', async () => {
    assert.equal(typeof (await claimsWith({ ui_locales: 'se' }))['sub'], 'string');
    assert.equal(typeof (await claimsWith({ claims_locales: 'se' }))['sub'], 'string');
    assert.equal((await claimsWith({ acr_values: '1 2' }))['acr'], '1');
  });

  it('oidcc-codereuse, -codereuse-30seconds: refused, and the tokens end', async () => {
    for (const wait of [0, 31_000]) {
      const { tokens, back, begun } = await tokensOf(party, new HandBrowser(callback), 'ann');
      clock.move(wait);
      await assert.rejects(redeem(party, begun, back), (cause: unknown) => {
        assert.ok(cause instanceof client.ResponseBodyError);
        assert.deepEqual([cause.error, cause.status], ['invalid_grant', 400]);
        return true;
      });
      const answer = await fetch(`${world.issuer}/userinfo`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      assert.equal(answer.status, 401);
    }
  });

  it('oidcc-ensure-registered-redirect-uri, -redirect-uri-query-OK, -mismatch, -added: letter by letter', async () => {
    const redirects = `${callback}?foo=bar`;
    const other = await world.addApplication({ redirects });
    const its = await world.party(other);
    const begun = await begin(its, { redirect_uri: redirects });
    const back = await goThrough(browser, await browser.go(begun.address), 'ann');
    assert.equal(back.searchParams.get('foo'), 'bar');
    const answer = await fetch(`${world.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: back.searchParams.get('code') ?? '',
        redirect_uri: redirects,
        code_verifier: begun.verifier,
        client_id: other.application.clientId,
        client_secret: other.secret,
      }),
    });
    assert.equal(answer.status, 200);
    for (const redirect_uri of [callback, `${callback}?foo=baz`, `${redirects}&x=1`, 'https://evil.example/cb']) {
      const { status, url } = await browser.go((await begin(its, { redirect_uri })).address);
      assert.deepEqual([status, url.origin], [400, world.root]);
    }
    const { address } = await begin(its);
    address.searchParams.delete('redirect_uri');
    assert.equal((await browser.go(address)).status, 400);
  });

  it('oidcc-ensure-post-request-succeeds: the authorization endpoint takes a form', async () => {
    const { address } = await begin(party);
    const answer = await fetch(`${world.issuer}/auth`, {
      method: 'POST',
      body: address.searchParams,
      redirect: 'manual',
    });
    assert.equal(answer.status, 303);
    const asked = await browser.go(answer.headers.get('location') ?? '');
    assert.equal(asked.url.pathname, '/sign-in');
  });

  it('oidcc-server-client-secret-post, -basic: both ways of showing the secret', async () => {
    for (const way of [client.ClientSecretBasic, client.ClientSecretPost]) {
      const { tokens } = await tokensOf(await world.party(wiki, way(wiki.secret)), new HandBrowser(callback), 'ann');
      assert.notEqual(tokens.access_token, '');
    }
    const only = await world.addApplication({ options: { ...plainOptions, clientProof: 'client_secret_post' } });
    const { tokens } = await tokensOf(await world.party(only, client.ClientSecretPost(only.secret)), browser, 'ann');
    assert.notEqual(tokens.access_token, '');
  });

  it('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported', async () => {
    const request = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`;
    assert.equal(await errorOf({ request }), 'request_not_supported');
    assert.equal(await errorOf({ request_uri: 'https://rp.example/request' }), 'request_uri_not_supported');
  });

  it('oidcc-claims-essential: a claim that is asked for by itself comes from the userinfo endpoint', async () => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } }, id_token: { email: null } });
    const { tokens } = await tokensOf(party, browser, 'ann', { scope: 'openid', claims });
    const person = await client.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? '');
    assert.deepEqual(Object.keys(person).toSorted(), ['name', 'sub']);
    assert.equal(tokens.claims()?.['email'], 'ann@example.com');
  });

  it('oidcc-refresh-token: with the same subject, and for its own client alone', async () => {
    const { tokens } = await tokensOf(party, browser, 'ann', { scope: 'openid offline_access', prompt: 'consent' });
    const second = await client.refreshTokenGrant(party, tokens.refresh_token ?? '');
    assert.equal(second.claims()?.sub, tokens.claims()?.sub);
    assert.equal(second.claims()?.iss, tokens.claims()?.iss);
    const other = await world.party(await world.addApplication());
    await assert.rejects(client.refreshTokenGrant(other, second.refresh_token ?? ''), /invalid|error/iu);
  });

  it('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
    const { code_challenge_methods_supported: methods } = party.serverMetadata();
    assert.deepEqual(methods, ['S256']);
  });

  it('oidcc-server-rotate-keys: the new key is published before it signs, and the old one stays', async () => {
    const keysNow = async (): Promise<readonly string[]> => {
      const { keys } = (await (await fetch(`${world.issuer}/jwks`)).json()) as { keys: readonly jose.JWK[] };
      return keys.map(({ kid }) => kid ?? '');
    };
    const old = await keysNow();
    await world.app.openId.rotateKeys({ atOnce: false });
    clock.move(10_000);
    const fresh = await keysNow();
    assert.equal(fresh.length, old.length + 1);
    for (const kid of old) assert.ok(fresh.includes(kid));
  });

  it('oidcc-discovery-endpoint-verification', async () => {
    const document = (await (await fetch(`${world.issuer}/.well-known/openid-configuration`)).json()) as Json;
    assert.equal(document['issuer'], world.issuer);
    for (const [name, path] of Object.entries({
      authorization_endpoint: '/auth',
      token_endpoint: '/token',
      userinfo_endpoint: '/userinfo',
      jwks_uri: '/jwks',
      introspection_endpoint: '/introspect',
      revocation_endpoint: '/revoke',
      end_session_endpoint: '/end-session',
    })) {
      assert.equal(document[name], `${world.issuer}${path}`);
    }
    assert.equal(document['registration_endpoint'], undefined);
    assert.equal(document['request_parameter_supported'], false);
    assert.equal(document['request_uri_parameter_supported'], false);
    assert.equal(document['claims_parameter_supported'], true);
    assert.deepEqual(document['response_types_supported'], ['code']);
    const elsewhere = await fetch(`${world.root}/.well-known/oauth-authorization-server/oidc`);
    assert.deepEqual(await elsewhere.json(), document);
    // What a request says of its own address changes nothing.
    const forged = await fetch(`${world.issuer}/.well-known/openid-configuration`, {
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    });
    assert.deepEqual(await forged.json(), document);
  });
});
