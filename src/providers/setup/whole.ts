import { catalogue, type SettingId } from '../../core/setting/catalogue.ts';
import type { Settings } from '../../core/setting/settings.ts';

/** Stands where nothing is set, so that what is set can be looked at before all of it is. */
const unset = 'unset';
export const unsetAddress = 'https://unset.invalid';

/** The ids of a service that is built in: its switch, what is its own, and where its server is. */
export function idsOf(name: string): readonly SettingId[] {
  const own = `Accounts_OAuth_${name}`;
  return (Object.keys(catalogue) as SettingId[]).filter(
    (id) => (id === own || id.startsWith(`${own}_`) || id === `API_${name}_URL`) && !('readOnly' in catalogue[id]),
  );
}

/** Where the server of a service is, by its id. */
export const isServerAddress = (id: string): { readonly held: boolean } => ({
  held: /^(?:API_\w+_URL|Accounts_OAuth_\w+_URL)$/u.test(id),
});

/** As what the provider knows this server. */
export const isClientPart = (id: string): { readonly held: boolean } => ({
  held: /_(?:id|secret|secretKey|iss|kid)$/u.test(id),
});

/** Those whose server is a public one while none is set. */
const hasPublicServer: ReadonlySet<string> = new Set(['Gitlab']);

/** The settings as if a service that is built in were switched on, with something in place of each part that is missing. */
export function asIfWhole(settings: Settings, name: string): Settings {
  const own = new Set<string>(idsOf(name));
  const get = (id: SettingId): unknown => {
    const value = settings.get(id);
    if (!own.has(id)) return value;
    if (id === `Accounts_OAuth_${name}`) return true;
    if (typeof value !== 'string' || value.trim() !== '') return value;
    if (isClientPart(id).held) return unset;
    return isServerAddress(id).held && !hasPublicServer.has(name) ? unsetAddress : value;
  };
  return { ...settings, get: get as Settings['get'] };
}
