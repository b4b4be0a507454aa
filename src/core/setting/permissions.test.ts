import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import type { Happening } from '../ports.ts';
import { catalogue, type SettingId } from './catalogue.ts';
import { permissionTable } from './permission-table.ts';
import { type Holder, openPermissions } from './permissions.ts';
import { defaultRoles } from './role-table.ts';
import type { ListedSetting } from './settings.ts';
import type { Role, StoredPermission } from './store.ts';

const listed = (id: SettingId): ListedSetting => ({
  id,
  value: catalogue[id].initial,
  definition: catalogue[id],
  source: 'catalogue',
  updatedAt: 0,
  blocked: false,
  overridden: false,
  hidden: false,
});

function world() {
  const roles = new Map<string, Role>();
  const stored = new Map<string, StoredPermission>();
  const hearers = new Set<(happening: Happening) => void>();
  const gaps = new Set<() => void>();
  const fake = { broken: false, added: 0 };
  const open = () =>
    openPermissions({
      store: {
        async roles() {
          if (fake.broken) throw new Error('down');
          return [...roles.values()].map((role) => ({ ...role, updatedAt: 0 }));
        },
        async addRoles(given) {
          fake.added += given.length;
          for (const role of given) if (!roles.has(role.id)) roles.set(role.id, role);
        },
        permissions: async () => [...stored.values()],
      },
      events: {
        publish: () => assert.fail('the store announces its writes itself'),
        subscribe(hear) {
          hearers.add(hear);
          return () => hearers.delete(hear);
        },
        onGap(act) {
          gaps.add(act);
          return () => gaps.delete(act);
        },
      },
      clock: { now: () => 1000 },
      settings: { list: () => [listed('Site_Name'), listed('Accounts_LoginExpiration')], services: () => [] },
    });
  const put = (id: string, holders: readonly string[]) => {
    stored.set(id, { id, roles: holders, updatedAt: 2000 });
  };
  const announce = () => hearers.forEach((hear) => hear({ kind: 'permissions', ids: [] }));
  return {
    roles,
    fake,
    open,
    put,
    announce,
    gap: () => gaps.forEach((act) => act()),
    listeners: () => hearers.size + gaps.size,
  };
}

/** Somebody with these roles, whose token carries everything or these permissions alone. */
const holding = (roles: readonly string[], scopes?: readonly string[]): Holder => ({
  account: { roles },
  token: { scopes },
});

describe('permissions', () => {
  it('are held through a token that carries them only', async () => {
    const permissions = await world().open();
    assert.deepEqual(permissions.held(holding(['admin'], ['delete-user']), 'delete-user'), { held: true });
    assert.deepEqual(permissions.held(holding(['admin'], ['delete-user']), 'create-user'), { held: false });
    assert.deepEqual(permissions.held(holding(['admin'], []), 'create-user'), { held: false });
    assert.deepEqual(permissions.held(holding(['user'], ['create-user']), 'create-user'), { held: false });
  });

  it('are held by the roles of the default table', async () => {
    const permissions = await world().open();
    assert.deepEqual(permissions.held(holding(['user', 'admin']), 'create-user'), { held: true });
    assert.deepEqual(permissions.held(holding(['user']), 'create-user'), { held: false });
    assert.deepEqual(permissions.held(holding([]), 'view-d-room'), { held: false });
    assert.deepEqual(permissions.held(holding(['bot']), 'api-bypass-rate-limit'), { held: true });
    assert.deepEqual(permissions.rolesOf('create-personal-access-tokens'), ['admin', 'user']);
  });

  it('that nobody knows are held by nobody', async () => {
    const permissions = await world().open();
    for (const id of ['create-users', 'toString', '__proto__', '']) {
      assert.deepEqual(permissions.held(holding(['admin']), id as 'create-user'), { held: false });
      assert.deepEqual(permissions.rolesOf(id), []);
    }
  });

  it('are not held through roles of rooms, nor through roles that do not exist', async () => {
    const { open, put } = world();
    put('create-user', ['owner', 'ghost']);
    const permissions = await open();
    assert.deepEqual(permissions.held(holding(['owner', 'ghost']), 'create-user'), { held: false });
    assert.deepEqual(permissions.rolesOf('create-user'), ['owner', 'ghost']);
  });

  it('follow what is stored, also when it takes all holders away', async () => {
    const { open, put } = world();
    put('create-user', []);
    assert.deepEqual((await open()).held(holding(['admin']), 'create-user'), { held: false });
  });

  it('are read again when a node has changed them, and after a gap', async () => {
    const { open, put, announce, gap } = world();
    const permissions = await open();
    put('create-user', ['user']);
    announce();
    await tick();
    assert.deepEqual(permissions.held(holding(['user']), 'create-user'), { held: true });
    put('create-user', ['admin']);
    gap();
    await tick();
    assert.deepEqual(permissions.held(holding(['user']), 'create-user'), { held: false });
  });

  it('are listed with one for each setting, which nobody holds at first', async () => {
    const { open, put } = world();
    put('change-setting-Site_Name', ['user']);
    const permissions = await open();
    const all = permissions.list();
    assert.equal(all.length, Object.keys(permissionTable).length + 2);
    assert.deepEqual(all.slice(-2), [
      {
        id: 'change-setting-Site_Name',
        roles: ['user'],
        updatedAt: 2000,
        setting: { id: 'Site_Name', group: 'General', section: undefined },
      },
      {
        id: 'change-setting-Accounts_LoginExpiration',
        roles: [],
        updatedAt: 1000,
        setting: { id: 'Accounts_LoginExpiration', group: 'Accounts', section: 'Sessions' },
      },
    ]);
    assert.deepEqual(permissions.held(holding(['user']), 'change-setting-Site_Name'), { held: true });
    assert.deepEqual(permissions.held(holding(['admin']), 'change-setting-Accounts_LoginExpiration'), { held: false });
  });

  it('are listed since a moment: those changed later, and all if the server started later', async () => {
    const { open, put } = world();
    put('create-user', ['user']);
    const permissions = await open();
    assert.deepEqual(
      permissions.list({ updatedSince: 1000 }).map(({ id }) => id),
      ['create-user'],
    );
    assert.equal(permissions.list({ updatedSince: 999 }).length, permissions.list().length);
    assert.equal(permissions.list({ updatedSince: 2000 }).length, 0);
  });
});

describe('roles', () => {
  it('of a fresh install are added once', async () => {
    const { open, fake } = world();
    const permissions = await open();
    assert.deepEqual(
      permissions.roles(),
      defaultRoles.map((role) => ({ ...role, updatedAt: 0 })),
    );
    await open();
    assert.equal(fake.added, defaultRoles.length);
  });

  it('that somebody changed stay as they are', async () => {
    const { open, roles } = world();
    const mine: Role = {
      id: 'user',
      name: 'member',
      scope: 'Users',
      description: 'Ours',
      protected: true,
      secondFactor: true,
    };
    roles.set('user', mine);
    assert.deepEqual(
      (await open()).roles().find(({ id }) => id === 'user'),
      { ...mine, updatedAt: 0 },
    );
  });

  it('leave nothing listening when the start fails, or when closed', async () => {
    const { open, fake, listeners } = world();
    (await open()).close();
    fake.broken = true;
    await assert.rejects(open(), /down/);
    assert.equal(listeners(), 0);
  });
});

describe('ranking by roles', () => {
  it('puts administrators above all others, and gives nobody rank for what every user may do', async () => {
    const permissions = await world().open();
    assert.deepEqual(permissions.outranks(['admin'], ['user', 'bot']), { held: true });
    assert.deepEqual(permissions.outranks(['user', 'bot'], ['admin']), { held: false });
    assert.deepEqual(permissions.outranks(['user'], ['bot']), { held: false });
    assert.deepEqual(permissions.outranks(['bot'], ['user']), { held: true });
    assert.deepEqual(permissions.outranks(['guest'], ['user']), { held: false });
  });

  it('puts a token with scopes no higher than what it carries', async () => {
    const permissions = await world().open();
    assert.deepEqual(permissions.outranks(['admin'], ['admin']), { held: false });
    assert.deepEqual(permissions.outranks(['admin'], ['admin'], ['edit-other-user-info']), { held: true });
    assert.deepEqual(permissions.outranks(['bot'], ['admin'], ['edit-other-user-info']), { held: true });
    assert.deepEqual(permissions.outranks(['bot'], ['admin'], ['api-bypass-rate-limit']), { held: false });
    assert.deepEqual(permissions.outranks(['bot'], ['user'], ['api-bypass-rate-limit']), { held: true });
    assert.deepEqual(permissions.outranks(['user', 'guest'], ['admin'], []), { held: false });
  });

  it('takes no notice of roles of rooms', async () => {
    const permissions = await world().open();
    assert.deepEqual(permissions.outranks(['owner'], ['guest']), { held: false });
  });
});
