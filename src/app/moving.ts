import type { BringInOptions } from '../core/administration/bring-in.ts';
import type { NewApplication } from '../core/administration/bring-in-application.ts';
import type { NewPermission, NewSetting, SiteOutcome } from '../core/administration/bring-in-site.ts';
import { keyMarkOf } from '../core/administration/move-store.ts';
import type { Caller, Moment } from '../core/ports.ts';
import type { SettingValue } from '../core/setting/definition.ts';
import { openSetting } from '../core/setting/sealed-settings.ts';
import type { Role } from '../core/setting/store.ts';
import type { Needs } from './needs.ts';

export interface HowBroughtIn {
  readonly dryRun: boolean;
  /** For the audit, for example `rocketchat`. */
  readonly source: string;
}

/** For whoever holds the host: people move in, and out. */
export function movingCases({ arriving, arrivingSite, clock, sealer, serving, store }: Needs) {
  return {
    now: (): Moment => clock.now(),
    arrivals: async (options: BringInOptions, caller: Caller) =>
      (await import('../core/administration/bring-in.ts')).openArrivals(arriving, options, caller),
    bringInRole: async (role: Role, how: HowBroughtIn, caller: Caller) =>
      await (await import('../core/administration/bring-in-site.ts')).bringInRole(arrivingSite, role, how, caller),
    bringInPermission: async (
      permission: NewPermission,
      how: HowBroughtIn & { readonly rolesToCome?: ReadonlySet<string> },
      caller: Caller,
    ) =>
      await (await import('../core/administration/bring-in-site.ts')).bringInPermission(
        arrivingSite,
        permission,
        how,
        caller,
      ),
    bringInSetting: async (setting: NewSetting, how: HowBroughtIn, caller: Caller) =>
      await (await import('../core/administration/bring-in-site.ts')).bringInSetting(
        arrivingSite,
        setting,
        how,
        caller,
      ),
    bringInApplication: async (application: NewApplication, how: HowBroughtIn, caller: Caller): Promise<SiteOutcome> =>
      await (await import('../core/administration/bring-in-application.ts')).bringInApplication(
        { clock, random: serving.random, sealer, applications: store.applications },
        application,
        how,
        caller,
      ),
    bringOut: async (options: { readonly openSecrets: boolean }, caller: Caller) =>
      (await import('../core/administration/bring-out.ts')).bringOut(
        {
          clock,
          moving: store.moving,
          applications: store.applications,
          settings: store.settings,
          audit: store.audit,
          sealer,
        },
        options,
        caller,
      ),
    /** Tells exports of this key from those of another. */
    keyMark: (): string => keyMarkOf(sealer),
    /** The value of a secret setting that was exported sealed; undefined where it does not open. */
    openSetting: (id: string, sealed: string): SettingValue | undefined => {
      try {
        return openSetting(sealer, id, sealed);
      } catch {
        return undefined;
      }
    },
  };
}
