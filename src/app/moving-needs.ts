import { arrivalPolicy } from '../core/administration/arrival-policy.ts';
import type { BringInNeeds } from '../core/administration/bring-in.ts';
import type { BringInSiteNeeds } from '../core/administration/bring-in-site.ts';
import type { ImportRunNeeds } from '../core/administration/import-run.ts';
import type { TrialNeeds } from '../core/administration/trial.ts';
import type { Parts } from './parts.ts';
import type { RoleSetNeeds } from './role-needs.ts';

/**
 * Makes the needs of moving in from elsewhere.
 * @param parts what the product is made of
 * @param earlier what was made of them before
 */
export function movingNeeds(parts: Parts, earlier: RoleSetNeeds) {
  const { store, clock, random, settings, permissions, sealer, mailer } = parts;
  const { accounts } = store;
  const { roleExists } = earlier;
  const arriving: BringInNeeds = {
    clock,
    random,
    sealer,
    moving: store.moving,
    audit: store.audit,
    policy: () => arrivalPolicy(settings, mailer),
    roleExists: (id) => roleExists(id),
  };
  const arrivingSite: BringInSiteNeeds = { clock, store: store.settings, settings, permissions };
  const trying: TrialNeeds = {
    arriving,
    arrivingSite,
    settings,
    permissions,
    settingStore: store.settings,
    applications: store.applications,
    sealer,
    mailer,
  };
  const importing: Omit<ImportRunNeeds, 'every'> = {
    clock,
    random,
    accounts,
    authority: permissions,
    arriving,
    arrivingSite,
    applying: { clock, random, sealer },
    applications: store.applications,
    openTrial: async () => await (await import('../core/administration/trial.ts')).openTrial(trying),
    store: store.sync,
    audit: store.audit,
    files: parts.importFiles,
    onTrouble: (cause) => {
      parts.log?.('An import broke.', { cause });
    },
  };
  return { arriving, arrivingSite, trying, importing };
}
