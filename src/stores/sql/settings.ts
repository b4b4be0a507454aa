import type { SettingValue } from '../../core/setting/definition.ts';
import type { Role, SettingStore, StoredSetting } from '../../core/setting/store.ts';
import type { SqlBackend } from './backend.ts';
import type { Steps } from './steps.ts';

export function settingStore({ read, write }: SqlBackend, { record }: Steps): SettingStore {
  return {
    settings: async () => {
      const rows = await read.selectFrom('settings').selectAll().orderBy('id').execute();
      return rows.map((row) => ({
        id: row.id,
        value: JSON.parse(row.json_value) as SettingValue,
        source: row.source as StoredSetting['source'],
        updatedAt: row.updated_at,
      }));
    },

    putSettings: async (settings, audit) =>
      await write(async (inside) => {
        // In one order for everybody, so that two writes of the same settings queue up and do not deadlock.
        for (const setting of inOrder(settings)) {
          const kept = {
            json_value: JSON.stringify(setting.value),
            source: setting.source,
            updated_at: setting.updatedAt,
          };
          await inside.db
            .insertInto('settings')
            .values({ id: setting.id, ...kept })
            .onConflict((there) => there.column('id').doUpdateSet(kept))
            .execute();
        }
        await record(inside, ...audit);
        if (settings.length > 0) inside.announce({ kind: 'settings', ids: settings.map(({ id }) => id) });
      }),

    roles: async () => {
      const rows = await read.selectFrom('roles').selectAll().orderBy('id').execute();
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        scope: row.scope as Role['scope'],
        description: row.description,
        protected: row.protected === 1,
        secondFactor: row.second_factor === 1,
      }));
    },

    addRoles: async (roles) => {
      if (roles.length === 0) return;
      await write(async ({ db, announce }) => {
        const added = await db
          .insertInto('roles')
          .values(
            inOrder(roles).map((role) => ({
              id: role.id,
              name: role.name,
              scope: role.scope,
              description: role.description,
              protected: role.protected ? 1 : 0,
              second_factor: role.secondFactor ? 1 : 0,
            })),
          )
          .onConflict((there) => there.column('id').doNothing())
          .returning('id')
          .execute();
        // Whoever keeps roles keeps permissions too, and reads both again.
        if (added.length > 0) announce({ kind: 'permissions', ids: [] });
      });
    },

    permissions: async () => {
      const rows = await read.selectFrom('permissions').selectAll().orderBy('id').execute();
      return rows.map((row) => ({
        id: row.id,
        roles: JSON.parse(row.json_roles) as string[],
        updatedAt: row.updated_at,
      }));
    },

    putPermissions: async (permissions, audit) =>
      await write(async (inside) => {
        for (const permission of inOrder(permissions)) {
          const kept = { json_roles: JSON.stringify(permission.roles), updated_at: permission.updatedAt };
          await inside.db
            .insertInto('permissions')
            .values({ id: permission.id, ...kept })
            .onConflict((there) => there.column('id').doUpdateSet(kept))
            .execute();
        }
        await record(inside, ...audit);
        if (permissions.length > 0) inside.announce({ kind: 'permissions', ids: permissions.map(({ id }) => id) });
      }),
  };
}

function inOrder<T extends { readonly id: string }>(rows: readonly T[]): T[] {
  return rows.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
