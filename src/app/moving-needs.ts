import { listed } from '../core/account/rules.ts';
import type { BringInNeeds } from '../core/administration/bring-in.ts';
import type { BringInSiteNeeds } from '../core/administration/bring-in-site.ts';
import type { ImportRunNeeds } from '../core/administration/import-run.ts';
import { capOf } from '../core/session/policy.ts';
import type { Parts } from './parts.ts';
import type { RoleSetNeeds } from './role-needs.ts';

/**
 * Makes the needs of moving in from elsewhere.
 * @param parts what the product is made of
 * @param earlier what was made of them before
 */
export function movingNeeds(parts: Parts, earlier: RoleSetNeeds) {
  const { store, clock, random, settings, permissions, sealer } = parts;
  const { accounts } = store;
  const { roleExists } = earlier;
  const arriving: BringInNeeds = {
    clock,
    random,
    sealer,
    moving: store.moving,
    audit: store.audit,
    policy: () => ({
      usernamePattern: settings.get('UTF8_User_Names_Validation'),
      defaultRoles: listed(settings.get('Accounts_Registration_Users_Default_Roles')),
      lifeDays: settings.get('Accounts_LoginExpiration'),
      cap: (pool) => capOf(settings, pool),
    }),
    roleExists: (id) => roleExists(id),
  };
  const arrivingSite: BringInSiteNeeds = { clock, store: store.settings, settings, permissions };
  const importing: Omit<ImportRunNeeds, 'every'> = {
    clock,
    random,
    accounts,
    authority: permissions,
    arriving,
    arrivingSite,
    store: store.sync,
    audit: store.audit,
    files: parts.importFiles,
    onTrouble: (cause) => {
      parts.log?.('An import broke.', { cause });
    },
  };
  return { arriving, arrivingSite, importing };
}
