import { administratorRole } from '../account/account.ts';
import { listed } from '../account/rules.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import type { SettingId } from '../setting/catalogue.ts';
import { decidesIdentity } from '../setting/decides-identity.ts';
import type { Holder } from '../setting/permissions.ts';
import type { Settings } from '../setting/settings.ts';
import { type Authority, mustNotOutrank } from './may.ts';

const initialRoles: SettingId = 'Accounts_Registration_Users_Default_Roles';
/** The roles that people get who sign up, and those whom a provider brings get besides. */
const firstRoles: ReadonlySet<string> = new Set<SettingId>([
  initialRoles,
  'Accounts_Registration_AuthenticationServices_Default_Roles',
]);

/**
 * Whether somebody may change a setting: with the permission for all, or with the one for selected settings and the
 * setting's own.
 */
function mayChangeSetting(authority: Authority, signed: Signed, id: string): { readonly held: boolean } {
  if (authority.held(signed, 'edit-privileged-setting').held) return { held: true };
  if (!authority.held(signed, 'manage-selected-settings').held) return { held: false };
  return authority.held(signed, `change-setting-${id}`);
}

/**
 * Whether a setting is one that administrators alone change, since it decides who somebody is: others would become
 * administrators by it. For a token that carries less than its owner may do, it is kept as well.
 */
export function keptFrom(
  authority: Pick<Authority, 'outranks'>,
  { account, token }: Holder,
  id: string,
): { readonly held: boolean } {
  if (!decidesIdentity(id)) return { held: false };
  return authority.outranks([administratorRole], account.roles, token.scopes);
}

/**
 * Writes settings, all or none.
 * @throws Fault `permission-missing` (facts `settingIds`), `setting-for-administrators`, `role-too-high`,
 *   `setting-unknown`, `setting-blocked`, `setting-value-invalid`
 */
export async function changeSettings(
  needs: {
    readonly settings: Settings;
    readonly authority: Authority;
    readonly roleExists: (id: string) => boolean;
  },
  signed: Signed,
  changes: readonly { readonly id: string; readonly value: unknown }[],
  caller: Caller,
): Promise<void> {
  const refused = changes.filter(({ id }) => !mayChangeSetting(needs.authority, signed, id).held);
  if (refused.length > 0) {
    throw new Fault('permission-missing', {
      permission: 'edit-privileged-setting',
      settingIds: refused.map(({ id }) => id),
    });
  }
  const kept = changes.filter(({ id }) => keptFrom(needs.authority, signed, id).held);
  if (kept.length > 0) throw new Fault('setting-for-administrators', { settingIds: kept.map(({ id }) => id) });
  for (const { id, value } of changes) {
    // Else whoever changes settings could make everybody who signs up an administrator.
    if (firstRoles.has(id) && typeof value === 'string') mustNotOutrank(needs.authority, listed(value), signed);
  }
  for (const { id, value } of changes) if (typeof value === 'string') mustNameRoles(needs, id, value);
  await needs.settings.write(changes, { caller, accountId: signed.account.id });
}

/**
 * Whoever signs up gets roles that there are, and one at least: without any nobody signs in.
 * @throws Fault `setting-value-invalid`
 */
function mustNameRoles(
  { roleExists }: Pick<Parameters<typeof changeSettings>[0], 'roleExists'>,
  id: string,
  value: string,
): void {
  if (!firstRoles.has(id)) return;
  const roles = listed(value);
  const mayBeNone = id !== initialRoles;
  if (!roles.every(roleExists) || (roles.length === 0 && !mayBeNone)) throw new Fault('setting-value-invalid', { id });
}
