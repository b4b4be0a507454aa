import { catalogue, type SettingId } from '../../core/setting/catalogue.ts';
import type { Settings } from '../../core/setting/settings.ts';

const prefix = 'Accounts_Default_User_Preferences_';

/** The settings that give the preferences of whoever chose none, and the keys clients know them by. */
const defaults = (Object.keys(catalogue) as SettingId[])
  .filter((id) => id.startsWith(prefix))
  .map((id) => ({ id, key: id.slice(prefix.length) }));

/** Matches every setting that `preferencesOf` reads. */
export const preferenceSettings = /^Accounts_Default_User_Preferences_/;

/** The preferences that hold: the defaults of the settings, overlaid with what the person chose (rest.md §7.7). */
export function preferencesOf(
  settings: Pick<Settings, 'get'>,
  own: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return { ...Object.fromEntries(defaults.map(({ id, key }) => [key, settings.get(id)])), ...own };
}
