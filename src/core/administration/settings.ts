import { listed } from '../account/rules.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import type { SettingId } from '../setting/catalogue.ts';
import type { Settings } from '../setting/settings.ts';
import { type Authority, mustNotOutrank } from './may.ts';

const initialRoles: SettingId = 'Accounts_Registration_Users_Default_Roles';

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
 * Writes settings, all or none.
 * @throws Fault `permission-missing` (facts `settingIds`), `role-too-high`, `setting-unknown`, `setting-blocked`,
 *   `setting-value-invalid`
 */
export async function changeSettings(
  needs: { readonly settings: Settings; readonly authority: Authority },
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
  for (const { id, value } of changes) {
    // Else whoever changes settings could make everybody who signs up an administrator.
    if (id === initialRoles && typeof value === 'string') {
      mustNotOutrank(needs.authority, listed(value), signed);
    }
  }
  await needs.settings.write(changes, { caller, accountId: signed.account.id });
}
