import type { BringInOptions } from '../core/administration/bring-in.ts';
import type { NewApplication } from '../core/administration/bring-in-application.ts';
import type { NewPermission, NewSetting, SiteHow, SiteOutcome } from '../core/administration/bring-in-site.ts';
import { keyMarkOf } from '../core/administration/move-store.ts';
import type { Trial } from '../core/administration/trial.ts';
import type { Caller, Moment } from '../core/ports.ts';
import type { SettingValue } from '../core/setting/definition.ts';
import { openSetting } from '../core/setting/sealed-settings.ts';
import type { Role } from '../core/setting/store.ts';
import type { Needs } from './needs.ts';

/** For whoever holds the host: people move in, and out. */
export function movingCases({ arriving, arrivingSite, clock, sealer, serving, store, trying }: Needs) {
  const sites = async () => await import('../core/administration/bring-in-site.ts');

  /** What brings in, into the store or into a trial. */
  const into = (place: Pick<Trial, 'arriving' | 'arrivingSite' | 'applications'>) => ({
    arrivals: async (options: BringInOptions, caller: Caller) =>
      (await import('../core/administration/bring-in.ts')).openArrivals(place.arriving, options, caller),
    bringInRole: async (role: Role, how: SiteHow, caller: Caller) =>
      await (await sites()).bringInRole(place.arrivingSite, role, how, caller),
    bringInPermission: async (permission: NewPermission, how: SiteHow, caller: Caller) =>
      await (await sites()).bringInPermission(place.arrivingSite, permission, how, caller),
    bringInSetting: async (setting: NewSetting, how: SiteHow, caller: Caller) =>
      await (await sites()).bringInSetting(place.arrivingSite, setting, how, caller),
    bringInApplication: async (application: NewApplication, how: SiteHow, caller: Caller): Promise<SiteOutcome> =>
      await (await import('../core/administration/bring-in-application.ts')).bringInApplication(
        { clock, random: serving.random, sealer, applications: place.applications },
        application,
        how,
        caller,
      ),
  });

  return {
    now: (): Moment => clock.now(),
    ...into({ arriving, arrivingSite, applications: store.applications }),
    /** The same for a dry run: nothing of it is left. */
    trial: async () => {
      const trial = await (await import('../core/administration/trial.ts')).openTrial(trying);
      return { ...into(trial), close: trial.close };
    },
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
