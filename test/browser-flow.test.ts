// The modern way through the browser, and the end of a session, with a real OpenID provider.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JWTPayload } from 'jose';
import { type RestReply, type RestWorld, withRest } from '../src/wire/rest/rest-world.suite.ts';
import { alice, type OpenIdIdp, openOpenIdIdp } from './openid-idp.ts';
import { handClock } from './world.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';

let idp: OpenIdIdp;
before(async () => {
  idp = await openOpenIdIdp(['http://localhost:3000/oauth/ours/callback']);
  idp.signsIn(alice);
});
after(async () => idp.close());

async function within(act: (world: RestWorld) => Promise<void>): Promise<void> {
  const settings = {
    '': 'true',
    '-issuer': idp.issuer,
    '-id': idp.basic.id,
    '-secret': idp.basic.secret,
    '-token_sent_via': 'header',
    '-scope': 'openid profile email',
    '-username_field': 'preferred_username',
  };
  const env = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`Accounts_OAuth_Custom-Ours${key}`, value]),
  );
  await withRest(act, {
    env: { ...env, OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' },
    clock: handClock(Date.now()),
  });
}

interface Opened {
  readonly userId: string;
  readonly loginToken: string;
}

/** What a browser and a client do together. */
async function signIn(world: RestWorld): Promise<Opened> {
  const begun = await world.call({ url: '/oauth/ours' });
  assert.equal(begun.status, 302, begun.text);
  const address = new URL(String(begun.headers['location']));
  assert.equal(address.searchParams.get('code_challenge_method'), 'S256');
  assert.match(address.searchParams.get('code_challenge') ?? '', /^[\w-]{43}$/u);
  assert.match(address.searchParams.get('nonce') ?? '', /^[\w-]{43}$/u);
  const [cookie = ''] = String(begun.headers['set-cookie']).split(';');
  const back = new URLSearchParams({ ...(await idp.authorize(address.href)) });
  const done = await world.call({ url: `/oauth/ours/callback?${back.toString()}`, headers: { cookie } });
  assert.equal(done.status, 302, done.text);
  const code = new URL(String(done.headers['location'])).searchParams.get('loginCode');
  const { json, status, text } = await world.call({ url: '/api/v1/loginCode.redeem', body: { code } });
  assert.equal(status, 200, text);
  return { userId: String(json['userId']), loginToken: String(json['loginToken']) };
}

async function isIn(world: RestWorld, { userId, loginToken }: Opened): Promise<boolean> {
  const headers = { 'x-user-id': userId, 'x-auth-token': loginToken };
  return (await world.call({ url: '/api/v1/me', headers })).status === 200;
}

async function tell(world: RestWorld, token: string): Promise<RestReply> {
  return await world.call({
    url: '/_oauth/ours/backchannel-logout',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: token }).toString(),
  });
}

describe('with a real OpenID provider', () => {
  it('a browser signs in by the modern way, and the same person is the same account', async () => {
    await within(async (world) => {
      const [one, two] = [await signIn(world), await signIn(world)];
      assert.equal(one.userId, two.userId);
      assert.notEqual(one.loginToken, two.loginToken);
      const account = await world.app.account.byId(one.userId);
      assert.deepEqual([account?.username, account?.hasPassword], [alice['preferred_username'], false]);
      const [identity] = await world.app.host.identities(one.userId);
      assert.deepEqual([identity?.provider, identity?.subject], ['ours', alice.sub]);
    });
  });

  it('Q18: logout tokens that are forged, replayed, for another, with a nonce or about nothing end no session', async () => {
    await within(async (world) => {
      const opened = await signIn(world);
      const now = Math.floor(world.clock.now() / 1000);
      const right: JWTPayload = {
        iss: idp.issuer,
        aud: idp.basic.id,
        iat: now,
        exp: now + 120,
        jti: 'first',
        sub: alice.sub,
        events: { [event]: {} },
      };
      const { jti: _jti, ...nameless } = right;
      const header = { typ: 'logout+jwt' };
      const sign = async (claims: JWTPayload): Promise<string> => await idp.sign(claims, header);
      const good = await sign(right);
      const [head = '', , signature = ''] = good.split('.');
      const body = (claims: JWTPayload): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
      const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'logout+jwt' })).toString('base64url');
      for (const [what, token] of Object.entries({
        'no token': 'x',
        'unsigned': `${none}.${body(right)}.`,
        'another body': `${head}.${body({ ...right, jti: 'other' })}.${signature}`,
        'another audience': await sign({ ...right, aud: 'their-app' }),
        'another issuer': await sign({ ...right, iss: 'https://other.example' }),
        'a nonce': await sign({ ...right, nonce: 'n' }),
        'no event': await sign({ ...right, events: {} }),
        'expired': await sign({ ...right, iat: now - 900, exp: now - 600 }),
        'no name': await sign(nameless),
        'an ID token': (await idp.tokensFor(idp.basic)).idToken,
      })) {
        const { status, json } = await tell(world, token);
        assert.deepEqual([status, json['error']], [400, 'invalid_request'], what);
      }
      assert.equal(await isIn(world, opened), true);

      assert.equal((await tell(world, good)).status, 200);
      assert.equal(await isIn(world, opened), false);
      const later = await signIn(world);
      assert.equal((await tell(world, good)).status, 400, 'a second time');
      assert.equal(await isIn(world, later), true);
      assert.equal((await tell(world, await sign({ ...right, jti: 'second' }))).status, 200);
      assert.equal(await isIn(world, later), false);
      assert.ok((await world.app.host.audit(20)).some(({ what }) => what === 'identity.log-out'));
    });
  });
});
