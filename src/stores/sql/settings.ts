import type { SettingValue } from '../../core/setting/definition.ts';
import type { SettingStore, StoredSetting } from '../../core/setting/store.ts';
import type { SqlBackend, Write } from './backend.ts';
import { roleVerbs } from './roles.ts';
import type { Steps } from './steps.ts';

export function settingStore(backend: SqlBackend, steps: Steps): SettingStore {
  const { read, write } = backend;
  const { record } = steps;
  return {
    ...roleVerbs(backend, steps),
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
        await put(inside, settings);
        await record(inside, ...audit);
        if (settings.length > 0) inside.announce({ kind: 'settings', ids: settings.map(({ id }) => id) });
      }),

    resetSettings: async (forgotten, fresh, audit) =>
      await write(async (inside) => {
        const ids = [...forgotten, ...fresh.map(({ id }) => id)];
        if (ids.length === 0) return;
        if (forgotten.length > 0) await inside.db.deleteFrom('settings').where('id', 'in', forgotten).execute();
        await put(inside, fresh);
        await record(inside, ...audit);
        inside.announce({ kind: 'settings', ids });
      }),
  };
}

async function put({ db }: Write, settings: readonly StoredSetting[]): Promise<void> {
  // In one order for everybody, so that two writes of the same settings queue up and do not deadlock.
  for (const setting of settings.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
    const kept = { json_value: JSON.stringify(setting.value), source: setting.source, updated_at: setting.updatedAt };
    await db
      .insertInto('settings')
      .values({ id: setting.id, ...kept })
      .onConflict((there) => there.column('id').doUpdateSet(kept))
      .execute();
  }
}
