import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import * as client from 'openid-client';
import { plainOptions } from '../src/core/application/application.ts';
import {
  callback,
  HandBrowser,
  movedClock,
  type OpenIdWorld,
  openOpenIdWorld,
  openToldServer,
  tokensOf,
} from './openid-world.ts';
import { caller, password } from './world.ts';

const limitsOff = { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' };
const offline = { scope: 'openid offline_access', prompt: 'consent' };

/** What a client is told, or `passed`. */
async function wordOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return 'passed';
  } catch (cause) {
    if (cause instanceof client.WWWAuthenticateChallengeError) return cause.cause[0]?.parameters.error ?? '';
    return cause instanceof client.ResponseBodyError ? cause.error : String(cause);
  }
}

describe('what strangers can do to the OpenID provider', { timeout: 120_000 }, () => {
  let world: OpenIdWorld;
  const clock = movedClock();
  before(async () => {
    world = await openOpenIdWorld({ clock });
  });
  after(async () => {
    await world.close();
  });
  const status = async (path: string, init: RequestInit = {}): Promise<number> =>
    (await fetch(`${world.issuer}${path}`, { redirect: 'manual', ...init })).status;
  const post = (fields: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields) });

  it('serves each path in one spelling, so that nothing gets round what counts it', async () => {
    for (const path of [
      '/AUTH',
      '/auth/',
      '/Token',
      '/token/',
      '/introspect/',
      '/%61uth',
      '/jwks/',
      '/x',
      '/',
      '//auth',
    ]) {
      assert.equal(await status(path), 404, path);
      assert.equal(await status(path, post({ a: 'b' })), 404, path);
    }
    assert.equal(await status('/jwks'), 200);
    assert.equal(await status('/.well-known/openid-configuration?x'), 200);
  });

  it('keeps nothing long for anybody', async () => {
    const long = 'x'.repeat(3_000);
    assert.equal(await status(`/end-session?state=${long}`), 400);
    assert.equal(await status(`/auth?state=${long}`), 400);
    assert.equal(await status(`/end-session?id_token_hint=${'x'.repeat(5_000)}`), 400);
    assert.equal(await status('/end-session', post({ state: long })), 400);
    assert.equal(await status('/auth', post({ state: long })), 400);
    assert.equal(await status('/end-session', post({ state: 'short' })), 303);
  });

  it('forgets a browser of nobody after ten minutes, many at a time', async () => {
    for (let at = 0; at < 40; at += 1) assert.equal(await status('/end-session'), 200);
    clock.move(601_000);
    const steps: number[] = [];
    for (let swept = 1; swept > 0; ) {
      swept = await world.app.session.sweep();
      steps.push(swept);
    }
    assert.ok(Math.max(...steps) >= 40, `${steps.join(' ')}`);
  });

  it('counts whatever is written for somebody who shows nothing', async () => {
    const now = clock.now();
    const key = 'openid write 203.0.113.9';
    const paths = ['/end-session', '/auth', '/auth/abc', '/interaction/abc', '/end-session/confirm'];
    const { calls } = await world.app.counts.seen(key, now);
    for (const path of paths) await status(path);
    assert.equal((await world.app.counts.seen(key, clock.now())).calls, calls + paths.length);
    for (let at = 0; at < 3_000; at += 1) await world.app.counts.count({ key, windowMs: 300_000, now: clock.now() });
    for (const path of paths) assert.equal(await status(path), 429, path);
  });
});

describe('what a person and a client may rely on', { timeout: 120_000 }, () => {
  let world: OpenIdWorld;
  const clock = movedClock();
  before(async () => {
    world = await openOpenIdWorld({ clock, env: limitsOff });
  });
  after(async () => {
    await world.close();
  });
  const noted = async (what: string): Promise<number> =>
    (await world.store.audit.newest(200)).filter((entry) => entry.what === what).length;

  it('a person who signed in twice in one browser leaves all applications at once', async () => {
    await world.add('dan');
    const told = await openToldServer();
    try {
      const wiki = await world.addApplication({ options: { ...plainOptions, backChannelLogout: told.address } });
      const party = await world.party(wiki);
      const browser = new HandBrowser(callback);
      const { tokens } = await tokensOf(party, browser, 'dan');
      const older = await world.app.page.find(browser.cookie('countersign_session') ?? '');
      assert.ok(older !== undefined);
      const again = await browser.go(`${world.root}/sign-in?again=1&return=%2Fsign-out`);
      const out = await browser.send(again, { username: 'dan', password });
      assert.equal((await client.tokenIntrospection(party, tokens.access_token)).active, true, 'nothing has ended yet');
      assert.equal(await world.app.session.find(older.signed.token.hash), undefined, 'the older session');
      await browser.send(out, {});
      await told.heard(1);
      assert.equal((await client.tokenIntrospection(party, tokens.access_token)).active, false);
    } finally {
      await told.close();
    }
  });

  it('what an application held that was removed is nothing to others, and breaks nothing', async () => {
    await world.add('eve');
    const one = await world.addApplication();
    const other = await world.party(await world.addApplication());
    const { tokens } = await tokensOf(await world.party(one), new HandBrowser(callback), 'eve');
    assert.equal((await client.tokenIntrospection(other, tokens.access_token)).active, true);
    await world.app.application.host.remove(one.application.id, caller());
    assert.equal((await client.tokenIntrospection(other, tokens.access_token)).active, false);
  });

  it('nobody is told of a person who must choose another password first', async () => {
    const { id } = await world.add('fay');
    const party = await world.party(await world.addApplication());
    const { tokens } = await tokensOf(party, new HandBrowser(callback), 'fay', offline);
    const root = world.admin;
    const account = await world.app.account.find({ by: 'username', value: 'fay' });
    assert.ok(account !== undefined);
    await world.app.account.edit(root, account, { passwordChangeRequired: true }, caller());
    assert.equal(await world.app.openId.person(id), undefined);
    const { access_token: access, refresh_token: refresh = '' } = tokens;
    assert.notEqual(await wordOf(client.fetchUserInfo(party, access, id)), 'passed');
    assert.equal(await wordOf(client.refreshTokenGrant(party, refresh)), 'invalid_grant');
  });

  it('what a secret guarded ends with it', async () => {
    await world.add('gus');
    const one = await world.addApplication();
    const party = await world.party(one);
    const { tokens } = await tokensOf(party, new HandBrowser(callback), 'gus', offline);
    const options = { publicClient: true };
    await world.app.application.change(world.admin, one.application.id, { options }, caller());
    const open = await world.party(one, client.None());
    assert.equal(await wordOf(client.refreshTokenGrant(open, tokens.refresh_token ?? '')), 'invalid_grant');
  });

  it('a client shows its secret in the way that it registered', async () => {
    const posts = await world.addApplication({ options: { ...plainOptions, clientProof: 'client_secret_post' } });
    const basic = await world.addApplication({ options: { ...plainOptions, clientProof: 'client_secret_basic' } });
    const refused = await noted('application.client-refused');
    for (const [of, good] of [
      [posts, false],
      [basic, true],
    ] as const) {
      const [byBasic, byPost] = [await world.party(of), await world.party(of, client.ClientSecretPost(of.secret))];
      for (const [party, held] of [
        [byBasic, good],
        [byPost, !good],
      ] as const) {
        assert.equal(await wordOf(client.tokenIntrospection(party, 'x')), held ? 'passed' : 'invalid_client');
        assert.equal(await wordOf(client.tokenRevocation(party, 'x')), held ? 'passed' : 'invalid_client');
        const word = await wordOf(client.refreshTokenGrant(party, 'x'));
        assert.equal(word, held ? 'invalid_grant' : 'invalid_client');
      }
    }
    assert.equal((await noted('application.client-refused')) - refused, 6);
  });

  it('sign-ins and replays stand in the audit trail', async () => {
    const { id } = await world.add('hal');
    const party = await world.party(await world.addApplication());
    const [signIns, replays] = [await noted('application.log-in'), await noted('application.replay')];
    const { tokens } = await tokensOf(party, new HandBrowser(callback), 'hal', offline);
    assert.equal(await noted('application.log-in'), signIns + 1);
    await client.refreshTokenGrant(party, tokens.refresh_token ?? '');
    assert.equal(await wordOf(client.refreshTokenGrant(party, tokens.refresh_token ?? '')), 'invalid_grant');
    assert.equal(await noted('application.replay'), replays + 1);
    assert.equal(await noted('application.log-in'), signIns + 1, 'a refresh is no sign-in');
    const [newest] = (await world.store.audit.newest(20, id)).filter(({ what }) => what === 'application.replay');
    assert.deepEqual([newest?.outcome, newest?.facts['of']], ['refused', 'refresh token']);
  });

  it('addresses that go together in no one client are refused', async () => {
    const own = 'org.example.app:/cb';
    for (const redirects of [`${callback}\n${own}`, `https://localhost/cb\n${own}`]) {
      await assert.rejects(world.addApplication({ redirects }), { code: 'application-redirect-invalid' });
    }
    await assert.rejects(world.addApplication({ options: { ...plainOptions, postLogoutRedirects: [own] } }), {
      code: 'application-redirect-invalid',
    });
    const { application } = await world.addApplication({
      redirects: `http://127.0.0.1/cb\nhttps://a.example/cb\n${own}`,
    });
    const page = await fetch(`${world.issuer}/auth?client_id=${application.clientId}`, { redirect: 'manual' });
    assert.doesNotMatch(await page.text(), /invalid_client/u);
  });

  it('no application has the server ask inside of its own network, unless the operator lets it', async () => {
    const told = await openToldServer();
    const shut = await openOpenIdWorld({
      clock,
      env: { ...limitsOff, OVERWRITE_SETTING_Countersign_OpenID_Inner_Logout: 'false' },
    });
    try {
      const { id } = await shut.add('ida');
      const party = await shut.party(
        await shut.addApplication({ options: { ...plainOptions, backChannelLogout: told.address } }),
      );
      await tokensOf(party, new HandBrowser(callback), 'ida');
      await shut.app.host.endSessions(id, caller());
      for (let tries = 0; shut.logged.length === 0 && tries < 500; tries += 1) {
        await new Promise((tick) => {
          setTimeout(tick, 10);
        });
      }
      assert.equal(shut.logged[0]?.sentence, 'an application did not take a logout token');
      assert.equal(told.told.length, 0);
    } finally {
      await shut.close();
      await told.close();
    }
  });
});

describe('applications that do not answer', { timeout: 60_000 }, () => {
  it('keep neither others from being told nor a node from stopping', async () => {
    const world = await openOpenIdWorld({ clock: movedClock(), env: limitsOff });
    const slow = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const told = await openToldServer();
    try {
      const address = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`;
      const stuck = await world.party(
        await world.addApplication({ options: { ...plainOptions, backChannelLogout: address } }),
      );
      const good = await world.party(
        await world.addApplication({ options: { ...plainOptions, backChannelLogout: told.address } }),
      );
      const ids: string[] = [];
      for (const name of ['one', 'two', 'six']) {
        ids.push((await world.add(name)).id);
        await tokensOf(stuck, new HandBrowser(callback), name);
      }
      const { id } = await world.add('ten');
      await tokensOf(good, new HandBrowser(callback), 'ten');
      for (const one of [...ids, id]) await world.app.host.endSessions(one, caller());
      const since = performance.now();
      await told.heard(1);
      assert.ok(performance.now() - since < 3_000, 'the slow ones are not waited for');
    } finally {
      const since = performance.now();
      await world.close();
      const took = performance.now() - since;
      slow.closeAllConnections();
      slow.close();
      await told.close();
      assert.ok(took < 4_500, `stopped after ${took} ms`);
    }
  });
});
