import { foldName } from '../account/names.ts';
import type { Events } from '../ports.ts';
import type { KeptRole, SettingStore, StoredPermission, StoredSetting } from './store.ts';

/** Nothing is heard, and nobody is told. */
export const silence: Events = {
  publish: () => undefined,
  subscribe: () => () => undefined,
  onGap: () => () => undefined,
};

/** What a trial may read and write. */
export type TrialStore = Omit<SettingStore, 'removedRoles' | 'removeRole'>;

/**
 * A copy of a store that is held in memory and seen by nobody else: what is written to it is gone with it, and no entry
 * of the audit trail is kept.
 * @param from the store, in which secret values stand in clear (see `sealingSecrets`)
 */
export async function memoryStore(from: Pick<SettingStore, 'settings' | 'roles' | 'permissions'>): Promise<TrialStore> {
  const settings = byId<StoredSetting>(await from.settings());
  const roles = byId<KeptRole>(await from.roles());
  const permissions = byId<StoredPermission>(await from.permissions());
  const isTaken = (id: string, name: string): boolean =>
    [...roles.values()].some(
      (role) => role.id !== id && [role.id, role.name].some((one) => foldName(one) === foldName(name)),
    );
  return {
    settings: async () => await Promise.resolve([...settings.values()]),
    putSettings: async (changed) => {
      for (const setting of changed) settings.set(setting.id, setting);
      await Promise.resolve();
    },
    resetSettings: async (forgotten, fresh) => {
      for (const id of forgotten) settings.delete(id);
      for (const setting of fresh) settings.set(setting.id, setting);
      await Promise.resolve();
    },
    roles: async () => await Promise.resolve([...roles.values()]),
    addRoles: async (added, now) => {
      for (const role of added) if (!roles.has(role.id)) roles.set(role.id, { ...role, updatedAt: now });
      await Promise.resolve();
    },
    addRole: async (role, now) => {
      if (isTaken(role.id, role.name)) return await Promise.resolve('name-taken');
      roles.set(role.id, { ...role, updatedAt: now });
      return 'done';
    },
    editRole: async (id, edit, now) => {
      const role = roles.get(id);
      if (role === undefined) return await Promise.resolve('unknown');
      if (edit.name !== undefined && isTaken(id, edit.name)) return 'name-taken';
      roles.set(id, { ...role, ...edit, updatedAt: now });
      return 'done';
    },
    permissions: async () => await Promise.resolve([...permissions.values()]),
    putPermissions: async (changed) => {
      const unknown = changed.some(({ id, roles: given, was }) => {
        const before = permissions.get(id)?.roles ?? was ?? [];
        return given.some((role) => !roles.has(role) && !before.includes(role));
      });
      if (unknown) return await Promise.resolve('role-unknown');
      for (const { was: _, ...permission } of changed) permissions.set(permission.id, permission);
      return 'done';
    },
  };
}

function byId<T extends { readonly id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
