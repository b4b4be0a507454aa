import { addOauthService, refreshOauthServices, removeOauthService } from '../core/administration/oauth-services.ts';
import { changeSettings, keptFrom } from '../core/administration/settings.ts';
import type { Caller } from '../core/ports.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.setting`, given what they need. */
export function settingCases({ permissions, roleExists, settings }: Needs) {
  const servicing = { settings, authority: permissions };
  return {
    /** @throws Fault, see `addOauthService` */
    addOauthService: async (signed: Signed, name: string, caller: Caller): Promise<void> => {
      await addOauthService(servicing, signed, name, caller);
    },
    /** @throws Fault, see `removeOauthService` */
    removeOauthService: async (signed: Signed, name: string, caller: Caller): Promise<void> => {
      await removeOauthService(servicing, signed, name, caller);
    },
    /** @throws Fault `permission-missing` */
    refreshOauthServices: async (signed: Signed): Promise<void> => {
      await refreshOauthServices(servicing, signed);
    },
    /** Whether administrators alone change a setting, and the caller is none. */
    keptFrom: (signed: Signed, id: string): { readonly held: boolean } => keptFrom(permissions, signed, id),
    /** @throws Fault, see `changeSettings` */
    change: async (
      signed: Signed,
      changes: readonly { readonly id: string; readonly value: unknown }[],
      caller: Caller,
    ): Promise<void> => {
      await changeSettings({ ...servicing, roleExists }, signed, changes, caller);
    },
  };
}
