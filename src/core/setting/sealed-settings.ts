import type { Sealer } from '../ports.ts';
import { definitions } from './catalogue.ts';
import type { SettingStore, StoredSetting } from './store.ts';

/**
 * A store in which the values of secret settings lie sealed (design §3.7).
 * @param store where they lie
 */
export function sealingSecrets(store: SettingStore, sealer: Pick<Sealer, 'seal' | 'open'>): SettingStore {
  const isSecret = (id: string): boolean => definitions.get(id)?.secret === true;
  const boundTo = (id: string): string => `setting ${id}`;
  const seal = (setting: StoredSetting): StoredSetting => {
    if (!isSecret(setting.id)) return setting;
    return { ...setting, value: sealer.seal(JSON.stringify(setting.value), boundTo(setting.id)) };
  };
  const open = (setting: StoredSetting): StoredSetting => {
    if (!isSecret(setting.id)) return setting;
    const text = sealer.open(String(setting.value), boundTo(setting.id));
    return { ...setting, value: JSON.parse(text) as StoredSetting['value'] };
  };
  return {
    ...store,
    settings: async () => (await store.settings()).map(open),
    putSettings: async (settings, audit) => {
      await store.putSettings(settings.map(seal), audit);
    },
  };
}
