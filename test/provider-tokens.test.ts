import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openRestWorld, type RestWorld } from '../src/wire/rest/rest-world.suite.ts';
import { appOwner } from './factor-owner.ts';
import { environmentOf } from './oauth-client.ts';
import { ada, type Stub, type StubPerson } from './oauth-stub.ts';
import { openAppleStub, openFacebookStub, openGithubStub, openGoogleStub } from './provider-stubs.ts';
import { openTwitterStub } from './twitter-stub.ts';
import { handClock } from './world.ts';

/** Opens a world with one provider; `act` gets its stub. */
async function withStub<S extends Stub>(
  open: (now: () => number) => Promise<S>,
  act: (world: RestWorld, stub: S) => Promise<void>,
): Promise<void> {
  const clock = handClock();
  const stub = await open(() => clock.now());
  const env = { ...environmentOf(stub), OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' };
  const world = await openRestWorld({ env, clock });
  try {
    await act(world, stub);
  } finally {
    await world.close();
    await stub.close();
  }
}

async function logIn(world: RestWorld, body: unknown) {
  const { status, json } = await world.call({ url: '/api/v1/login', body });
  const data = json['data'] as { me: { name: string } } | undefined;
  return { status, error: json['error'], message: json['message'], name: data?.me.name, details: json['details'] };
}

const refused = { status: 401, name: undefined, details: undefined };
const malformed = { ...refused, error: 'Unauthorized', message: 'Unauthorized' };

describe('a token that Google gave to an app', () => {
  const body = async (stub: Awaited<ReturnType<typeof openGoogleStub>>, client = 'google-client') => ({
    serviceName: 'google',
    accessToken: stub.makeToken(client),
    idToken: await stub.idToken(client),
    expiresIn: 3600,
  });

  it('signs in where it was made for us', async () => {
    await withStub(openGoogleStub, async (world, stub) => {
      const good = await body(stub);
      assert.equal((await logIn(world, good)).name, ada.name);
      const more = {
        ...good,
        scope: 'email',
        identity: { email: 'x' },
        scopes: ['email'],
        refreshToken: 'r',
        other: 1,
      };
      assert.equal((await logIn(world, more)).status, 200);
    });
  });

  it('K06: is refused where it was made for another application, or for another person', async () => {
    await withStub(openGoogleStub, async (world, stub) => {
      const good = await body(stub);
      assert.equal((await logIn(world, await body(stub, 'another-client'))).status, 401);
      const mixed = { ...good, idToken: await stub.idToken('another-client') };
      assert.match(String((await logIn(world, mixed)).message), /"aud"/u);
      stub.signsIn({ ...ada, id: '666', email: 'eve@example.org' } satisfies StubPerson);
      const hers = { ...good, idToken: await stub.idToken('google-client') };
      assert.equal(
        (await logIn(world, hers)).message,
        'Failed to fetch identity from Google. The two tokens name two people.',
      );
      assert.equal(await world.app.account.find({ by: 'email', value: 'eve@example.org' }), undefined);
    });
  });

  it('K04: is refused with an id token that does not hold', async () => {
    await withStub(openGoogleStub, async (world, stub) => {
      const good = await body(stub);
      const seconds = Math.floor(world.clock.now() / 1000);
      const tokens = [
        await stub.idToken('google-client', { exp: seconds - 61 }),
        await stub.idToken('google-client', { iss: 'https://evil.example' }),
        await stub.idToken('google-client', {}, { kid: 'another' }),
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${good.idToken.split('.')[1]}.`,
        `${good.idToken.slice(0, -4)}AAAA`,
        'x',
      ];
      for (const idToken of tokens) assert.equal((await logIn(world, { ...good, idToken })).status, 401);
      assert.equal((await logIn(world, good)).status, 200);
    });
  });

  it('K08: takes text alone where text belongs', async () => {
    await withStub(openGoogleStub, async (world, stub) => {
      const good = await body(stub);
      for (const bad of [
        { ...good, accessToken: { $ne: '' } },
        { ...good, idToken: { $ne: '' } },
        { ...good, idToken: undefined },
        { ...good, expiresIn: '3600' },
        { ...good, expiresIn: 1.5 },
        { ...good, expiresIn: undefined },
        { ...good, scope: 7 },
        { ...good, identity: 'x' },
        { ...good, serviceName: { $ne: '' } },
        { ...good, serviceName: ['google'] },
        { ...good, serviceName: '' },
        { ...good, accessToken: 'a b' },
        { ...good, accessToken: 'a\r\nX-Header: b' },
      ]) {
        assert.deepEqual(await logIn(world, bad), malformed);
      }
      for (const serviceName of ['__proto__', 'constructor', 'Google', 'google ', 'facebook', 'nobody']) {
        const { error, message } = await logIn(world, { ...good, serviceName });
        assert.equal(error, 145_546_287);
        assert.equal(message, `No registered oauth service found for: ${serviceName}`);
      }
    });
  });

  it('signs in apps on Cordova by the id token, whatever they say beside it', async () => {
    await withStub(openGoogleStub, async (world, stub) => {
      const claims = { name: ada.name, email: ada.email, email_verified: true };
      const idToken = await stub.idToken('google-client', claims);
      const said = { googleSignIn: true, idToken, userId: '1', email: 'x@example.org', imageUrl: 'https://x.example/' };
      const byCode = { ...said, serverAuthCode: '4/abc' };
      assert.equal((await logIn(world, byCode)).name, ada.name);
      const byToken = { ...said, accessToken: stub.makeToken('google-client') };
      assert.equal((await logIn(world, byToken)).name, ada.name);
      assert.equal((await world.store.identities.find('google', ada.id))?.account.emails[0]?.address, ada.email);
      assert.equal(await world.app.account.find({ by: 'email', value: 'x@example.org' }), undefined);

      const foreign = await logIn(world, { ...byCode, idToken: await stub.idToken('another-client') });
      assert.match(String(foreign.message), /"aud"/u);
      const unverified = await stub.idToken('google-client', {
        sub: '99',
        email: 'root@example.com',
        email_verified: false,
      });
      await world.add('root', { roles: ['admin'] });
      assert.equal((await logIn(world, { ...byCode, idToken: unverified })).status, 401);
      stub.signsIn({ ...ada, id: '666', email: 'eve@example.org' } satisfies StubPerson);
      const mixed = await logIn(world, { ...byToken, idToken: await stub.idToken('google-client') });
      assert.match(String(mixed.message), /name two people/u);
      for (const bad of [
        { ...said },
        { ...byCode, idToken: undefined },
        { ...byCode, idToken: { $ne: '' } },
        { ...byCode, serverAuthCode: ['x'] },
        { ...byCode, userId: { $ne: '' } },
        { ...byToken, accessToken: { $ne: '' } },
        { ...byToken, googleSignIn: 'true' },
      ]) {
        assert.deepEqual(await logIn(world, bad), malformed, JSON.stringify(bad));
      }
    });
  });

  it('asks for the second factor, beside the form and around it', async () => {
    await withStub(openGoogleStub, async (world, stub) => {
      const owner = await appOwner(world, 'ada');
      stub.signsIn({ ...ada, email: 'ada@example.com' });
      const good = await body(stub);
      assert.equal((await logIn(world, good)).error, 'totp-required');
      assert.equal((await logIn(world, { ...good, totp: { code: '000000' } })).error, 'totp-invalid');
      assert.equal((await logIn(world, { ...good, totp: { code: owner.code() } })).status, 200);
      world.clock.move(60_000);
      assert.equal((await logIn(world, { totp: { login: good, code: owner.code() } })).status, 200);
    });
  });

  it('takes tokens that were made for an own app, once the operator has named it', async () => {
    const clock = handClock();
    const stub = await openGoogleStub(() => clock.now());
    const env = { ...environmentOf(stub), OVERWRITE_SETTING_Accounts_OAuth_Google_native_ids: 'ios-app, android-app' };
    const world = await openRestWorld({ env, clock });
    try {
      assert.equal((await logIn(world, await body(stub, 'android-app'))).status, 200);
      assert.equal((await logIn(world, await body(stub, 'another-app'))).status, 401);
    } finally {
      await world.close();
      await stub.close();
    }
  });
});

describe('a token that Facebook gave to an app', () => {
  it('signs in where Facebook says that it was made for us (attack K06)', async () => {
    await withStub(openFacebookStub, async (world, stub) => {
      const good = {
        serviceName: 'facebook',
        accessToken: stub.makeToken('facebook-app'),
        secret: 'whatever the app sends',
        expiresIn: 3600,
      };
      assert.equal((await logIn(world, good)).name, ada.name);
      const another = await logIn(world, { ...good, accessToken: stub.makeToken('another-app') });
      assert.equal(another.message, 'Failed to fetch identity from Facebook. The token was not made for this server.');
      assert.equal((await logIn(world, { ...good, accessToken: 'made-up' })).status, 401);
      assert.deepEqual(await logIn(world, { ...good, secret: undefined }), malformed);
      assert.deepEqual(await logIn(world, { ...good, expiresIn: null }), malformed);
    });
  });
});

describe('a token pair that Twitter gave to an app', () => {
  it('signs in where it was made for us (attack K07)', async () => {
    await withStub(openTwitterStub, async (world, stub) => {
      const form = ({ key, secret }: { key: string; secret: string }) => ({
        serviceName: 'twitter',
        accessToken: key,
        accessTokenSecret: secret,
        appId: stub.consumerKey,
        appSecret: 'whatever the app sends',
        expiresIn: 3600,
      });
      const good = form(stub.makePair());
      assert.equal((await logIn(world, good)).name, ada.name);
      const foreign = form(stub.makePair('another-consumer', 'its secret'));
      assert.equal((await logIn(world, foreign)).status, 401);
      const honest = await logIn(world, { ...foreign, appId: 'another-consumer', appSecret: 'its secret' });
      assert.equal(honest.message, 'Failed to fetch identity from Twitter. The token was not made for this server.');
      assert.equal((await logIn(world, { ...good, accessTokenSecret: 'x' })).status, 401);
      assert.deepEqual(await logIn(world, { ...good, accessTokenSecret: { $ne: '' } }), malformed);
      assert.deepEqual(await logIn(world, { ...good, appSecret: undefined }), malformed);
    });
  });
});

describe('a token that Apple gave to an app', () => {
  it('signs in where it was made for us or for an own app', async () => {
    await withStub(openAppleStub, async (world, stub) => {
      const fullName = { givenName: 'Augusta', familyName: 'King' };
      const native = { identityToken: await stub.idToken('org.example.app'), fullName, email: 'other@example.org' };
      assert.equal((await logIn(world, native)).name, 'Augusta King');
      assert.equal((await logIn(world, { identityToken: await stub.idToken('org.example.web') })).status, 200);
      const account = await world.app.account.find({ by: 'email', value: 'other@example.org' });
      assert.equal(account, undefined, 'what the app says of an address is nothing');
    });
  });

  it('is refused otherwise', async () => {
    await withStub(openAppleStub, async (world, stub) => {
      const seconds = Math.floor(world.clock.now() / 1000);
      for (const identityToken of [
        await stub.idToken('org.example.another'),
        await stub.idToken('org.example.app', { iss: 'https://evil.example' }),
        await stub.idToken('org.example.app', { exp: seconds - 61 }),
        'x',
      ]) {
        assert.equal((await logIn(world, { identityToken })).error, 500);
      }
      const good = await stub.idToken('org.example.app');
      assert.deepEqual(await logIn(world, { identityToken: { $ne: '' } }), malformed);
      assert.deepEqual(await logIn(world, { identityToken: good, fullName: 'x' }), malformed);
    });
  });
});

describe('a token of a provider whose tokens tell nobody for whom they were made', () => {
  it('is refused', async () => {
    await withStub(openGithubStub, async (world) => {
      const body = { serviceName: 'github', accessToken: 'x', expiresIn: 3600 };
      const { status, message } = await logIn(world, body);
      assert.equal(status, 401);
      assert.equal(message, 'Unexpected AccessToken service github');
    });
  });
});
