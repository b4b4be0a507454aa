import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import * as jose from 'jose';
import * as client from 'openid-client';
import { plainOptions } from '../src/core/application/application.ts';
import { appOwner } from './factor-owner.ts';
import {
  begin,
  callback,
  goThrough,
  HandBrowser,
  movedClock,
  type OpenIdWorld,
  openOpenIdWorld,
  openToldServer,
  redeem,
  tokensOf,
} from './openid-world.ts';
import { caller, password } from './world.ts';

const limitsOff = { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' };

/** The word of OAuth in what a client throws. */
async function wordOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return 'passed';
  } catch (cause) {
    if (cause instanceof client.WWWAuthenticateChallengeError) return cause.cause[0]?.parameters.error ?? '';
    return cause instanceof client.ResponseBodyError ? cause.error : String(cause);
  }
}

describe('signing in at an application by OpenID Connect', { timeout: 240_000 }, () => {
  let world: OpenIdWorld;
  const clock = movedClock();
  let browser: HandBrowser;
  let wiki: Awaited<ReturnType<OpenIdWorld['addApplication']>>;
  let party: client.Configuration;

  before(async () => {
    world = await openOpenIdWorld({ clock, env: limitsOff });
    await world.add('ann');
    wiki = await world.addApplication();
    party = await world.party(wiki);
  });
  after(async () => {
    await world.close();
  });
  afterEach(() => {
    assert.deepEqual(
      world.logged.map(({ sentence }) => sentence),
      [],
    );
  });
  const fresh = (): HandBrowser => {
    browser = new HandBrowser(callback);
    return browser;
  };

  it('goes from sign-in over consent and code to tokens and claims', async () => {
    const { tokens } = await tokensOf(party, fresh(), 'ann');
    const claims = tokens.claims();
    const ann = await world.app.account.find({ by: 'username', value: 'ann' });
    assert.equal(claims?.sub, ann?.id);
    assert.deepEqual([claims?.['acr'], claims?.['amr']], ['1', ['pwd']]);
    assert.ok(typeof claims?.auth_time === 'number' && claims.auth_time <= Date.now() / 1000);
    assert.equal(tokens.refresh_token, undefined);
    const person = await client.fetchUserInfo(party, tokens.access_token, claims?.sub ?? '');
    assert.deepEqual(person, {
      sub: ann?.id,
      name: 'ann',
      preferred_username: 'ann',
      picture: `${world.root}/avatar/ann`,
      updated_at: Math.floor((ann?.updatedAt ?? 0) / 1000),
      email: 'ann@example.com',
      email_verified: true,
      roles: ['user'],
    });
  });

  it('asks for nothing twice in one browser, and remembers the consent in the next', async () => {
    const first = fresh();
    await tokensOf(party, first, 'ann');
    const again = await begin(party);
    const back = await first.go(again.address);
    assert.ok(back.url.href.startsWith(callback), back.text);
    await redeem(party, again, back.url);
    const third = await begin(party);
    const asked = await fresh().go(third.address);
    assert.equal(asked.url.pathname, '/sign-in');
    const signed = await browser.send(asked, { username: 'ann', password });
    assert.ok(signed.url.href.startsWith(callback), signed.text);
  });

  it('tells of both factors', async () => {
    const owner = await appOwner(world, 'two.factors');
    const begun = await begin(party);
    const name = await fresh().go(begun.address);
    const asked = await browser.send(name, { username: owner.username, password });
    assert.match(asked.url.pathname, /^\/2fa\/totp\//u);
    assert.ok(!asked.text.includes(password));
    const wrong = await browser.send(asked, { code: '000000' });
    assert.equal(wrong.status, 400);
    const back = await goThrough(browser, await browser.send(wrong, { code: owner.code() }), owner.username);
    const tokens = await redeem(party, begun, back);
    assert.deepEqual([tokens.claims()?.['acr'], tokens.claims()?.['amr']], ['2', ['pwd', 'otp', 'mfa']]);
  });

  it('lets a person deny, and go without them', async () => {
    await world.add('bea');
    const begun = await begin(party);
    const name = await fresh().go(begun.address);
    const consent = await browser.send(name, { username: 'bea', password });
    assert.match(consent.text, /A Wiki asks who you are/u);
    assert.match(consent.text, /your e-mail address/u);
    const denied = await browser.send(consent, { allow: 'no' });
    assert.equal(denied.url.searchParams.get('error'), 'access_denied');
    assert.equal(denied.url.searchParams.get('state'), begun.state);
  });

  it('takes a consent from its own page alone, unframed (Q09)', async () => {
    await world.add('cho');
    const begun = await begin(party);
    const name = await fresh().go(begun.address);
    const consent = await browser.send(name, { username: 'cho', password });
    assert.match(consent.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/u);
    assert.equal(consent.headers.get('x-frame-options'), 'DENY');
    for (const site of ['cross-site', 'same-site', 'none']) {
      const refused = await browser.send(consent, { allow: 'yes' }, 0, { 'sec-fetch-site': site });
      assert.equal(refused.status, 403);
    }
    // Another browser that knows the address has not the cookie.
    const { status, text } = await new HandBrowser(callback).go(consent.url);
    assert.equal(status, 400);
    assert.doesNotMatch(text, /SessionNotFound|stack/u);
    assert.ok((await browser.send(consent, { allow: 'yes' })).url.href.startsWith(callback));
  });

  it('redeems a code once: the second time ends what the first gave (Q02)', async () => {
    const { tokens, back, begun } = await tokensOf(party, fresh(), 'ann');
    assert.equal(await wordOf(redeem(party, begun, back)), 'invalid_grant');
    assert.equal((await client.tokenIntrospection(party, tokens.access_token)).active, false);
  });

  it('gives one of four that bring a code at once', async () => {
    const begun = await begin(party);
    const back = await goThrough(fresh(), await browser.go(begun.address), 'ann');
    const { openIdRecords } = world.store;
    const { find } = openIdRecords;
    let waiting = 0;
    let letGo = (): void => undefined;
    const all = new Promise<void>((done) => {
      letGo = done;
    });
    // Each has found the code unused before any of them uses it.
    const together: typeof find = async (kind, ...rest) => {
      const found = await find(kind, ...rest);
      if (kind !== 'AuthorizationCode') return found;
      waiting += 1;
      if (waiting === 4) letGo();
      await all;
      return found;
    };
    Object.assign(openIdRecords, { find: together });
    try {
      const words = await Promise.all([1, 2, 3, 4].map(async () => await wordOf(redeem(party, begun, back))));
      assert.equal(words.filter((word) => word === 'passed').length, 1, words.join());
      assert.equal(words.filter((word) => word === 'invalid_grant').length, 3, words.join());
    } finally {
      Object.assign(openIdRecords, { find });
    }
  });

  it('takes redirect addresses letter by letter alone (Q01)', async () => {
    for (const redirect_uri of [
      `${callback}/`,
      `${callback}?x=1`,
      `${callback}#x`,
      'http://rp.localhost/CB',
      'http://rp.localhost/cb/../cb',
      'http://rp.localhost/cb;/',
      'http://rp.localhost:80/cb',
      'http://RP.localhost/cb',
      'https://rp.localhost/cb',
      'http://rp.localhost.evil.example/cb',
      'http://rp.localhost@evil.example/cb',
      'http://rpxlocalhost/cb',
      'http://rp.localhost/%63b',
      'javascript:alert(1)',
      '//rp.localhost/cb',
    ]) {
      const { address } = await begin(party, { redirect_uri });
      const { status, text, url } = await new HandBrowser('http://rp', 'https://rp').go(address);
      assert.equal(status, 400, redirect_uri);
      assert.equal(url.host, new URL(world.root).host);
      assert.match(text, /<h1>This cannot go on<\/h1>/u);
    }
  });

  it('asks public clients for PKCE, and holds every client to what it began with', async () => {
    const publicClient = await world.addApplication({ options: { ...plainOptions, publicClient: true } });
    const bare = await world.party(publicClient, client.None());
    const without = await begin(bare, { code_challenge: undefined, code_challenge_method: undefined });
    const refused = await fresh().go(without.address);
    assert.equal(refused.url.searchParams.get('error'), 'invalid_request');
    const plain = await begin(bare, { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' });
    assert.equal((await browser.go(plain.address)).url.searchParams.get('error'), 'invalid_request');
    const { tokens } = await tokensOf(bare, fresh(), 'ann');
    assert.notEqual(tokens.access_token, '');
    const begun = await begin(party);
    const back = await goThrough(fresh(), await browser.go(begun.address), 'ann');
    const other = { ...begun, verifier: client.randomPKCECodeVerifier() };
    assert.equal(await wordOf(redeem(party, other, back)), 'invalid_grant');
  });

  it('knows no dynamic registration, no request objects, and follows no address (Q08, Q13)', async () => {
    const { serverMetadata } = party;
    assert.equal(serverMetadata.bind(party)().registration_endpoint, undefined);
    const registered = await fetch(`${world.issuer}/reg`, { method: 'POST', body: '{}' });
    assert.equal(registered.status, 404);
    const told = await openToldServer();
    try {
      for (const more of [{ request_uri: told.address }, { request: 'eyJhbGciOiJub25lIn0.e30.' }]) {
        const begun = await begin(party, more);
        const { status, url } = await fresh().go(begun.address);
        assert.ok(status === 400 || /request(?:_uri)?_not_supported/u.test(url.search), `${status} ${url.search}`);
      }
      assert.equal(told.told.length, 0);
    } finally {
      await told.close();
    }
  });

  it('posts an answer by a page whose one script is known by its hash, and by no other mode that shows it elsewhere', async () => {
    const posted = await browserAnswer({ response_mode: 'form_post' });
    assert.equal(posted.status, 200);
    const policy = posted.headers.get('content-security-policy') ?? '';
    assert.match(policy, /script-src 'none' 'sha256-[^']+'/u);
    assert.match(policy, /frame-ancestors 'none'/u);
    assert.match(posted.text, /action="http:\/\/rp\.localhost\/cb"/u);
    const unknown = await browserAnswer({ response_mode: 'web_message' });
    assert.equal(unknown.url.searchParams.get('error') ?? 'unsupported_response_mode', 'unsupported_response_mode');
  });

  async function browserAnswer(more: Readonly<Record<string, string>>) {
    const one = fresh();
    await tokensOf(party, one, 'ann');
    return await one.go((await begin(party, more)).address);
  }

  it('refreshes by turns, and ends the family of a refresh token that comes again (Q04)', async () => {
    const { tokens } = await tokensOf(party, fresh(), 'ann', {
      scope: 'openid offline_access',
      prompt: 'consent',
    });
    const first = tokens.refresh_token ?? '';
    assert.notEqual(first, '');
    const second = await client.refreshTokenGrant(party, first);
    assert.notEqual(second.refresh_token, first);
    assert.equal(
      await wordOf(client.refreshTokenGrant(party, second.refresh_token ?? '', { scope: 'openid roles' })),
      'invalid_scope',
    );
    const third = await client.refreshTokenGrant(party, second.refresh_token ?? '');
    assert.equal(await wordOf(client.refreshTokenGrant(party, first)), 'invalid_grant');
    assert.equal(await wordOf(client.refreshTokenGrant(party, third.refresh_token ?? '')), 'invalid_grant');
    assert.equal((await client.tokenIntrospection(party, third.access_token)).active, false);
  });

  it('keeps the refresh tokens that were used last, and forgets older ones', async () => {
    const { tokens } = await tokensOf(party, fresh(), 'ann', { scope: 'openid offline_access', prompt: 'consent' });
    const given = [tokens.refresh_token ?? ''];
    for (let turn = 0; turn < 7; turn++) {
      const next = await client.refreshTokenGrant(party, given.at(-1) ?? '');
      given.push(next.refresh_token ?? '');
    }
    assert.equal(new Set(given).size, 8);
    assert.equal(await wordOf(client.refreshTokenGrant(party, given[0] ?? '')), 'invalid_grant');
    const last = await client.refreshTokenGrant(party, given.at(-1) ?? '');
    assert.equal(await wordOf(client.refreshTokenGrant(party, given.at(-3) ?? '')), 'invalid_grant');
    assert.equal(await wordOf(client.refreshTokenGrant(party, last.refresh_token ?? '')), 'invalid_grant');
  });

  it('introspects and revokes', async () => {
    const { tokens } = await tokensOf(party, fresh(), 'ann');
    const told = await client.tokenIntrospection(party, tokens.access_token);
    assert.deepEqual(
      [told.active, told.client_id, told.scope],
      [true, wiki.application.clientId, 'openid profile email roles'],
    );
    await client.tokenRevocation(party, tokens.access_token);
    assert.equal((await client.tokenIntrospection(party, tokens.access_token)).active, false);
    assert.equal(
      await wordOf(client.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? '')),
      'invalid_token',
    );
  });

  it('gives tokens that are good for nothing at the other doors (Q17)', async () => {
    const { tokens } = await tokensOf(party, fresh(), 'ann');
    const ann = await world.app.account.find({ by: 'username', value: 'ann' });
    for (const text of [tokens.access_token, tokens.id_token ?? '']) {
      const { status } = await world.call({
        url: '/api/v1/me',
        headers: { 'x-user-id': ann?.id ?? '', 'x-auth-token': text },
      });
      assert.equal(status, 401);
      assert.equal((await world.call({ url: '/api/v1/me', headers: { authorization: `Bearer ${text}` } })).status, 401);
      const resumed = await world.call({ url: '/api/v1/login', body: { resume: text } });
      assert.equal(resumed.status, 401);
    }
  });

  it('asks nobody with prompt=none, and goes on where a browser is signed in', async () => {
    const nobody = await begin(party, { prompt: 'none' });
    const refused = await fresh().go(nobody.address);
    assert.equal(refused.url.searchParams.get('error'), 'login_required');
    const signed = await browser.send(await browser.go(`${world.root}/sign-in`), { username: 'ann', password });
    assert.equal(signed.status, 200);
    const quiet = await begin(party, { prompt: 'none' });
    const back = await browser.go(quiet.address);
    assert.notEqual(back.url.searchParams.get('code'), null, back.url.search);
    await world.add('dan');
    const other = await browser.send(await browser.go(`${world.root}/sign-in?again=1`), { username: 'dan', password });
    assert.equal(other.status, 200);
    const unasked = await browser.go((await begin(party, { prompt: 'none' })).address);
    assert.equal(unasked.url.searchParams.get('error'), 'consent_required');
  });

  it('asks once more with prompt=login and max_age, and tells when', async () => {
    const { tokens } = await tokensOf(party, fresh(), 'ann');
    clock.move(5_000);
    for (const more of [{ prompt: 'login' }, { max_age: '0' }, { max_age: '3' }]) {
      clock.move(5_000);
      const begun = await begin(party, more);
      const asked = await browser.go(begun.address);
      assert.equal(asked.url.pathname, '/sign-in', JSON.stringify(more));
      // Whoever goes back to the interaction without doing so is sent to the page again.
      const skipped = await browser.go(`${world.root}${asked.url.searchParams.get('return') ?? ''}`);
      assert.equal(skipped.url.pathname, '/sign-in');
      const back = await goThrough(browser, asked, 'ann');
      const again = await redeem(party, begun, back);
      assert.ok((again.claims()?.auth_time ?? 0) > (tokens.claims()?.auth_time ?? 0));
    }
    const enough = await browser.go((await begin(party, { max_age: '100' })).address);
    assert.ok(enough.url.href.startsWith(callback));
  });

  it('knows who stands before it now: another person gets tokens of their own', async () => {
    await world.add('eve');
    const ann = await tokensOf(party, fresh(), 'ann');
    clock.move(2_000);
    const begun = await begin(party, { prompt: 'login' });
    const eve = await redeem(party, begun, await goThrough(browser, await browser.go(begun.address), 'eve'));
    assert.notEqual(eve.claims()?.sub, ann.tokens.claims()?.sub);
    assert.equal((await client.tokenIntrospection(party, ann.tokens.access_token)).active, false);
  });

  it('refuses what it cannot reach: an essential second factor, somebody else than hinted', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: '2' } } });
    const begun = await begin(party, { claims });
    const back = await goThrough(fresh(), await browser.go(begun.address), 'ann');
    assert.equal(back.searchParams.get('error'), 'access_denied');
  });

  it('lets nobody go on whose session has ended, by whatever way', async () => {
    const { app } = world;
    const frank = await world.add('frank');
    const ways: readonly (() => Promise<unknown>)[] = [
      async () => {
        const page = await browser.go(`${world.root}/sign-out`);
        assert.match((await browser.send(page, {})).text, /You are signed out/u);
      },
      async () => await app.host.endSessions(frank.id, caller()),
      async () => await app.host.setPassword(frank.id, { plain: password }, caller()).catch(() => undefined),
      async () => {
        await app.host.setOpen(frank.id, false, caller());
        await app.host.setOpen(frank.id, true, caller());
      },
    ];
    for (const end of ways) {
      const offline = { scope: 'openid offline_access email', prompt: 'consent' };
      const { tokens } = await tokensOf(party, fresh(), 'frank', offline);
      const usual = await tokensOf(party, browser, 'frank');
      assert.equal((await client.tokenIntrospection(party, usual.tokens.access_token)).active, true);
      await end();
      assert.equal((await client.tokenIntrospection(party, usual.tokens.access_token)).active, false);
      const refused = await browser.go((await begin(party, { prompt: 'none' })).address);
      assert.equal(refused.url.searchParams.get('error'), 'login_required', end.toString());
      // Signing out in one browser leaves alone what was let go on while its owner is away.
      const word = await wordOf(client.refreshTokenGrant(party, tokens.refresh_token ?? ''));
      assert.equal(word, end === ways[0] ? 'passed' : 'invalid_grant', end.toString());
    }
  });

  it('ends with the session behind it also where no node hears of that', async () => {
    const ida = await world.add('ida');
    const { openId } = world.app;
    const { takeEnded } = openId;
    Object.assign(openId, { takeEnded: async () => await Promise.resolve([]) });
    try {
      const { tokens } = await tokensOf(party, fresh(), 'ida');
      assert.equal((await client.tokenIntrospection(party, tokens.access_token)).active, true);
      await world.app.host.endSessions(ida.id, caller());
      const again = await tokensOf(party, fresh(), 'ida');
      await browser.send(await browser.go(`${world.root}/sign-out`), {});
      assert.equal((await client.tokenIntrospection(party, again.tokens.access_token)).active, false);
    } finally {
      Object.assign(openId, { takeEnded });
    }
  });

  it('knows nobody whose account is closed', async () => {
    const gus = await world.add('gus');
    const offline = { scope: 'openid offline_access', prompt: 'consent' };
    const { tokens } = await tokensOf(party, fresh(), 'gus', offline);
    const begun = await begin(party);
    const back = await goThrough(browser, await browser.go(begun.address), 'gus');
    await world.app.host.setOpen(gus.id, false, caller());
    assert.equal(await wordOf(redeem(party, begun, back)), 'invalid_grant');
    assert.equal(await wordOf(client.refreshTokenGrant(party, tokens.refresh_token ?? '')), 'invalid_grant');
    const asked = await browser.go((await begin(party)).address);
    assert.equal(asked.url.pathname, '/sign-in');
    assert.match((await browser.send(asked, { username: 'gus', password })).text, /switched off/u);
  });

  it('forgets a consent that was taken back', async () => {
    await world.add('hal');
    const { tokens } = await tokensOf(party, fresh(), 'hal');
    const { account, token } = await world.signIn('hal');
    await world.app.application.withdraw({ account, token }, wiki.application.clientId, caller());
    assert.equal(
      await wordOf(client.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? '')),
      'invalid_token',
    );
    const asked = await browser.go((await begin(party)).address);
    assert.match(asked.text, /asks who you are/u);
  });

  it('knows no application that is switched off, and no secret but its own', async () => {
    const other = await world.addApplication({ name: 'Soon off' });
    const its = await world.party(other);
    const { tokens } = await tokensOf(its, fresh(), 'ann');
    const guess = await world.party({ ...other, secret: 'guess' });
    const off = { name: 'Off', redirects: callback, options: {} };
    assert.equal(await wordOf(client.tokenIntrospection(guess, tokens.access_token)), 'invalid_client');
    await world.app.application.change(world.admin, other.application.id, { ...off, active: false }, caller());
    assert.equal(await wordOf(client.tokenIntrospection(its, tokens.access_token)), 'invalid_client');
    assert.equal((await browser.go((await begin(its)).address)).status, 400);
  });

  it('goes on through a change of keys: old tokens hold, new ones are signed anew (Q12)', async () => {
    const { tokens } = await tokensOf(party, fresh(), 'ann');
    const kidOf = (token: string | undefined): string => jose.decodeProtectedHeader(token ?? '').kid ?? '';
    const old = kidOf(tokens.id_token);
    const fresher = await world.app.openId.rotateKeys({ atOnce: false });
    clock.move(10_000);
    const between = await tokensOf(party, browser, 'ann');
    assert.equal(kidOf(between.tokens.id_token), old);
    const { keys } = (await (await fetch(`${world.issuer}/jwks`)).json()) as { keys: readonly jose.JWK[] };
    assert.deepEqual(keys.map(({ kid }) => kid ?? '').toSorted(), [old, fresher].toSorted());
    for (const key of keys) assert.equal(key.d, undefined);
    clock.move(60_000);
    const later = await tokensOf(party, browser, 'ann');
    assert.equal(kidOf(later.tokens.id_token), fresher);
    const set = jose.createRemoteJWKSet(new URL(`${world.issuer}/jwks`));
    for (const text of [tokens.id_token, later.tokens.id_token]) {
      await jose.jwtVerify(text ?? '', set, { issuer: world.issuer, audience: wiki.application.clientId });
    }
    assert.equal((await client.tokenIntrospection(party, tokens.access_token)).active, true);
    // What names a key that is none, or a file, is no hint of ours.
    const forged = await new jose.SignJWT({ sub: 'x' })
      .setProtectedHeader({ alg: 'RS256', kid: '../../etc/passwd' })
      .setAudience(wiki.application.clientId)
      .setIssuer(world.issuer)
      .sign((await jose.generateKeyPair('RS256')).privateKey);
    const hinted = await browser.go((await begin(party, { id_token_hint: forged })).address);
    assert.equal(hinted.url.searchParams.get('error'), 'invalid_request');
  });

  it('holds up who guesses secrets, and takes no large bodies', async () => {
    const guess = await world.party({ ...wiki, secret: 'guess' });
    const words = new Set<string>();
    for (let tries = 0; tries < 70; tries += 1) words.add(await wordOf(client.tokenIntrospection(guess, 'x')));
    assert.ok(words.has('invalid_client'));
    const { status, headers } = await fetch(`${world.issuer}/token`, { method: 'POST', body: new URLSearchParams() });
    assert.equal(status, 429);
    assert.ok(Number(headers.get('retry-after')) > 0);
    clock.move(300_000);
    const large = await fetch(`${world.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'a'.repeat(200_000) }),
    });
    assert.equal(large.status, 400);
    assert.match(await large.text(), /invalid_request/u);
    world.logged.length = 0;
  });
});

describe('signing out of applications', { timeout: 120_000 }, () => {
  let world: OpenIdWorld;
  const clock = movedClock();
  let told: Awaited<ReturnType<typeof openToldServer>>;
  let wiki: Awaited<ReturnType<OpenIdWorld['addApplication']>>;
  let party: client.Configuration;
  const gone = 'http://rp.localhost/gone';

  before(async () => {
    world = await openOpenIdWorld({ clock, env: limitsOff });
    await world.add('ann');
    told = await openToldServer();
    wiki = await world.addApplication({
      options: { ...plainOptions, backChannelLogout: told.address, postLogoutRedirects: [gone] },
    });
    party = await world.party(wiki);
  });
  after(async () => {
    await world.close();
    await told.close();
  });

  /** What an application checks of a logout token (Back-Channel Logout 1.0 §2.6). */
  async function checked(token: string): Promise<jose.JWTPayload> {
    const set = jose.createRemoteJWKSet(new URL(`${world.issuer}/jwks`));
    const { payload } = await jose.jwtVerify(token, set, {
      issuer: world.issuer,
      audience: wiki.application.clientId,
      typ: 'logout+jwt',
    });
    assert.deepEqual(payload['events'], { 'http://schemas.openid.net/event/backchannel-logout': {} });
    assert.equal(payload['nonce'], undefined);
    assert.notEqual(payload.jti, undefined);
    return payload;
  }

  it('is told behind the back of the browser, however the session ends', async () => {
    const ann = await world.app.account.find({ by: 'username', value: 'ann' });
    const ways: readonly ((browser: HandBrowser, idToken: string) => Promise<unknown>)[] = [
      async (browser) => await browser.send(await browser.go(`${world.root}/sign-out`), {}),
      async () => await world.app.host.endSessions(ann?.id ?? '', caller()),
      async (browser, hint) => {
        const address = client.buildEndSessionUrl(party, {
          id_token_hint: hint,
          post_logout_redirect_uri: gone,
          state: 'back',
        });
        const page = await browser.go(address);
        assert.match(page.text, /A Wiki<\/strong> asks whether you want to sign out/u);
        const out = await browser.send(page, { logout: 'yes' });
        assert.equal(out.url.href, `${gone}?state=back`);
        // The session at our own pages has ended with it.
        assert.equal((await browser.go(`${world.root}/sign-in`)).url.pathname, '/sign-in');
        assert.equal(browser.cookie('countersign_session'), undefined);
      },
      async () => {
        await world.app.host.setOpen(ann?.id ?? '', false, caller());
      },
    ];
    for (const [at, end] of ways.entries()) {
      const browser = new HandBrowser(callback, gone);
      const { tokens } = await tokensOf(party, browser, 'ann');
      const sid = tokens.claims()?.['sid'];
      assert.equal(typeof sid, 'string');
      await end(browser, tokens.id_token ?? '');
      await told.heard(at + 1);
      const payload = await checked(told.told[at]?.get('logout_token') ?? '');
      assert.deepEqual([payload.sub, payload['sid']], [ann?.id, sid]);
      if (at < 3) assert.equal((await client.tokenIntrospection(party, tokens.access_token)).active, false);
    }
    assert.equal(told.told.length, ways.length);
    await world.app.host.setOpen(ann?.id ?? '', true, caller());
  });

  it('leads to registered addresses alone, and asks before', async () => {
    const browser = new HandBrowser(callback, gone);
    const { tokens } = await tokensOf(party, browser, 'ann');
    const hint = tokens.id_token ?? '';
    for (const post_logout_redirect_uri of [`${gone}/`, `${gone}?x`, 'http://evil.example/']) {
      const address = client.buildEndSessionUrl(party, { id_token_hint: hint, post_logout_redirect_uri });
      assert.equal((await browser.go(address)).status, 400);
    }
    const page = await browser.go(client.buildEndSessionUrl(party, { id_token_hint: hint }));
    const stayed = await browser.send(page, {});
    assert.match(stayed.text, /Done/u);
    assert.notEqual(await world.app.page.find(browser.cookie('countersign_session') ?? ''), undefined);
    const crossSite = await fetch(`${world.issuer}/end-session/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ logout: 'yes', xsrf: 'guess' }),
    });
    assert.equal(crossSite.status, 400);
  });
});

describe('the OpenID provider behind TLS, under a path', { timeout: 60_000 }, () => {
  it('makes its addresses and cookies of the root address alone', async () => {
    const root = 'https://sso.example.org/chat';
    const world = await openOpenIdWorld({ env: { OVERWRITE_SETTING_Site_Url: root } });
    try {
      const port = await world.port();
      const { application } = await world.addApplication();
      const at = `http://127.0.0.1:${port}/oidc`;
      const query = new URLSearchParams({
        client_id: application.clientId,
        redirect_uri: callback,
        response_type: 'code',
        scope: 'openid',
      });
      const headers = {
        'x-forwarded-host': 'evil.example',
        'forwarded': 'host=evil.example',
        'x-forwarded-port': '99',
      };
      const document = (await (await fetch(`${at}/.well-known/openid-configuration`, { headers })).json()) as object;
      assert.match(
        JSON.stringify(document),
        /"authorization_endpoint":"https:\/\/sso\.example\.org\/chat\/oidc\/auth"/u,
      );
      assert.doesNotMatch(JSON.stringify(document), /evil|127\.0\.0\.1|:99/u);
      const answer = await fetch(`${at}/auth?${query.toString()}`, { redirect: 'manual', headers });
      const location = answer.headers.get('location') ?? '';
      assert.match(location, /^https:\/\/sso\.example\.org\/chat\/oidc\/interaction\//u);
      const cookies = answer.headers.getSetCookie();
      assert.ok(cookies.length > 0);
      for (const cookie of cookies) {
        assert.match(cookie, /; secure/iu);
        assert.match(cookie, /; httponly/iu);
        assert.match(cookie, /path=\/chat\/oidc\//iu);
      }
      const pairs = cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ');
      const asked = await fetch(location.replace(`${root}/oidc`, at), {
        redirect: 'manual',
        headers: { cookie: pairs },
      });
      const { origin, pathname, searchParams } = new URL(asked.headers.get('location') ?? '');
      assert.deepEqual([`${origin}${pathname}`], [`${root}/sign-in`]);
      assert.match(searchParams.get('return') ?? '', /^\/oidc\/interaction\//u);
    } finally {
      await world.close();
    }
  });
});
