import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller, password } from '../../../test/world.ts';
import { sampleAudit } from '../../core/samples.suite.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type RestWorld, withRest } from './rest-world.suite.ts';

const fresh = 'an Entirely other pass-phrase 77';

/** The password as a second factor, for whoever has no other. */
const proved = { 'x-2fa-code': sha256Hex(password), 'x-2fa-method': 'password' };

async function update(world: RestWorld, headers: object, userId: string, data: object) {
  return await world.call({
    url: '/api/v1/users.update',
    headers: { ...headers, ...proved },
    body: { userId, data },
  });
}

async function updateOwn(world: RestWorld, headers: object, data: object, more: object = {}) {
  return await world.call({
    url: '/api/v1/users.updateOwnBasicInfo',
    headers: { ...headers },
    body: { data, ...more },
  });
}

/** Old enough that the grace of new accounts is over. */
async function later(world: RestWorld): Promise<void> {
  world.clock.move(3_600_000);
  await Promise.resolve();
}

const unlimited = { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } };

function userOf(json: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return (json['user'] ?? {}) as Readonly<Record<string, unknown>>;
}

describe('editing an account', () => {
  it('changes what an administrator names, tells the owner at the address before, and says so in the audit', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada', { customFields: { floor: 1, team: 'red' } });
      const headers = await world.asAdmin();
      const reply = await update(world, headers, id, {
        username: 'countess',
        name: 'Ada L.',
        email: 'countess@example.com',
        bio: 'b',
        nickname: 'n',
        statusText: 's',
        status: 'busy',
        customFields: { team: null, unit: '' },
        requirePasswordChange: true,
        roles: ['user', 'bot'],
      });
      assert.equal(reply.status, 200, reply.text);
      const user = userOf(reply.json);
      assert.deepEqual(user['emails'], [{ address: 'countess@example.com', verified: false }]);
      assert.deepEqual(user['customFields'], { floor: 1, team: null, unit: '' });
      assert.deepEqual(
        [user['username'], user['name'], user['roles'], user['requirePasswordChange']],
        ['countess', 'Ada L.', ['user', 'bot'], true],
      );
      const mail = world.mails.find(({ kind }) => kind === 'email-changed');
      assert.deepEqual([mail?.to, mail?.facts], [['ada@example.com'], { by: 'administrator' }]);
      const entries = await world.store.audit.newest(10, id);
      const entry = entries.find(({ what }) => what === 'account.edit');
      assert.equal(entry?.facts['before'], 'ada');
      assert.equal(entry.facts['username'], 'countess');
      const verified = await update(world, headers, id, { verified: true });
      assert.deepEqual(userOf(verified.json)['emails'], [{ address: 'countess@example.com', verified: true }]);
      const both = await update(world, headers, id, { email: 'c2@example.com', verified: true, bio: '' });
      assert.deepEqual(userOf(both.json)['emails'], [{ address: 'c2@example.com', verified: true }]);
      assert.equal(userOf(both.json)['bio'], undefined);
    }, unlimited);
  });

  it('sets a password with the permission for it, ends all sessions and tells the owner; else it is passed over', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada');
      const session = await world.headersOf('ada');
      const headers = await world.asAdmin();
      const weak = await update(world, headers, id, { password: 'short', name: 'Changed' });
      assert.equal(weak.json['errorType'], 'error-password-policy-not-met', weak.text);
      assert.equal((await world.app.account.byId(id))?.name, 'ada');
      assert.equal((await update(world, headers, id, { password: fresh })).status, 200);
      assert.equal((await world.call({ url: '/api/v1/me', headers: session })).status, 401);
      await world.signIn('ada', fresh);
      assert.deepEqual(
        world.mails.filter(({ kind }) => kind === 'password-set').map(({ to }) => to),
        [['ada@example.com']],
      );
    }, unlimited);
  });

  it('refuses in the words that clients know', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada');
      const other = await world.add('bob');
      const root = await world.asAdmin();
      const ada = await world.headersOf('ada');
      const rootId = root['x-user-id'] ?? '';
      for (const [headers, userId, data, error] of [
        [ada, id, { verified: true }, 'Editing email verification is not allowed [error-action-not-allowed]'],
        [ada, id, { verified: false }, 'Editing email verification is not allowed [error-action-not-allowed]'],
        [ada, other.id, { name: 'x' }, 'Editing user is not allowed [error-action-not-allowed]'],
        [ada, id, { roles: ['user', 'bot'] }, 'Assign roles is not allowed [error-action-not-allowed]'],
        [root, id, { roles: ['nope'] }, 'The field Roles consist invalid role id [error-action-not-allowed]'],
        [root, id, { roles: [] }, 'The field Roles consist invalid role id [error-action-not-allowed]'],
        [root, id, { username: 'BOB' }, 'Could not save user identity [error-could-not-save-identity]'],
        [root, id, { username: 'admin' }, 'Could not save user identity [error-could-not-save-identity]'],
        [root, id, { username: 'a b' }, 'Could not save user identity [error-could-not-save-identity]'],
        [root, id, { name: '<b>' }, 'Name contains invalid characters'],
        [root, id, { email: 'bob@example.com' }, 'bob@example.com is already in use :( [error-field-unavailable]'],
        [root, id, { email: 'nonsense' }, 'Invalid email nonsense [error-invalid-email]'],
        [root, id, { bio: 'x'.repeat(261) }, 'Bio size exceeds 260 characters [error-bio-size-exceeded]'],
        [
          root,
          id,
          { nickname: 'x'.repeat(121) },
          'Nickname size exceeds 120 characters [error-nickname-size-exceeded]',
        ],
        [root, 'nobody', { name: 'x' }, 'Invalid user [error-invalid-user]'],
        [root, rootId, { roles: ['user'] }, 'Leaving the app without admins is not allowed [error-action-not-allowed]'],
        [root, '', { name: 'x' }, 'must NOT have fewer than 1 characters'],
        [root, id, { joinDefaultChannels: true }, 'must NOT have additional properties'],
        [root, id, { name: { $ne: '' } }, 'must be string'],
      ] as const) {
        const reply = await update(world, headers, userId, data);
        assert.equal(reply.status, 400, `${JSON.stringify(data)}: ${reply.text}`);
        assert.equal(reply.json['error'], error, JSON.stringify(data));
      }
    }, unlimited);
  });

  it('opens and closes with the permission for it', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada');
      const headers = await world.asAdmin();
      assert.equal(userOf((await update(world, headers, id, { active: false })).json)['active'], false);
      assert.equal(userOf((await update(world, headers, id, { active: true })).json)['active'], true);
      assert.deepEqual(
        world.mails.map(({ kind }) => kind).filter((kind) => kind.startsWith('account-')),
        ['account-closed', 'account-opened'],
      );
      const ada = await world.headersOf('ada');
      assert.equal((await update(world, ada, id, { active: false, name: 'x' })).status, 403);
      assert.equal((await world.app.account.byId(id))?.name, 'ada');
    }, unlimited);
  });

  it('mails a link to another address that is not verified, within the bounds of such links', async () => {
    const env = { ...unlimited.env, OVERWRITE_SETTING_Countersign_Mailed_Links_Per_Hour: '2' };
    await withRest(
      async (world) => {
        const { id } = await world.add('ada');
        const headers = await world.asAdmin();
        const links = () => world.mails.filter(({ kind }) => kind === 'email-verification');
        const linked = () => links().flatMap(({ to }) => to);
        await update(world, headers, id, { email: 'proved@example.com', verified: true });
        await update(world, headers, id, { email: 'Proved@example.com', name: 'Ada' });
        await update(world, headers, id, { email: 'enrols@example.com', setRandomPassword: true });
        assert.deepEqual(linked(), []);
        assert.equal((await update(world, headers, id, { email: 'new@example.com' })).status, 200);
        const own = await world.headersOf((await world.add('bob')).username ?? '');
        const bob = await world.app.account.find({ by: 'username', value: 'bob' });
        assert.equal((await update(world, own, bob?.id ?? '', { email: 'bobs@example.com' })).status, 200);
        assert.deepEqual(linked(), ['new@example.com', 'bobs@example.com']);
        const entries = await world.store.audit.newest(5, id);
        const root = await world.app.account.find({ by: 'username', value: 'root' });
        assert.equal(entries.find(({ what }) => what === 'email-verification-link.make')?.actorId, root?.id);
        const token = links()[0]?.facts['link']?.split('/').at(-1);
        await world.app.recovery.verifyEmail(token ?? '', caller());
        assert.deepEqual((await world.app.account.byId(id))?.emails, [{ address: 'new@example.com', verified: true }]);
        await update(world, headers, id, { email: 'two@example.com' });
        await update(world, headers, id, { email: 'three@example.com' });
        assert.deepEqual(linked().slice(2), ['two@example.com']);
        // Nobody is asked to verify an address who may not sign in at all.
        await update(world, headers, bob?.id ?? '', { email: 'closed@example.com', active: false });
        await update(world, headers, bob?.id ?? '', { email: 'open@example.com', active: true });
        assert.deepEqual(linked().slice(3), ['open@example.com']);
      },
      { env },
    );
  });

  it('gives a random password by a mailed link, not by the mail itself', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada');
      const headers = await world.asAdmin();
      const reply = await update(world, headers, id, { setRandomPassword: true });
      assert.equal(reply.status, 200, reply.text);
      assert.equal(userOf(reply.json)['requirePasswordChange'], true);
      await assert.rejects(world.signIn('ada'));
      assert.ok(world.mails.some(({ kind, to }) => kind === 'enrolment' && to.includes('ada@example.com')));
    }, unlimited);
  });

  it('asks for a second factor, however lately one was held, for one’s own address or password', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada');
      const headers = await world.headersOf('ada');
      const own = async (data: object) =>
        await world.call({ url: '/api/v1/users.update', headers, body: { userId: id, data } });
      // So new that nothing else asks.
      assert.equal((await own({ name: 'Ada' })).status, 200);
      const reply = await own({ email: 'new@example.com' });
      assert.equal(reply.json['errorType'], 'totp-required', reply.text);
      assert.equal((await update(world, headers, id, { email: 'new@example.com' })).status, 200);
      await later(world);
      assert.equal((await own({ name: 'Ada L' })).json['errorType'], 'totp-required');
    }, unlimited);
  });
});

describe('editing oneself as administrators edit others', () => {
  const withoutFactors = {
    env: { ...unlimited.env, OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enabled: 'false' },
  };

  it('changes no address or password where no second factor can be asked', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada');
      const headers = await world.headersOf('ada');
      const reply = await update(world, headers, id, { email: 'thief@example.com' });
      assert.equal(reply.json['error'], 'Edit user email is not allowed [error-action-not-allowed]', reply.text);
      assert.equal((await world.app.account.byId(id))?.emails[0]?.address, 'ada@example.com');
      assert.equal((await update(world, headers, id, { email: 'ADA@example.com', name: 'Ada' })).status, 200);
      const root = await world.asAdmin();
      assert.equal((await update(world, root, root['x-user-id'] ?? '', { email: 'r@example.com' })).status, 200);
      assert.equal((await update(world, root, id, { email: 'countess@example.com' })).status, 200);
    }, withoutFactors);
  });

  it('takes another address as seldom as the way for everybody', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada');
      const headers = await world.headersOf('ada');
      assert.equal((await update(world, headers, id, { email: 'one@example.com' })).status, 200);
      const again = await update(world, headers, id, { email: 'two@example.com' });
      assert.equal(again.status, 429, again.text);
      const other = await updateOwn(world, headers, {
        email: 'two@example.com',
        currentPassword: sha256Hex(password),
      });
      assert.equal(other.status, 429, other.text);
      await later(world);
      assert.equal((await update(world, headers, id, { email: 'two@example.com' })).status, 200);
    }, unlimited);
  });

  it('does not end that the password must be changed', async () => {
    await withRest(async (world) => {
      const ada = await world.add('ada');
      const token = await world.app.host.makePersonalToken(
        ada,
        { name: 'nightly', skipsSecondFactor: true },
        caller({ door: 'cli' }),
      );
      const headers = { 'x-user-id': ada.id, 'x-auth-token': token };
      const root = await world.asAdmin();
      assert.equal((await update(world, root, ada.id, { requirePasswordChange: true })).status, 200);
      const reply = await update(world, headers, ada.id, { requirePasswordChange: false });
      assert.equal(reply.json['error'], 'Edit user password is not allowed [error-action-not-allowed]', reply.text);
      assert.notEqual((await world.app.account.byId(ada.id))?.passwordChange, undefined);
      assert.equal((await update(world, headers, ada.id, { name: 'Ada', requirePasswordChange: true })).status, 200);
      assert.equal((await update(world, root, ada.id, { requirePasswordChange: false })).status, 200);
    }, unlimited);
  });
});

describe('the status of another', () => {
  it('is set by whoever may edit others, but not above oneself', async () => {
    await withRest(async (world) => {
      const root = await world.asAdmin();
      const body = { permissions: [{ _id: 'edit-other-user-info', roles: ['admin', 'bot'] }] };
      const given = await world.call({
        url: '/api/v1/permissions.update',
        headers: { ...root, ...proved },
        body,
      });
      assert.equal(given.status, 200, given.text);
      await world.add('ada');
      await world.add('robot', { roles: ['bot'] });
      const headers = await world.headersOf('robot');
      const set = async (username: string) =>
        (await world.call({ url: '/api/v1/users.setStatus', headers, body: { username, message: 'x' } })).status;
      assert.deepEqual([await set('ada'), await set('robot'), await set('root')], [200, 200, 403]);
    }, unlimited);
  });
});

describe('editing oneself', () => {
  it('takes what needs no proof, and erases with empty text', async () => {
    await withRest(async (world) => {
      await world.add('ada');
      await later(world);
      const headers = await world.headersOf('ada');
      const data = { name: 'Ada', username: 'countess', nickname: 'n', bio: 'b', statusText: 's', statusType: 'away' };
      const reply = await updateOwn(world, headers, data, { customFields: { floor: 2 } });
      assert.equal(reply.status, 200, reply.text);
      const user = userOf(reply.json);
      assert.deepEqual(
        [user['name'], user['username'], user['nickname'], user['bio'], user['statusText'], user['statusDefault']],
        ['Ada', 'countess', 'n', 'b', 's', 'away'],
      );
      assert.deepEqual(user['services'], { password: { exists: true } });
      assert.deepEqual(user['customFields'], { floor: 2 });
      const erased = userOf((await updateOwn(world, headers, { bio: '', nickname: '' })).json);
      assert.deepEqual([erased['bio'], erased['nickname']], [undefined, undefined]);
      // The same address again is no change.
      assert.equal((await updateOwn(world, headers, { email: 'ADA@example.com' })).status, 200);
    }, unlimited);
  });

  it('keeps to what is defined of custom fields, as whoever makes an account does', async () => {
    const definition = JSON.stringify({ team: { type: 'text' } });
    const env = { ...unlimited.env, OVERWRITE_SETTING_Accounts_CustomFields: definition };
    await withRest(
      async (world) => {
        const { id } = await world.add('ada');
        await world.store.accounts.edit(id, { customFields: { old: 'x' } }, world.clock.now(), sampleAudit(id));
        const [own, boss] = [await world.headersOf('ada'), await world.asAdmin()];
        const fields = async () => (await world.app.account.byId(id))?.customFields;
        const evil = { evil: { a: [1, 2] }, team: 'red' };
        assert.equal((await updateOwn(world, own, {}, { customFields: evil })).status, 200);
        assert.deepEqual(await fields(), { old: 'x', team: 'red' });
        assert.equal((await update(world, boss, id, { customFields: { ...evil, old: null } })).status, 200);
        assert.deepEqual(await fields(), { team: 'red' });
      },
      { env },
    );
  });

  it('asks for a second factor for another address, tells the one before, and takes one in a minute', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada');
      const headers = await world.headersOf('ada');
      const asked = await updateOwn(world, headers, { email: 'new@example.com' });
      assert.deepEqual(
        [asked.status, asked.json['errorType'], asked.json['details']],
        [400, 'totp-required', { method: 'password', codeGenerated: false, availableMethods: [] }],
      );
      const wrong = await updateOwn(world, headers, { email: 'new@example.com', currentPassword: sha256Hex('wrong') });
      assert.equal(wrong.json['errorType'], 'totp-invalid');
      const currentPassword = sha256Hex(password);
      const done = await updateOwn(world, headers, { email: 'new@example.com', currentPassword });
      assert.equal(done.status, 200, done.text);
      assert.deepEqual((await world.app.account.byId(id))?.emails, [{ address: 'new@example.com', verified: false }]);
      const mails = world.mails.filter(({ kind }) => kind === 'email-changed');
      assert.deepEqual(
        mails.map(({ to, facts }) => [to, facts]),
        [[['ada@example.com'], { by: 'owner' }]],
      );
      assert.ok(world.mails.some(({ kind, to }) => kind === 'email-verification' && to.includes('new@example.com')));
      const again = await updateOwn(world, headers, { email: 'newer@example.com', currentPassword });
      assert.equal(again.status, 429, again.text);
      await later(world);
      assert.equal((await updateOwn(world, headers, { email: 'newer@example.com', currentPassword })).status, 200);
    }, unlimited);
  });

  it('changes the password like the other wire: the other sessions end, the same one again is refused', async () => {
    await withRest(async (world) => {
      await world.add('ada');
      const headers = await world.headersOf('ada');
      const other = await world.headersOf('ada');
      const currentPassword = sha256Hex(password);
      const same = await updateOwn(world, headers, { newPassword: password, currentPassword });
      assert.equal(
        same.json['error'],
        'Entered password same as current password [error-password-same-as-current]',
        same.text,
      );
      assert.equal((await updateOwn(world, headers, { newPassword: fresh })).json['errorType'], 'totp-required');
      assert.equal((await updateOwn(world, headers, { newPassword: fresh, currentPassword })).status, 200);
      assert.equal((await world.call({ url: '/api/v1/me', headers })).status, 200);
      assert.equal((await world.call({ url: '/api/v1/me', headers: other })).status, 401);
      await world.signIn('ada', fresh);
    }, unlimited);
  });

  it('has one winner when two change it at once, and refuses the other as a proof that holds no more', async () => {
    await withRest(async (world) => {
      await world.add('ada');
      const sessions = [await world.headersOf('ada'), await world.headersOf('ada')];
      const currentPassword = sha256Hex(password);
      const replies = await Promise.all(
        sessions.map(
          async (headers, index) =>
            await updateOwn(world, headers, { newPassword: `${fresh} ${index}`, currentPassword }),
        ),
      );
      const [lost, ...more] = replies.filter(({ status }) => status !== 200);
      assert.deepEqual([more.length, lost?.status], [0, 400], replies.map(({ text }) => text).join('\n'));
      assert.deepEqual(lost?.json, { success: false, error: 'TOTP Invalid [totp-invalid]', errorType: 'totp-invalid' });
    }, unlimited);
  });

  it('asks for the password where second factors are switched off', async () => {
    await withRest(
      async (world) => {
        await world.add('ada');
        const headers = await world.headersOf('ada');
        const refused = await updateOwn(world, headers, { newPassword: fresh });
        assert.equal(refused.json['error'], 'Invalid password [error-invalid-password]');
        const currentPassword = sha256Hex(password);
        assert.equal((await updateOwn(world, headers, { newPassword: fresh, currentPassword })).status, 200);
      },
      { env: { ...unlimited.env, OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enabled: 'false' } },
    );
  });

  for (const [setting, data, error] of [
    ['Accounts_AllowUserProfileChange', { bio: 'b' }, 'Not allowed [error-not-allowed]'],
    ['Accounts_AllowRealNameChange', { name: 'Ada' }, 'Edit user real name is not allowed [error-action-not-allowed]'],
    ['Accounts_AllowUsernameChange', { username: 'x' }, 'Edit username is not allowed [error-action-not-allowed]'],
    ['Accounts_AllowEmailChange', { email: 'x@y.org' }, 'Edit user email is not allowed [error-action-not-allowed]'],
    [
      'Accounts_AllowPasswordChange',
      { newPassword: fresh },
      'Edit user password is not allowed [error-action-not-allowed]',
    ],
    [
      'Accounts_AllowUserStatusMessageChange',
      { statusText: 's' },
      'Edit user status is not allowed [error-action-not-allowed]',
    ],
    [
      'Accounts_AllowInvisibleStatusOption',
      { statusType: 'offline' },
      'Invisible status is disabled [error-status-not-allowed]',
    ],
  ] as const) {
    it(`is held to ${setting}, and to nothing that stays as it is`, async () => {
      await withRest(
        async (world) => {
          await world.add('ada');
          const headers = await world.headersOf('ada');
          const reply = await updateOwn(world, headers, { ...data, currentPassword: sha256Hex(password) });
          assert.deepEqual([reply.status, reply.json['error']], [400, error]);
          if (setting === 'Accounts_AllowUserProfileChange') return;
          const same = { name: 'ada', username: 'ada', email: 'ada@example.com', statusText: '' };
          assert.equal((await updateOwn(world, headers, same)).status, 200);
        },
        { env: { ...unlimited.env, [`OVERWRITE_SETTING_${setting}`]: 'false' } },
      );
    });
  }
});

const allowed = { env: { ...unlimited.env, OVERWRITE_SETTING_Accounts_AllowDeleteOwnAccount: 'true' } };

describe('deleting one’s own account', () => {
  const remove = async (world: RestWorld, headers: object, shown: unknown) =>
    await world.call({
      url: '/api/v1/users.deleteOwnAccount',
      headers: { ...headers },
      body: { password: shown },
    });

  it('is switched off at first, and then nothing is proved', async () => {
    await withRest(async (world) => {
      await world.add('ada');
      const reply = await remove(world, await world.headersOf('ada'), sha256Hex(password));
      assert.equal(reply.json['error'], 'Not allowed [error-not-allowed]');
      assert.equal(world.hasher.checks(), 1);
    }, unlimited);
  });

  it('wants the password, counts wrong ones, and leaves nothing behind', async () => {
    await withRest(async (world) => {
      const { id } = await world.add('ada');
      const headers = await world.headersOf('ada');
      const wrong = await remove(world, headers, sha256Hex('wrong'));
      assert.equal(wrong.json['error'], 'Invalid password [error-invalid-password]');
      assert.equal((await remove(world, headers, { $ne: '' })).status, 400);
      assert.equal(world.failures.length, 1);
      assert.equal((await remove(world, headers, sha256Hex(password).toUpperCase())).status, 200);
      assert.equal(await world.app.account.byId(id), undefined);
      assert.equal((await world.call({ url: '/api/v1/me', headers })).status, 401);
    }, allowed);
  });

  it('is refused to the last administrator', async () => {
    await withRest(async (world) => {
      const reply = await remove(world, await world.asAdmin(), sha256Hex(password));
      assert.equal(reply.json['error'], 'Leaving the app without admins is not allowed [error-action-not-allowed]');
    }, allowed);
  });
});

describe('closing idle accounts', () => {
  it('closes those of the role that nobody signed in to, and counts them', async () => {
    await withRest(async (world) => {
      await world.add('ada');
      await world.add('bob');
      await world.add('never');
      await world.signIn('ada');
      const headers = await world.asAdmin();
      world.clock.move(10 * 86_400_000);
      await world.signIn('bob');
      const ask = async (body: object, by = headers) =>
        await world.call({ url: '/api/v1/users.deactivateIdle', headers: by, body });
      assert.equal((await ask({ daysIdle: 9 }, await world.headersOf('bob'))).status, 403);
      for (const body of [
        {},
        { daysIdle: '9' },
        { daysIdle: 0 },
        { daysIdle: -1 },
        { daysIdle: 9, role: { $ne: 1 } },
      ]) {
        assert.equal((await ask(body)).status, 400, JSON.stringify(body));
      }
      assert.deepEqual((await ask({ daysIdle: 9 })).json, { count: 1, success: true });
      const ada = await world.app.account.find({ by: 'username', value: 'ada' });
      assert.deepEqual([ada?.open, ada?.closedBecause], [false, 'idle']);
      assert.deepEqual((await ask({ daysIdle: 9, role: 'admin' })).json, { count: 0, success: true });
    }, unlimited);
  });
});
