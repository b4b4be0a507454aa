import type { Directory } from '../../core/directory/directory.ts';
import type { Settings } from '../../core/setting/settings.ts';
import { ldapDirectory } from './client.ts';
import { reachOf } from './settings.ts';

/** The directory of the settings: another one as soon as they are others. */
export interface DirectoryOfSettings {
  /** Undefined while it is switched off. */
  readonly current: () => Directory | undefined;
  readonly close: () => Promise<void>;
}

/** Opens no connection before something is asked. */
export function openDirectory(settings: Pick<Settings, 'get' | 'onChange'>): DirectoryOfSettings {
  let open: Directory | undefined;
  const end = async (): Promise<void> => {
    const former = open;
    open = undefined;
    await former?.close();
  };
  const forget = settings.onChange(/^LDAP_/u, () => {
    void end();
  });
  return {
    current: () => {
      if (open !== undefined) return open;
      const reach = reachOf(settings);
      if (reach !== undefined) open = ldapDirectory(reach);
      return open;
    },
    close: async () => {
      forget();
      await end();
    },
  };
}
