import { addOauthService, refreshOauthServices, removeOauthService } from '../core/administration/oauth-services.ts';
import { changeSettings } from '../core/administration/settings.ts';
import type { Caller } from '../core/ports.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.setting`, given what they need. */
export function settingCases({ permissions, settings }: Needs) {
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
    /** @throws Fault, see `changeSettings` */
    change: async (
      signed: Signed,
      changes: readonly { readonly id: string; readonly value: unknown }[],
      caller: Caller,
    ): Promise<void> => {
      await changeSettings({ settings, authority: permissions }, signed, changes, caller);
    },
  };
}
