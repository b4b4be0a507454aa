import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import type { Settings } from '../setting/settings.ts';
import type { Authority } from './may.ts';

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
 * @throws Fault `permission-missing` (facts `settingIds`), `setting-unknown`, `setting-blocked`, `setting-value-invalid`
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
  await needs.settings.write(changes, { caller, accountId: signed.account.id });
}
