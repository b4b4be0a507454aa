import type { Application } from '../application/application.ts';
import type { ApplicationStore } from '../application/store.ts';
import type { Mailer } from '../mailer.ts';
import type { Sealer } from '../ports.ts';
import { memoryStore } from '../setting/memory-store.ts';
import type { Permissions } from '../setting/permissions.ts';
import { sealingSecrets } from '../setting/sealed-settings.ts';
import type { Settings } from '../setting/settings.ts';
import type { SettingStore } from '../setting/store.ts';
import { arrivalPolicy } from './arrival-policy.ts';
import type { BringInNeeds } from './bring-in.ts';
import type { BringInSiteNeeds } from './bring-in-site.ts';

export interface TrialNeeds {
  readonly mailer: Pick<Mailer, 'serverSet'>;
  readonly arriving: BringInNeeds;
  readonly arrivingSite: BringInSiteNeeds;
  readonly settings: Pick<Settings, 'over'>;
  readonly permissions: Pick<Permissions, 'over'>;
  /** The store itself: the values of secret settings lie sealed in it. */
  readonly settingStore: SettingStore;
  readonly applications: Pick<ApplicationStore, 'list'>;
  readonly sealer: Sealer;
}

/** Where a dry run brings in settings, roles, permissions and applications; people are judged by them. */
export interface Trial {
  readonly arriving: BringInNeeds;
  readonly arrivingSite: BringInSiteNeeds;
  readonly permissions: Permissions;
  readonly applications: Pick<ApplicationStore, 'list' | 'add'>;
  readonly close: () => void;
}

/**
 * Copies what holds for the whole server, so that a dry run can write to it as a real run would: each document is judged
 * by what came before it, and nothing is left of it.
 */
export async function openTrial(needs: TrialNeeds): Promise<Trial> {
  const store = await memoryStore(sealingSecrets(needs.settingStore, needs.sealer));
  const settings = await needs.settings.over(store);
  const permissions = await needs.permissions.over(store, settings);
  const added: Application[] = [];
  return {
    arriving: {
      ...needs.arriving,
      policy: () => arrivalPolicy(settings, needs.mailer),
      roleExists: (id) => permissions.roles().some((role) => role.id === id && role.scope === 'Users'),
    },
    arrivingSite: { ...needs.arrivingSite, store, settings, permissions },
    permissions,
    applications: {
      list: async () => [...(await needs.applications.list()), ...added],
      add: async (application) => {
        added.push(application);
        await Promise.resolve();
      },
    },
    close: () => {
      settings.close();
      permissions.close();
    },
  };
}
