import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeProviders, identityOf } from '../../../test/fake-providers.ts';
import { caller, password } from '../../../test/world.ts';
import type { Identity } from '../../core/external-login/identity.ts';
import type { LoggedIn } from '../../core/session/log-in.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

type Headers = Readonly<Record<string, string>>;
type Json = Readonly<Record<string, unknown>>;

const minuteMs = 60_000;
const factorsOff = { OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enabled: 'false' };

async function within(act: (world: RestWorld) => Promise<void>, env: Headers = {}): Promise<void> {
  const { providers } = fakeProviders('google', 'github');
  await withRest(act, {
    parts: { providers },
    env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false', ...env },
  });
}

function headersOf({ account, text }: LoggedIn): Headers {
  return { 'x-user-id': account.id, 'x-auth-token': text };
}

/** What a browser left behind for whoever signs in with it, or joins it. */
async function brought(
  world: RestWorld,
  identity: Identity,
): Promise<{ credentialToken: string; credentialSecret: string }> {
  const token = `credential-of-${identity.subject}-${world.clock.now()}`;
  const secret = await world.app.external.keepCredential('oauth', token, identity.provider, { identity });
  return { credentialToken: token, credentialSecret: secret ?? '' };
}

/** Signs in by a provider. */
async function comeBy(world: RestWorld, identity: Identity): Promise<LoggedIn> {
  const { credentialToken: token, credentialSecret: secret } = await brought(world, identity);
  return await world.app.external.logInByCredential('oauth', { token, secret }, caller());
}

const proof = { 'x-2fa-code': sha256Hex(password) };

async function link(world: RestWorld, headers: Headers, identity: Identity, more: Json = {}): Promise<RestReply> {
  return await world.call({
    url: '/api/v1/identities.link',
    headers,
    body: { ...(await brought(world, identity)), ...more },
  });
}

async function list(world: RestWorld, headers: Headers, query = ''): Promise<RestReply> {
  return await world.call({ url: `/api/v1/identities.list${query}`, headers });
}

function mustRefuse({ status, json }: RestReply, errorType: string): void {
  assert.deepEqual([status, json['errorType']], [400, errorType], JSON.stringify(json));
}

describe('the identities of an account', () => {
  it('are joined by whoever proves the password, which a provider alone cannot', async () => {
    await within(async (world) => {
      const alice = await world.add('alice');
      const headers = await world.headersOf('alice');
      const identity = identityOf('google', '42', {
        username: undefined,
        emails: [{ address: 'alice@example.com', asserted: true }],
      });
      await assert.rejects(comeBy(world, identity), { code: 'identity-address-taken' });
      assert.equal((await link(world, {}, identity)).status, 401);
      assert.equal((await link(world, headers, identity)).json['error'], 'TOTP Required [totp-required]');
      assert.equal((await link(world, { ...headers, 'x-2fa-code': sha256Hex('wrong') }, identity)).status, 400);
      assert.deepEqual((await list(world, headers)).json['identities'], []);

      const linked = await link(world, { ...headers, ...proof }, identity);
      assert.deepEqual(linked.json, { provider: 'google', subject: '42', success: true });
      assert.equal(world.mails.at(-1)?.kind, 'identity-linked');
      const [entry] = (await world.app.host.audit(9, alice.id)).filter(({ what }) => what === 'identity.link');
      assert.deepEqual(entry?.facts, { provider: 'google', by: 'owner' });
      const { identities } = (await list(world, headers)).json as { identities: Json[] };
      assert.deepEqual(
        identities.map(({ provider, subject, facts }) => [provider, subject, facts]),
        [['google', '42', { email: '42@google.example' }]],
      );
      assert.equal((await comeBy(world, identity)).account.id, alice.id);
      assert.equal((await link(world, { ...headers, ...proof }, identity)).status, 200, 'once more changes nothing');
    });
  });

  it('are joined with one account, and by what a browser brought for this once', async () => {
    await within(async (world) => {
      await world.add('alice');
      await world.add('bob');
      const [alice, bob] = [await world.headersOf('alice'), await world.headersOf('bob')];
      const identity = identityOf('google', '42', { username: undefined, emails: [] });
      const pair = await brought(world, identity);
      const url = '/api/v1/identities.link';
      assert.equal((await world.call({ url, headers: { ...alice, ...proof }, body: pair })).status, 200);
      mustRefuse(await link(world, { ...bob, ...proof }, identity), 'error-identity-taken');
      assert.equal((await world.call({ url, headers: { ...bob, ...proof }, body: pair })).status, 400);
      const wrong = { ...(await brought(world, identityOf('google', '43'))), credentialSecret: 'x'.repeat(43) };
      assert.equal((await world.call({ url, headers: { ...bob, ...proof }, body: wrong })).status, 400);
      const object = { credentialToken: { $ne: '' }, credentialSecret: 'x' };
      assert.equal((await world.call({ url, headers: { ...bob, ...proof }, body: object })).status, 400);
    });
  });

  it('are joined against the password where second factors are switched off', async () => {
    await within(async (world) => {
      await world.add('alice');
      const headers = await world.headersOf('alice');
      const identity = identityOf('google', '42', { username: undefined, emails: [] });
      assert.notEqual((await link(world, headers, identity)).status, 200);
      assert.notEqual((await link(world, headers, identity, { currentPassword: sha256Hex('wrong') })).status, 200);
      assert.equal((await link(world, headers, identity, { currentPassword: sha256Hex(password) })).status, 200);
    }, factorsOff);
  });

  it('are parted with the sessions they opened, and never the last way in', async () => {
    await within(async (world) => {
      await world.add('alice');
      const headers = await world.headersOf('alice');
      const [one, two] = [
        identityOf('google', '1', { username: undefined, emails: [] }),
        identityOf('github', '2', { username: undefined, emails: [] }),
      ];
      for (const identity of [one, two]) {
        assert.equal((await link(world, { ...headers, ...proof }, identity)).status, 200);
      }
      const [byOne, byTwo] = [headersOf(await comeBy(world, one)), headersOf(await comeBy(world, two))];
      const url = '/api/v1/identities.unlink';
      const body = { provider: 'google', subject: '1' };
      assert.equal((await world.call({ url, headers, body })).json['error'], 'TOTP Required [totp-required]');
      assert.equal((await world.call({ url, headers: { ...headers, ...proof }, body })).status, 200);
      assert.equal(world.mails.at(-1)?.kind, 'identity-unlinked');
      assert.deepEqual(
        [(await list(world, byOne)).status, (await list(world, byTwo)).status, (await list(world, headers)).status],
        [401, 200, 200],
      );
      mustRefuse(await world.call({ url, headers: { ...headers, ...proof }, body }), 'error-identity-not-found');

      const only = await comeBy(world, identityOf('google', 'newcomer'));
      const last = { provider: 'google', subject: 'newcomer' };
      mustRefuse(await world.call({ url, headers: headersOf(only), body: last }), 'error-identity-last-way-in');
      assert.equal((await list(world, headersOf(only))).status, 200, 'and nothing has changed');
    });
  });

  it('of others are seen and parted with a permission, and not above one’s rank', async () => {
    await within(async (world) => {
      const admin = await world.asAdmin();
      const alice = await world.add('alice');
      const headers = await world.headersOf('alice');
      const identity = identityOf('google', '1', { username: undefined, emails: [] });
      await link(world, { ...headers, ...proof }, identity);
      await world.add('bob');
      const bob = await world.headersOf('bob');
      assert.equal((await list(world, bob, `?userId=${alice.id}`)).status, 403);
      assert.equal((await list(world, admin, `?userId=${alice.id}`)).status, 200);
      const url = '/api/v1/identities.unlink';
      const body = { provider: 'google', subject: '1', userId: alice.id };
      assert.equal((await world.call({ url, headers: { ...bob, ...proof }, body })).status, 403);
      const root = await world.signIn('root');
      const made = { name: 'clerk', description: '', scope: 'Users', secondFactor: false } as const;
      const { id: role } = await world.app.role.create(root, made, caller());
      await world.app.permission.give(root, { permission: 'edit-other-user-info', role }, caller());
      await world.add('clerk', { roles: ['user', role] });
      const clerk = await world.headersOf('clerk');
      await link(world, { ...admin, ...proof }, identityOf('google', 'boss', { username: undefined, emails: [] }));
      const above = { provider: 'google', subject: 'boss', userId: root.account.id };
      const tooHigh = await world.call({ url, headers: { ...clerk, ...proof }, body: above });
      assert.notEqual(tooHigh.status, 200);
      assert.equal((await world.call({ url, headers: { ...clerk, ...proof }, body })).status, 200);
      const [entry] = (await world.app.host.audit(9, alice.id)).filter(({ what }) => what === 'identity.unlink');
      assert.notEqual(entry?.actorId, alice.id);
    });
  });
});

describe('somebody without a password', () => {
  const newcomer = identityOf('google', 'newcomer');
  const basic = '/api/v1/users.updateOwnBasicInfo';
  const fresh = 'A password 0f their own!';

  it('sets one within minutes of a sign-in, and later only after another one', async () => {
    await within(async (world) => {
      const headers = headersOf(await comeBy(world, newcomer));
      world.clock.move(10 * minuteMs);
      const body = { data: { newPassword: fresh } };
      mustRefuse(await world.call({ url: basic, headers, body }), 'error-sign-in-not-fresh');
      mustRefuse(
        await world.call({ url: basic, headers, body: { data: { email: 'other@example.com' } } }),
        'error-sign-in-not-fresh',
      );
      const identity = identityOf('github', '2', { username: undefined, emails: [] });
      mustRefuse(await link(world, headers, identity), 'error-sign-in-not-fresh');
      assert.equal((await world.call({ url: basic, headers, body: { data: { bio: 'me' } } })).status, 200);

      // A token that another one made is new, and no sign-in.
      const renewed = await world.app.session.renew(
        await world.app.session.authenticate(headers['x-user-id'] ?? '', headers['x-auth-token'] ?? ''),
        caller(),
      );
      mustRefuse(await world.call({ url: basic, headers: headersOf(renewed), body }), 'error-sign-in-not-fresh');

      const again = headersOf(await comeBy(world, newcomer));
      const set = await world.call({ url: basic, headers: again, body });
      assert.equal(set.status, 200, set.text);
      assert.equal((await world.signIn('newcomer', fresh)).kind, 'password');
      assert.equal((await comeBy(world, newcomer)).account.hasPassword, true, 'and the provider goes on');
    });
  });

  it('proves a second factor in its place', async () => {
    await within(async (world) => {
      const first = await comeBy(world, newcomer);
      await world.app.factor.turnEmailOn(first, caller());
      world.clock.move(20 * minuteMs);
      const asked = await world.call({ url: basic, headers: headersOf(first), body: { data: { newPassword: fresh } } });
      assert.match(asked.text, /totp-required/u);
    });
  });

  it('sets a first factor up only shortly after a sign-in, or the finder of a session could prove by it', async () => {
    await within(async (world) => {
      const headers = headersOf(await comeBy(world, newcomer));
      const begin = async (path: string) => await world.call({ url: `/api/v1/${path}`, headers, body: {} });
      assert.equal((await begin('users.enableTotp')).status, 200);
      assert.equal((await begin('passkeys.begin')).status, 200);
      world.clock.move(10 * minuteMs);
      mustRefuse(await begin('users.enableTotp'), 'error-sign-in-not-fresh');
      mustRefuse(await begin('passkeys.begin'), 'error-sign-in-not-fresh');
      const late = await world.call({ url: '/api/v1/users.validateTotp', headers, body: { code: '000000' } });
      mustRefuse(late, 'error-sign-in-not-fresh');
    });
  });

  it('sets none where a setting forbids it, in the profile or by a mailed link', async () => {
    await within(
      async (world) => {
        const headers = headersOf(await comeBy(world, newcomer));
        const refused = await world.call({ url: basic, headers, body: { data: { newPassword: fresh } } });
        assert.notEqual(refused.status, 200);
        const before = world.mails.length;
        await world.app.recovery.askForReset('newcomer@google.example', caller());
        assert.equal(world.mails.length, before);
      },
      { OVERWRITE_SETTING_Accounts_AllowPasswordChangeForOAuthUsers: 'false' },
    );
  });

  it('sets one by a mailed link otherwise', async () => {
    await within(async (world) => {
      await comeBy(world, newcomer);
      await world.app.recovery.askForReset('newcomer@google.example', caller());
      const mailed = world.mails.at(-1)?.facts['link'] ?? '';
      const text = mailed.slice(mailed.lastIndexOf('/') + 1);
      assert.equal((await world.app.recovery.resetLinkHolds(text)).held, true);
      await world.app.recovery.resetPassword(text, { plain: fresh }, caller());
      assert.equal((await world.signIn('newcomer', fresh)).kind, 'password');
      assert.equal((await comeBy(world, newcomer)).kind, 'google', 'a verified address parts nobody');
    });
  });

  it('has no codes by mail where those are for passwords alone', async () => {
    for (const [setting, held] of [
      ['true', true],
      ['false', false],
    ] as const) {
      await within(
        async (world) => {
          const first = await comeBy(world, newcomer);
          await world.app.factor.turnEmailOn(first, caller());
          const account = await world.app.account.byId(first.account.id);
          assert.equal(account === undefined ? undefined : world.app.factor.hasOwn(account).held, held);
        },
        { OVERWRITE_SETTING_Accounts_twoFactorAuthentication_email_available_for_OAuth_users: setting },
      );
    }
  });
});

describe('an address that nobody has verified', () => {
  it('is taken over by a mailed link, and whoever held it by a provider is parted from it', async () => {
    await within(async (world) => {
      const squatter = identityOf('github', 'squatter', {
        emails: [{ address: 'victim@example.com', asserted: false }],
      });
      const { account } = await comeBy(world, squatter);
      assert.equal(account.emails[0]?.verified, false);
      await world.app.recovery.askForReset('victim@example.com', caller());
      const mailed = world.mails.at(-1)?.facts['link'] ?? '';
      await world.app.recovery.resetPassword(
        mailed.slice(mailed.lastIndexOf('/') + 1),
        { plain: 'Mine al0ne now!' },
        caller(),
      );
      assert.deepEqual(await world.store.identities.ofAccount(account.id), []);
      await assert.rejects(comeBy(world, squatter), { code: 'identity-address-taken' });
    });
  });
});
