import type { App } from '../../app.ts';
import type { Account } from '../../core/account/account.ts';
import type { Signed } from '../../core/session/token.ts';
import { userMade } from '../shapes/user-fields.ts';

/**
 * An account as the call that made or changed it tells it (rest.md §2.9).
 * @param signed who called; undefined for strangers
 */
export function madeUser(app: App, account: Account, signed: Signed | undefined): Readonly<Record<string, unknown>> {
  const full = signed !== undefined && app.permissions.held(signed, 'view-full-other-user-info').held;
  const customFields = app.settings.get('Accounts_CustomFields');
  return userMade(account, { status: app.presence.of(account), full, customFields });
}
