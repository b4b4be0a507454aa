import type { Sealer } from '../ports.ts';
import { definitionOf } from './definitions.ts';
import type { SettingStore, StoredSetting } from './store.ts';

/** The part of the port that reads and writes values. */
type Sealed = Pick<SettingStore, 'settings' | 'putSettings' | 'resetSettings'>;

/**
 * A store in which the values of secret settings lie sealed (design §3.7).
 * @param store where they lie
 */
export function sealingSecrets<Store extends Sealed>(store: Store, sealer: Pick<Sealer, 'seal' | 'open'>): Store {
  const isSecret = (id: string): boolean => definitionOf(id)?.secret === true;
  const seal = (setting: StoredSetting): StoredSetting => {
    if (!isSecret(setting.id)) return setting;
    return { ...setting, value: sealer.seal(JSON.stringify(setting.value), boundTo(setting.id)) };
  };
  const open = (setting: StoredSetting): StoredSetting => {
    if (!isSecret(setting.id)) return setting;
    return { ...setting, value: openSetting(sealer, setting.id, String(setting.value)) };
  };
  return {
    ...store,
    settings: async () => (await store.settings()).map(open),
    putSettings: async (settings, audit) => {
      await store.putSettings(settings.map(seal), audit);
    },
    resetSettings: async (forgotten, fresh, audit) => {
      await store.resetSettings(forgotten, fresh.map(seal), audit);
    },
  };
}

/** The value of a secret setting that lies sealed. @throws Error where it was sealed with another key, or for another */
export function openSetting(sealer: Pick<Sealer, 'open'>, id: string, sealed: string): StoredSetting['value'] {
  return JSON.parse(sealer.open(sealed, boundTo(id))) as StoredSetting['value'];
}

function boundTo(id: string): string {
  return `setting ${id}`;
}
