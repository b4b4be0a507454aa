import { changeSettings } from '../core/administration/settings.ts';
import type { Caller } from '../core/ports.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.setting`, given what they need. */
export function settingCases({ permissions, settings }: Needs) {
  return {
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
