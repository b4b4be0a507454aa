import { foldName } from '../../core/account/names.ts';
import type { PermissionChange, Role, SettingStore, StoredPermission } from '../../core/setting/store.ts';
import type { SqlBackend, Write } from './backend.ts';
import { lockRoles } from './role-locks.ts';
import type { Schema } from './schema.ts';
import type { Steps } from './steps.ts';

type RoleVerbs = Pick<
  SettingStore,
  'roles' | 'removedRoles' | 'addRoles' | 'addRole' | 'editRole' | 'removeRole' | 'permissions' | 'putPermissions'
>;

/** Roles, and who holds which permission. */
export function roleVerbs({ read, write, dialect }: SqlBackend, { record }: Steps): RoleVerbs {
  return {
    roles: async () => {
      const rows = await read.selectFrom('roles').selectAll().orderBy('id').execute();
      return rows.map((row) => ({ ...roleOf(row), updatedAt: Number(row.updated_at) }));
    },

    removedRoles: async (after) => {
      const rows = await read.selectFrom('removed_roles').selectAll().where('removed_at', '>', after).execute();
      return rows.map((row) => ({ id: row.id, name: row.name, removedAt: row.removed_at }));
    },

    addRoles: async (roles, now) => {
      if (roles.length === 0) return;
      await write(async ({ db, announce }) => {
        const added = await db
          .insertInto('roles')
          .values(inOrder(roles).map((role) => rowOf(role, now)))
          .onConflict((there) => there.column('id').doNothing())
          .returning('id')
          .execute();
        if (added.length === 0) return;
        // One that comes back, from elsewhere or by hand, may be given again.
        const ids = added.map(({ id }) => id);
        await db.deleteFrom('removed_roles').where('id', 'in', ids).execute();
        // Whoever keeps roles keeps permissions too, and reads both again.
        announce({ kind: 'permissions', ids: [] });
      });
    },

    addRole: async (role, now, audit) =>
      await write(async (inside) => {
        await lockRoles(inside, dialect);
        if (await isNameTaken(inside, role)) return 'name-taken';
        await inside.db.insertInto('roles').values(rowOf(role, now)).execute();
        await record(inside, audit);
        tell(inside, role, 'added');
        return 'done';
      }),

    editRole: async (id, edit, now, audit) =>
      await write(async (inside) => {
        const { db } = inside;
        await lockRoles(inside, dialect);
        const found = await db.selectFrom('roles').selectAll().where('id', '=', id).executeTakeFirst();
        if (found === undefined) return 'unknown';
        const before = roleOf(found);
        const after = { ...before, ...edit };
        if (before.protected && (after.name !== before.name || after.scope !== before.scope)) return 'protected';
        if (after.name !== before.name && (await isNameTaken(inside, after))) return 'name-taken';
        if (after.scope !== before.scope) {
          await lockRole(inside, id);
          if (await isHeld(inside, id)) return 'in-use';
        }
        await db.updateTable('roles').set(rowOf(after, now)).where('id', '=', id).execute();
        await record(inside, audit);
        tell(inside, after, 'changed');
        return 'done';
      }),

    removeRole: async (id, now, audit) =>
      await write(async (inside) => {
        const { db, announce } = inside;
        await lockRoles(inside, dialect);
        await lockRole(inside, id);
        const found = await db.selectFrom('roles').selectAll().where('id', '=', id).executeTakeFirst();
        if (found === undefined) return 'unknown';
        if (found.protected === 1) return 'protected';
        if (await isHeld(inside, id)) return 'in-use';
        await db.deleteFrom('roles').where('id', '=', id).execute();
        await db.insertInto('removed_roles').values({ id, name: found.name, removed_at: now }).execute();
        const holding = (await permissionsIn(inside)).filter(({ roles }) => roles.includes(id));
        for (const permission of holding) {
          const roles = permission.roles.filter((role) => role !== id);
          await putPermission(inside, { ...permission, roles, updatedAt: now });
        }
        await record(inside, audit);
        if (holding.length > 0) announce({ kind: 'permissions', ids: holding.map((permission) => permission.id) });
        tell(inside, roleOf(found), 'removed');
        return 'done';
      }),

    permissions: async () => {
      const rows = await read.selectFrom('permissions').selectAll().orderBy('id').execute();
      return rows.map(permissionOf);
    },

    putPermissions: async (permissions, audit) =>
      await write(async (inside) => {
        await lockRoles(inside, dialect);
        const stored = new Map((await permissionsIn(inside)).map(({ id, roles }) => [id, roles]));
        const known = new Set((await inside.db.selectFrom('roles').select('id').execute()).map(({ id }) => id));
        for (const change of permissions) {
          const there = stored.get(change.id);
          if (isOvertaken(change, there)) return 'overtaken';
          const before = there ?? change.was ?? [];
          if (change.roles.some((role) => !known.has(role) && !before.includes(role))) return 'role-unknown';
        }
        for (const permission of inOrder(permissions)) await putPermission(inside, permission);
        await record(inside, ...audit);
        if (permissions.length > 0) inside.announce({ kind: 'permissions', ids: permissions.map(({ id }) => id) });
        return 'done';
      }),
  };

  /** Whoever gives the role to somebody holds this lock, too. */
  async function lockRole({ db }: Write, id: string): Promise<void> {
    await dialect.lock(db.selectFrom('roles').select('id').where('id', '=', id)).execute();
  }
}

/** What is in no row yet cannot have been changed by another. */
function isOvertaken({ was }: PermissionChange, there: readonly string[] | undefined): boolean {
  if (was === undefined || there === undefined) return false;
  return was.length !== there.length || was.some((role, at) => role !== there[at]);
}

async function isNameTaken({ db }: Write, { id, name }: Role): Promise<boolean> {
  const key = foldName(name);
  const roles = await db.selectFrom('roles').select(['id', 'name']).where('id', '!=', id).execute();
  // A name that is another role's id would be taken for it where requests may name a role either way.
  return roles.some((role) => foldName(role.name) === key || foldName(role.id) === key);
}

async function isHeld({ db }: Write, id: string): Promise<boolean> {
  const held = await db
    .selectFrom('account_roles')
    .select('account_id')
    .where('role_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  return held !== undefined;
}

async function permissionsIn({ db }: Write): Promise<readonly StoredPermission[]> {
  return (await db.selectFrom('permissions').selectAll().execute()).map(permissionOf);
}

async function putPermission({ db }: Write, permission: StoredPermission): Promise<void> {
  const kept = { json_roles: JSON.stringify(permission.roles), updated_at: permission.updatedAt };
  await db
    .insertInto('permissions')
    .values({ id: permission.id, ...kept })
    .onConflict((there) => there.column('id').doUpdateSet(kept))
    .execute();
}

/** Whoever keeps roles keeps permissions too, and reads both again when either is announced. */
function tell({ announce }: Write, { id, name }: Role, change: 'added' | 'changed' | 'removed'): void {
  announce({ kind: 'permissions', ids: [] });
  announce({ kind: 'role', id, name, change });
}

function permissionOf(row: Schema['permissions']): StoredPermission {
  return { id: row.id, roles: JSON.parse(row.json_roles) as string[], updatedAt: row.updated_at };
}

type RoleRow = Pick<Schema['roles'], 'id' | 'name' | 'scope' | 'description' | 'protected' | 'second_factor'>;

function roleOf(row: RoleRow): Role {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope as Role['scope'],
    description: row.description,
    protected: row.protected === 1,
    secondFactor: row.second_factor === 1,
  };
}

function rowOf(role: Role, now: number) {
  return {
    id: role.id,
    name: role.name,
    scope: role.scope,
    description: role.description,
    protected: role.protected ? 1 : 0,
    second_factor: role.secondFactor ? 1 : 0,
    updated_at: now,
  };
}

function inOrder<T extends { readonly id: string }>(rows: readonly T[]): T[] {
  return rows.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
