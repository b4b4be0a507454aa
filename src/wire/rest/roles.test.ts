import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller } from '../../../test/world.ts';
import { openRestWorld, type RestReply, type RestWorld } from './rest-world.suite.ts';

type Headers = Record<string, string>;
type Json = Readonly<Record<string, unknown>>;

interface Ground {
  readonly world: RestWorld;
  readonly root: Headers;
  post(name: string, headers: Headers, body: unknown): Promise<RestReply>;
  get(name: string, headers: Headers): Promise<RestReply>;
  /** Makes a role with these permissions. @returns its id */
  role(name: string, permissions?: readonly string[]): Promise<string>;
  /** An account with these roles, signed in. */
  person(username: string, roles: readonly string[]): Promise<Headers>;
}

async function within(act: (ground: Ground) => Promise<void>): Promise<void> {
  const world = await openRestWorld({ env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } });
  try {
    const root = await world.asAdmin();
    const post: Ground['post'] = async (name, headers, body) =>
      await world.call({ url: `/api/v1/${name}`, headers, body });
    await act({
      world,
      root,
      post,
      get: async (name, headers) => await world.call({ url: `/api/v1/${name}`, headers }),
      async role(name, permissions = []) {
        const made = await post('roles.create', root, { name });
        assert.equal(made.status, 200, made.text);
        const id = String((made.json['role'] as Json)['_id']);
        for (const permissionId of permissions) {
          const given = await post('permissions.addRole', root, { permissionId, role: id });
          assert.equal(given.status, 200, given.text);
        }
        return id;
      },
      async person(username, roles) {
        await world.add(username, { roles });
        return await world.headersOf(username);
      },
    });
  } finally {
    await world.close();
  }
}

function mustRefuse(reply: RestReply, status: number, error: string, errorType?: string, details?: unknown): void {
  assert.deepEqual(reply.json, {
    success: false,
    error,
    ...(errorType === undefined ? {} : { errorType }),
    ...(details === undefined ? {} : { details }),
  });
  assert.equal(reply.status, status);
}

function mustHold(reply: RestReply): void {
  assert.equal(reply.status, 200, reply.text);
}

const accessing = 'Accessing permissions is not allowed [error-action-not-allowed]';
const notAllowed = 'error-action-not-allowed';
const missing = 'User does not have the permissions required for this action [error-unauthorized]';
const tooHigh = 'Acting for a higher role is not allowed [error-action-not-allowed]';

describe('calls about roles', () => {
  it('ask for the permission before anything else', async () => {
    await within(async ({ world, post, get }) => {
      await world.add('alice');
      const alice = await world.headersOf('alice');
      for (const [name, method] of [
        ['roles.create', 'authorization:saveRole'],
        ['roles.update', 'authorization:saveRole'],
        ['roles.addUserToRole', 'authorization:addUserToRole'],
      ] as const) {
        const details = { method, action: 'Accessing_permissions' };
        mustRefuse(await post(name, alice, { username: 'nobody' }), 400, accessing, notAllowed, details);
      }
      const details = { method: 'authorization:addUserToRole', action: 'Accessing_permissions' };
      mustRefuse(await post('roles.addUserToRole', alice, {}), 400, accessing, notAllowed, details);
      for (const name of ['roles.delete', 'roles.removeUserFromRole', 'permissions.update', 'permissions.addRole']) {
        mustRefuse(await post(name, alice, { nothing: 1 }), 403, missing);
      }
      mustRefuse(await post('permissions.removeRole', alice, {}), 403, missing);
      mustRefuse(await get('roles.getUsersInRole?role=user', alice), 403, missing);
      for (const name of ['roles.sync?updatedSince=2026-08-20', 'roles.getUsersInPublicRoles', 'roles.list']) {
        assert.equal((await get(name, {})).status, 401, name);
        mustHold(await get(name, alice));
      }
    });
  });

  it('refuse in the words of the contract', async () => {
    await within(async ({ world, root, post, get, role, person }) => {
      await person('alice', ['user']);
      const used = await role('used');
      await world.app.host.giveRole(
        (await world.app.account.find({ by: 'username', value: 'alice' })) ?? assert.fail('no alice'),
        used,
        caller(),
      );
      const give = async (body: unknown) => await post('roles.addUserToRole', root, body);
      for (const body of [{}, { username: 'alice' }, { roleId: 'user' }]) {
        mustRefuse(await give(body), 400, 'error-invalid-role-properties');
      }
      mustRefuse(await give({ username: 'alice', roleId: 'x' }), 400, 'error-role-not-found', 'Role not found');
      const already = 'error-user-already-in-role';
      mustRefuse(await give({ username: 'alice', roleId: 'user' }), 400, `User already in role [${already}]`, already);
      mustRefuse(
        await give({ username: 'alice', roleId: 'owner', roomId: 'GENERAL' }),
        400,
        'User is not part of given room [error-invalid-user]',
        'error-invalid-user',
      );
      assert.equal((await give({ username: 'nobody', roleId: 'user' })).json['errorType'], 'error-invalid-user');
      assert.equal((await give({ username: { $ne: '' }, roleId: 'user' })).json['errorType'], 'invalid-params');
      mustHold(await give({ username: 'alice', roleName: 'bot' }));

      const take = async (body: unknown) => await post('roles.removeUserFromRole', root, body);
      const noUser = 'error-invalid-user';
      mustRefuse(
        await take({ username: 'no', roleId: 'user' }),
        400,
        `There is no user with this username [${noUser}]`,
        noUser,
      );
      const noRole = 'error-invalid-roleId';
      const noSuchRole = `This role does not exist [${noRole}]`;
      mustRefuse(await take({ username: 'alice', roleId: 'x' }), 400, noSuchRole, noRole);
      const notIn = 'error-user-not-in-role';
      mustRefuse(await take({ username: 'alice', roleId: 'guest' }), 400, `User is not in this role [${notIn}]`, notIn);
      mustRefuse(await take({ username: 'alice', roleId: 'owner' }), 400, `User is not in this role [${notIn}]`, notIn);
      const admin = 'error-admin-required';
      const last = `You need to have at least one admin [${admin}]`;
      mustRefuse(await take({ username: 'root', roleId: 'admin' }), 400, last, admin);

      const remove = async (roleId: unknown) => await post('roles.delete', root, { roleId });
      mustRefuse(await remove('x'), 400, noSuchRole, noRole);
      const fixed = 'error-role-protected';
      mustRefuse(await remove('admin'), 400, `Cannot delete a protected role [${fixed}]`, fixed);
      const held = 'error-role-in-use';
      mustRefuse(await remove(used), 400, `Cannot delete role because it's in use [${held}]`, held);
      const initial = await role('initial');
      const id = 'Accounts_Registration_Users_Default_Roles';
      const rootSigned = await world.signIn('root');
      await world.app.setting.change(rootSigned, [{ id, value: `user,${initial}` }], caller());
      mustRefuse(await remove(initial), 400, `Cannot delete role because it's in use [${held}]`, held);

      const unfit = 'error-invalid-role-properties';
      const invalid = `The role properties are invalid. [${unfit}]`;
      const taken = 'error-duplicate-role-names-not-allowed';
      for (const body of [
        {},
        { name: '' },
        { name: ' ' },
        { name: { $ne: '' } },
        { name: 'x'.repeat(101) },
        { name: 'a\u202eb' },
        { name: 'a\u0000' },
        { name: 'a\nb' },
        { name: 'fine', scope: 'Rooms' },
        { name: 'fine', mandatory2fa: 'true' },
        { name: 'fine', description: 'x'.repeat(501) },
        { name: 'fine', protected: true },
        { name: 'fine', _id: 'admin' },
      ]) {
        mustRefuse(await post('roles.create', root, body), 400, invalid, unfit);
      }
      for (const name of ['admin', 'ADMIN', 'used', used]) {
        mustRefuse(await post('roles.create', root, { name }), 400, `Role name already exists [${taken}]`, taken);
      }
      const edit = async (body: unknown) => await post('roles.update', root, body);
      mustRefuse(await edit({ name: 'x' }), 400, invalid, unfit);
      mustRefuse(await edit({ roleId: 'x', name: 'y' }), 400, noSuchRole, noRole);
      mustRefuse(await edit({ roleId: used, name: 'user' }), 400, `Role name already exists [${taken}]`, taken);
      mustRefuse(await edit({ roleId: 'user', name: 'people' }), 400, `Role is protected [${fixed}]`, fixed);
      mustRefuse(await edit({ roleId: 'user', scope: 'Subscriptions' }), 400, `Role is protected [${fixed}]`, fixed);
      assert.equal((await edit({ roleId: used, scope: 'Subscriptions' })).json['errorType'], held);
      mustHold(await edit({ roleId: 'user', description: 'People', mandatory2fa: true }));

      const asked = async (query: string) => await get(`roles.getUsersInRole?${query}`, root);
      const notGiven = 'error-param-not-provided';
      mustRefuse(await asked('count=1'), 400, `Query param "role" is required [${notGiven}]`, notGiven);
      mustRefuse(await asked('role=x'), 400, `[${noRole}]`, noRole);
      const since = 'error-updatedSince-param-invalid';
      const notDate = `The "updatedSince" query parameter must be a valid date. [${since}]`;
      for (const query of ['?updatedSince=x', '?updatedSince=', '']) {
        mustRefuse(await get(`roles.sync${query}`, root), 400, notDate, since);
      }
    });
  });

  it('list who has a role in pages, by username', async () => {
    await within(async ({ root, world, get }) => {
      for (const username of ['dora', 'anna', 'cleo', 'bert']) await world.add(username, { roles: ['guest'] });
      const page = async (query: string) => {
        const { users, total } = (await get(`roles.getUsersInRole?role=guest&${query}`, root)).json;
        return [(users as readonly Json[]).map(({ username }) => username), total];
      };
      assert.deepEqual(await page('count=2'), [['anna', 'bert'], 4]);
      assert.deepEqual(await page('count=2&offset=2'), [['cleo', 'dora'], 4]);
      assert.deepEqual((await get('roles.getUsersInRole?role=owner&roomId=GENERAL', root)).json, {
        users: [],
        total: 0,
        success: true,
      });
    });
  });

  it('tell what changed since a moment', async () => {
    await within(async ({ world, root, post, get, role }) => {
      const at = new Date(world.clock.now()).toISOString();
      const changed = async (since: string) =>
        (await get(`roles.sync?updatedSince=${since}`, root)).json['roles'] as { update: Json[]; remove: Json[] };
      assert.deepEqual(await changed(at), { update: [], remove: [] });
      world.clock.move(1000);
      const id = await role('later');
      assert.deepEqual(
        (await changed(at)).update.map(({ _id }) => _id),
        [id],
      );
      world.clock.move(1000);
      mustHold(await post('roles.delete', root, { roleId: 'later' }));
      const { update, remove } = await changed(at);
      assert.deepEqual([update, remove.map(({ _id }) => _id)], [[], [id]]);
    });
  });

  it('write down who did what', async () => {
    await within(async ({ world, root, post, role }) => {
      const alice = await world.add('alice');
      const id = await role('shift', ['view-logs']);
      mustHold(await post('roles.update', root, { roleId: id, mandatory2fa: true }));
      mustHold(await post('roles.addUserToRole', root, { username: 'alice', roleId: id }));
      mustHold(await post('roles.removeUserFromRole', root, { username: 'alice', roleId: id }));
      mustHold(
        await post('permissions.update', root, { permissions: [{ _id: 'view-logs', roles: ['admin', 'bot'] }] }),
      );
      mustHold(await post('roles.delete', root, { roleId: id }));
      const entries = (await world.app.host.audit(7)).toReversed();
      assert.deepEqual(
        entries.map(({ what, accountId, actorId, facts }) => [what, accountId, actorId, facts]),
        [
          ['role.add', undefined, root['x-user-id'], { role: id, name: 'shift' }],
          ['permission.change', undefined, root['x-user-id'], { permission: 'view-logs', given: id }],
          ['role.change', undefined, root['x-user-id'], { role: id, name: 'shift', secondFactor: true }],
          ['account.role.give', alice.id, root['x-user-id'], { role: id, name: 'shift' }],
          ['account.role.take', alice.id, root['x-user-id'], { role: id, name: 'shift' }],
          ['permission.change', undefined, root['x-user-id'], { permission: 'view-logs', given: 'bot', taken: id }],
          ['role.remove', undefined, root['x-user-id'], { role: id, name: 'shift' }],
        ],
      );
    });
  });
});

describe('a role whose holders must have a second factor', () => {
  it('opens sign-ins for setting one up only, and full ones again when it wants it no more', async () => {
    await within(async ({ world, root, post, get, role, person }) => {
      const roleId = await role('guarded');
      await person('alice', ['user', roleId]);
      const opens = async () => (await get('users.list', await world.headersOf('alice'))).status === 200;
      assert.equal(await opens(), true);
      mustHold(await post('roles.update', root, { roleId, mandatory2fa: true }));
      assert.equal(await opens(), false);
      mustHold(await post('roles.update', root, { roleId, mandatory2fa: false }));
      assert.equal(await opens(), true);
    });
  });
});

describe('calls about permissions', () => {
  it('refuse in the words of the contract, and change nothing then', async () => {
    await within(async ({ world, root, post }) => {
      const before = JSON.stringify(world.app.permissions.list());
      const update = async (permissions: unknown) => await post('permissions.update', root, { permissions });
      const unknown = 'error-invalid-permission';
      const fine = { _id: 'create-user', roles: ['admin', 'user'] };
      for (const bad of [[{ _id: 'nothing', roles: [] }], [fine], [{ _id: '__proto__', roles: ['admin'] }]]) {
        mustRefuse(await update([fine, ...bad]), 400, 'Invalid permission', unknown);
      }
      const ghost = { _id: 'delete-user', roles: ['ghost'] };
      mustRefuse(await update([fine, ghost]), 400, 'Invalid role', 'error-invalid-role');
      for (const bad of ['x', [{}], [{ _id: 'create-user' }], [{ _id: { $ne: '' }, roles: [] }], [null]]) {
        assert.equal((await update(bad)).json['errorType'], 'invalid-params');
      }
      const one = async (verb: string, permissionId: string, role: string) =>
        await post(`permissions.${verb}Role`, root, { permissionId, role });
      mustRefuse(await one('add', 'x', 'user'), 400, `Permission does not exist [${unknown}]`, unknown);
      const noRole = 'error-invalid-role';
      mustRefuse(await one('add', 'create-user', 'x'), 400, `Role does not exist [${noRole}]`, noRole);
      const notFound = 'error-permission-not-found';
      mustRefuse(await one('remove', 'x', 'user'), 400, `Permission not found [${notFound}]`, notFound);
      const kept = `Permission is restricted [${notAllowed}]`;
      mustRefuse(await one('remove', 'access-permissions', 'admin'), 400, kept, notAllowed);
      mustRefuse(await update([{ _id: 'access-permissions', roles: ['user'] }]), 400, kept, notAllowed);
      assert.equal(JSON.stringify(world.app.permissions.list()), before);
    });
  });

  it('hold for the next request, and are written once however often they are asked for', async () => {
    await within(async ({ world, root, post, get, person }) => {
      const alice = await person('alice', ['user']);
      const before = (await world.app.host.audit(1000)).length;
      mustRefuse(await get('roles.getUsersInRole?role=user', alice), 403, missing);
      const body = { permissionId: 'access-permissions', role: 'user' };
      mustHold(await post('permissions.addRole', root, body));
      mustHold(await post('permissions.addRole', root, body));
      mustHold(await get('roles.getUsersInRole?role=user', alice));
      mustHold(await post('permissions.removeRole', root, body));
      mustHold(await post('permissions.removeRole', root, body));
      mustRefuse(await get('roles.getUsersInRole?role=user', alice), 403, missing);
      assert.equal((await world.app.host.audit(1000)).length, before + 2);
    });
  });

  it('give an administrator back what was taken from the administrators', async () => {
    await within(async ({ root, post }) => {
      const body = { permissionId: 'create-user', role: 'admin' };
      mustHold(await post('permissions.removeRole', root, body));
      mustHold(await post('permissions.addRole', root, body));
    });
  });
});

describe('nobody gives what they do not hold', () => {
  /** Somebody who may give permissions and see logs, and nothing else that people cannot. */
  async function clerk({ role, person }: Ground): Promise<{ headers: Headers; id: string }> {
    const id = await role('clerk', ['access-permissions', 'view-logs', 'assign-admin-role']);
    return { headers: await person('clerk', ['user', id]), id };
  }
  const adding = 'Adding permission is not allowed [error-action-not-allowed]';

  it('to a role', async () => {
    await within(async (ground) => {
      const { post, role } = ground;
      const { headers, id } = await clerk(ground);
      const other = await role('other');
      const give = async (permissionId: string, to: string) =>
        await post('permissions.addRole', headers, { permissionId, role: to });
      for (const to of [id, other, 'user', 'owner', 'bot']) {
        const details = { method: 'authorization:addPermissionToRole', action: 'Adding_permission' };
        mustRefuse(await give('delete-user', to), 400, adding, notAllowed, details);
        const permissions = [{ _id: 'delete-user', roles: ['admin', to] }];
        mustRefuse(await post('permissions.update', headers, { permissions }), 400, adding, notAllowed, details);
      }
      mustHold(await give('view-logs', other));
      mustHold(await give('view-logs', 'user'));
    });
  });

  it('for single settings without a permission of its own', async () => {
    await within(async (ground) => {
      const { post, root } = ground;
      const { headers, id } = await clerk(ground);
      const permissionId = 'change-setting-Site_Name';
      mustHold(await post('permissions.addRole', root, { permissionId, role: id }));
      const give = async () => await post('permissions.addRole', headers, { permissionId, role: 'guest' });
      assert.equal((await give()).json['error'], adding);
      const taken = await post('permissions.removeRole', headers, { permissionId, role: id });
      assert.equal(taken.json['error'], 'Removing permission is not allowed [error-action-not-allowed]');
      mustHold(await post('permissions.addRole', root, { permissionId: 'access-setting-permissions', role: id }));
      mustHold(await give());
    });
  });

  it('nor a role that ranks above them, nor do they touch one', async () => {
    await within(async (ground) => {
      const { post, role, person, world } = ground;
      const { headers, id } = await clerk(ground);
      const high = await role('high', ['delete-user']);
      await person('alice', ['user']);
      await person('manager', ['user', high]);
      const details = { method: 'insertOrUpdateUser', action: 'Assign_role' };
      const refused = async (name: string, body: unknown): Promise<void> => {
        mustRefuse(await post(name, headers, body), 400, tooHigh, notAllowed, details);
      };
      for (const roleId of [high, 'admin']) {
        await refused('roles.addUserToRole', { username: 'alice', roleId });
        await refused('roles.addUserToRole', { username: 'clerk', roleId });
        await refused('roles.update', { roleId, description: 'mine' });
      }
      await refused('roles.addUserToRole', { username: 'manager', roleId: 'guest' });
      await refused('roles.removeUserFromRole', { username: 'manager', roleId: high });
      await refused('roles.removeUserFromRole', { username: 'root', roleId: 'admin' });
      await refused('roles.delete', { roleId: high });
      await refused('permissions.removeRole', { permissionId: 'delete-user', role: high });
      await refused('permissions.removeRole', { permissionId: 'view-logs', role: 'admin' });
      await refused('permissions.addRole', { permissionId: 'view-logs', role: high });
      await refused('permissions.update', { permissions: [{ _id: 'view-logs', roles: [id] }] });
      mustHold(await post('roles.addUserToRole', headers, { username: 'alice', roleId: id }));
      mustHold(await post('roles.removeUserFromRole', headers, { username: 'alice', roleId: id }));
      assert.equal((await world.app.account.find({ by: 'username', value: 'alice' }))?.roles.join(), 'user');
    });
  });

  it('nor administration without a permission of its own', async () => {
    await within(async ({ world, root, post }) => {
      await world.add('alice');
      mustHold(await post('permissions.removeRole', root, { permissionId: 'assign-admin-role', role: 'admin' }));
      const body = { username: 'alice', roleId: 'admin' };
      const details = { method: 'authorization:addUserToRole', action: 'Assign_admin' };
      const assigning = 'Assigning admin is not allowed [error-action-not-allowed]';
      mustRefuse(await post('roles.addUserToRole', root, body), 400, assigning, notAllowed, details);
      mustHold(await post('permissions.addRole', root, { permissionId: 'assign-admin-role', role: 'admin' }));
      mustHold(await post('roles.addUserToRole', root, body));
    });
  });

  it('by way of a role of rooms that becomes one of the server', async () => {
    await within(async (ground) => {
      const { post, root } = ground;
      const { headers } = await clerk(ground);
      const made = await post('roles.create', headers, { name: 'sneaky', scope: 'Subscriptions' });
      const roleId = String((made.json['role'] as Json)['_id']);
      mustHold(await post('permissions.addRole', root, { permissionId: 'delete-user', role: roleId }));
      const scoped = await post('roles.update', headers, { roleId, scope: 'Users' });
      assert.equal(scoped.json['error'], adding);
      mustHold(await post('roles.update', headers, { roleId, name: 'still sneaky' }));
      mustHold(await post('roles.update', root, { roleId, scope: 'Users' }));
    });
  });

  it('through a token that carries less', async () => {
    await within(async ({ world, root, role }) => {
      const high = await role('high', ['delete-user']);
      const alice = await world.add('alice');
      const full = await world.signIn('root');
      const narrow = { ...full, token: { ...full.token, scopes: ['access-permissions', 'assign-admin-role'] } };
      const code = (expected: string) => (cause: unknown) => {
        assert.equal((cause as { code?: unknown }).code, expected);
        return true;
      };
      for (const id of [high, 'admin']) {
        await assert.rejects(world.app.role.give(narrow, alice, id, caller()), code('role-too-high'));
      }
      const asked = { permission: 'delete-user', role: await role('low', []) };
      await assert.rejects(world.app.permission.give(narrow, asked, caller()), code('permission-missing'));
      const wider = { ...full, token: { ...full.token, scopes: ['access-permissions', 'delete-user'] } };
      await world.app.permission.give(wider, asked, caller());
      // Bots go beyond the limits of calls, and this token does not.
      await assert.rejects(
        world.app.permission.give(wider, { ...asked, role: 'bot' }, caller()),
        code('role-too-high'),
      );
      await world.app.role.give(wider, alice, high, caller());
      assert.equal(root['x-user-id'], full.account.id);
    });
  });
});

describe('a role that is taken away', () => {
  it('is felt by the next request of every token', async () => {
    await within(async ({ world, root, post, get, role, person }) => {
      const id = await role('reader', ['view-logs', 'access-permissions']);
      const alice = await person('alice', ['user', id]);
      const account = (await world.app.account.find({ by: 'username', value: 'alice' })) ?? assert.fail('no alice');
      const text = await world.app.host.makePersonalToken(account, { name: 'mine', skipsSecondFactor: true }, caller());
      const personal = { 'x-user-id': account.id, 'x-auth-token': text };
      const url = 'roles.getUsersInRole?role=user';
      for (const headers of [alice, personal]) mustHold(await get(url, headers));
      mustHold(await post('roles.removeUserFromRole', root, { username: 'alice', roleId: id }));
      for (const headers of [alice, personal]) mustRefuse(await get(url, headers), 403, missing);
      for (const headers of [alice, personal]) mustHold(await get('me', headers));
    });
  });

  it('leaves one administrator, however many go at once', async () => {
    await within(async ({ world, root, post }) => {
      const names = ['anna', 'bert', 'cleo'];
      for (const username of names) await world.add(username, { roles: ['admin'] });
      const headers = [root, ...(await Promise.all(names.map(async (name) => await world.headersOf(name))))];
      const replies = await Promise.all(
        ['root', ...names].map(
          async (username, at) =>
            await post('roles.removeUserFromRole', headers[(at + 1) % 4] ?? {}, { username, roleId: 'admin' }),
        ),
      );
      const { total } = await world.app.account.list({ offset: 0, count: 9, sort: [], only: { roles: ['admin'] } });
      assert.ok(total >= 1, replies.map(({ text }) => text).join('\n'));
      assert.equal(replies.filter(({ status }) => status === 200).length, 4 - total);
    });
  });
});
