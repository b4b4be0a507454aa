import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller, password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

type Headers = Record<string, string>;
type Json = Readonly<Record<string, unknown>>;

async function within(act: (world: RestWorld) => Promise<void>, settings: Record<string, string> = {}): Promise<void> {
  const all = Object.entries({ API_Enable_Rate_Limiter: 'false', ...settings });
  await withRest(act, { env: Object.fromEntries(all.map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value])) });
}

/** An account of a role that carries these permissions alone, signed in. */
async function holder(world: RestWorld, name: string, permissions: readonly string[]): Promise<Headers> {
  const headers = await world.asAdmin();
  const ask = async (call: string, body: object) => await world.call({ url: `/api/v1/${call}`, headers, body });
  const made = await ask('roles.create', { name });
  const role = String((made.json['role'] as Json)['_id']);
  for (const permissionId of permissions) {
    assert.equal((await ask('permissions.addRole', { permissionId, role })).status, 200, permissionId);
  }
  await world.add(name, { roles: ['user', role] });
  return await world.headersOf(name);
}

/** With the password as a second factor, wherever one is asked for. */
async function post(world: RestWorld, call: string, by: Headers, body: object): Promise<RestReply> {
  const proved = { 'x-2fa-code': sha256Hex(password), 'x-2fa-method': 'password' };
  return await world.call({ url: `/api/v1/${call}`, headers: { ...by, ...proved }, body });
}

function mustRefuse(reply: RestReply, error: string): void {
  assert.deepEqual([reply.json['success'], reply.json['error']], [false, error]);
}

describe('accounts are kept', () => {
  it('from being deleted by their owners without the password, and without the username where there is none', async () => {
    await within(
      async (world) => {
        const account = await world.add('ada', { password: undefined });
        const { text } = await world.app.host.makeToken(account, caller({ door: 'cli' }));
        const own = { 'x-user-id': account.id, 'x-auth-token': text };
        const wrong = [sha256Hex('bob'), sha256Hex(''), sha256Hex(password), 'ada'];
        for (const shown of wrong) {
          const reply = await post(world, 'users.deleteOwnAccount', own, { password: shown });
          mustRefuse(reply, 'Invalid username [error-invalid-username]');
        }
        assert.equal(world.failures.length, wrong.length, 'each counts as a failed sign-in');
        assert.ok(await world.app.account.byId(account.id));
        const shown = sha256Hex('ada').toUpperCase();
        assert.equal((await post(world, 'users.deleteOwnAccount', own, { password: shown })).status, 200);
        assert.equal(await world.app.account.byId(account.id), undefined);
      },
      { Accounts_AllowDeleteOwnAccount: 'true', Accounts_Account_Lockout_Enabled: 'false' },
    );
  });

  it('from being deleted where they are of an app', async () => {
    await within(async (world) => {
      const { id } = await world.add('robot.app', { kind: 'app', roles: ['app'] });
      const reply = await post(world, 'users.delete', await world.asAdmin(), { userId: id });
      mustRefuse(reply, 'Deleting app user is not allowed [error-cannot-delete-app-user]');
      assert.ok(await world.app.account.byId(id));
    });
  });

  it('from being made closed by whoever may not close any', async () => {
    await within(async (world) => {
      const [maker, closer] = [
        await holder(world, 'maker', ['create-user']),
        await holder(world, 'closer', ['create-user', 'edit-other-user-active-status']),
      ];
      const eve = { username: 'eve', name: 'Eve', email: 'eve@example.com', password, active: false };
      const refused = await post(world, 'users.create', maker, eve);
      mustRefuse(refused, 'Editing user is not allowed [error-action-not-allowed]');
      assert.equal(await world.app.account.find({ by: 'username', value: 'eve' }), undefined);
      assert.equal((await post(world, 'users.create', closer, eve)).status, 200);
      assert.equal((await world.app.account.find({ by: 'username', value: 'eve' }))?.open, false);
      assert.equal((await post(world, 'users.create', maker, { ...eve, ...named('ann'), active: true })).status, 200);
    });
  });
});

function named(username: string): object {
  return { username, email: `${username}@example.com` };
}

describe('a form for somebody else', () => {
  it('is looked at only for whoever may fill one in', async () => {
    await within(async (world) => {
      const [maker, nobody] = [await holder(world, 'maker', ['create-user']), await holder(world, 'nobody', [])];
      const eve = { ...named('eve'), name: 'Eve', password };
      for (const [more, error] of [
        [{ bio: 'b'.repeat(261) }, 'Bio size exceeds 260 characters [error-bio-size-exceeded]'],
        [{ nickname: 'n'.repeat(121) }, 'Nickname size exceeds 120 characters [error-nickname-size-exceeded]'],
        [{ username: ' ' }, 'The field Username is required [error-the-field-is-required]'],
        [{ password: '' }, 'The field Password is required [error-the-field-is-required]'],
      ] as const) {
        const forbidden = await post(world, 'users.create', nobody, { ...eve, ...more });
        mustRefuse(forbidden, 'Adding user is not allowed [error-action-not-allowed]');
        mustRefuse(await post(world, 'users.create', maker, { ...eve, ...more }), error);
      }
    });
  });

  it('takes nobody’s own last address away, by this way or the other', async () => {
    await within(async (world) => {
      const { id } = await world.add('ada', { email: { address: 'ada@example.com', verified: false } });
      const [own, root] = [await world.headersOf('ada'), await world.asAdmin()];
      const data = { email: '' };
      mustRefuse(await post(world, 'users.updateOwnBasicInfo', own, { data }), 'Invalid email  [error-invalid-email]');
      mustRefuse(await post(world, 'users.update', own, { userId: id, data }), 'Invalid email  [error-invalid-email]');
      assert.equal((await world.app.account.byId(id))?.emails.length, 1);
      assert.equal((await post(world, 'users.update', root, { userId: id, data })).status, 200);
      assert.equal((await world.app.account.byId(id))?.emails.length, 0);
    });
  });
});

describe('mails about an account that is opened or closed', () => {
  for (const [settings, expected] of [
    [{}, ['account-closed', 'account-opened', 'account-closed', 'account-opened']],
    [{ Accounts_Send_Email_When_Deactivating: 'false' }, ['account-opened', 'account-opened']],
    [{ Accounts_Send_Email_When_Activating: 'false' }, ['account-closed', 'account-closed']],
  ] as const) {
    it(`are ${expected.length} of four with ${JSON.stringify(settings)}`, async () => {
      await within(async (world) => {
        const { id: userId } = await world.add('ada');
        const headers = await world.asAdmin();
        for (const open of [false, true]) {
          const body = { userId, activeStatus: open, confirmRelinquish: true };
          assert.equal((await post(world, 'users.setActiveStatus', headers, body)).status, 200);
        }
        for (const active of [false, true]) {
          assert.equal((await post(world, 'users.update', headers, { userId, data: { active } })).status, 200);
        }
        const told = world.mails.map(({ kind }) => kind).filter((kind) => kind.startsWith('account-'));
        assert.deepEqual(told, expected);
      }, settings);
    });
  }
});

describe('what settings keep people from changing of themselves', () => {
  for (const [setting, data, error] of [
    ['Accounts_AllowUsernameChange', { username: 'other' }, 'Edit username is not allowed'],
    ['Accounts_AllowRealNameChange', { name: 'Other' }, 'Edit user real name is not allowed'],
    ['Accounts_AllowEmailChange', { email: 'other@example.com' }, 'Edit user email is not allowed'],
    ['Accounts_AllowUserStatusMessageChange', { statusText: 'other' }, 'Edit user status is not allowed'],
    [
      'Accounts_AllowPasswordChange',
      { password: 'an Entirely other pass-phrase 77' },
      'Edit user password is not allowed',
    ],
  ] as const) {
    it(`holds for those who may edit others, too: ${setting}`, async () => {
      await within(
        async (world) => {
          const editor = await holder(world, 'editor', ['edit-other-user-info', 'edit-other-user-password']);
          const { id } = await world.add('ada');
          const own = await post(world, 'users.update', editor, { userId: editor['x-user-id'], data });
          mustRefuse(own, `${error} [error-action-not-allowed]`);
          const others = await post(world, 'users.update', editor, { userId: id, data });
          assert.equal(others.status, 200, others.text);
        },
        { [setting]: 'false' },
      );
    });
  }
});

describe('rooms', () => {
  it('of others are for whoever may see them', async () => {
    await within(async (world) => {
      const reader = await holder(world, 'reader', ['access-permissions']);
      const seer = await holder(world, 'seer', ['access-permissions', 'view-other-user-channels']);
      const { id } = await world.add('ada');
      const get = async (by: Headers, path: string) => await world.call({ url: `/api/v1/${path}`, headers: by });
      const holders = 'roles.getUsersInRole?role=guest';
      mustRefuse(await get(reader, `${holders}&roomId=GENERAL`), 'Not allowed [error-not-allowed]');
      assert.equal((await get(reader, `${holders}&roomId=`)).status, 200);
      assert.equal((await get(seer, `${holders}&roomId=GENERAL`)).status, 200);
      const rooms = async (by: Headers, userId = id) => {
        const { json } = await get(by, `users.info?userId=${userId}&includeUserRooms=true`);
        return (json['user'] as Json)['rooms'];
      };
      assert.deepEqual(
        [await rooms(reader), await rooms(seer), await rooms(reader, reader['x-user-id'])],
        [undefined, [], []],
      );
    });
  });
});
