import type { Account } from '../account/account.ts';
import { changesEmail, editOf } from '../account/edit.ts';
import { Fault } from '../fault.ts';
import type { ChosenPassword } from '../password/change.ts';
import { mustFitPolicy } from '../password/policy.ts';
import type { Caller } from '../ports.ts';
import { mustBeFull } from '../session/restricted.ts';
import type { Signed } from '../session/token.ts';
import {
  asItIs,
  type EditNeeds,
  freshAddress,
  mayChoosePassword,
  mustBeSwitchedOn,
  mustHavePaused,
  refused,
  writeAndTell,
} from './edit-account.ts';
import { mustProveInstead, type ProveInsteadNeeds } from './prove-instead.ts';
import { isSensitive, type OwnChange } from './sensitive-change.ts';

export interface EditOwnNeeds extends EditNeeds, ProveInsteadNeeds {
  readonly clock: EditNeeds['clock'];
  readonly passwords: EditNeeds['passwords'];
}

/**
 * Edits one's own profile. The caller has held the second factor where `isSensitive` asks for one. The addresses before
 * are told of another one.
 * @param currentPassword as SHA-256 hex: asked for in the factor's place where second factors are switched off
 * @returns the account as it is then
 * @throws Fault those of `mustProveInstead`, `switched-off`, `profile-change-refused`, those of `mustBeFull`, `rate-limited`, `status-invisible-refused`,
 *   `password-change-required` where that is all that may be changed, and those of `editOf`, `writeEdit` and
 *   `changePassword`
 */
export async function editOwn(
  needs: EditOwnNeeds,
  signed: Signed,
  change: OwnChange,
  currentPassword: string | undefined,
  caller: Caller,
): Promise<Account> {
  const { account, token } = signed;
  if (isSensitive(signed, change)) await mustProveInstead(needs, signed, currentPassword, caller);
  const { newPassword } = change;
  const password = newPassword === '' ? undefined : newPassword;
  const on = needs.switches();
  if (!on.profile && account.username !== undefined) throw new Fault('switched-off');
  if (change.email === '' && account.emails.length > 0) throw new Fault('email-invalid', { email: '' });
  const edit = editOf(account, change, needs.profilePolicy());
  // Whoever has no username can do nothing else, so what keeps people from another one holds for nobody's first.
  const isFirstUsername =
    account.username === undefined && password === undefined && Object.keys(edit).every((name) => name === 'username');
  if (!isFirstUsername) {
    if (!on.profile) throw new Fault('switched-off');
    mustBeSwitchedOn(on, edit);
  }
  // Whoever has to choose another password first does so here, and nothing else.
  mustBeFull(signed, { passwordChange: password !== undefined && Object.keys(edit).length === 0 });
  if (password !== undefined) {
    // Whoever must change it can do so all the same.
    if (!mayChoosePassword(on, account)) throw refused('password');
    // Asked again where it is made; asked here so that a password that is refused costs no pause between addresses.
    if (Object.keys(edit).length > 0) await mustFitPolicy(needs, { plain: password }, account);
  }
  if (changesEmail(account, change.email)) await mustHavePaused(needs, signed);
  const chosen: ChosenPassword | undefined =
    password === undefined
      ? undefined
      : {
          account,
          password: { plain: password },
          chosenBy: 'owner',
          expected: undefined,
          exceptToken: token.hash,
          actorId: account.id,
          changeRequired: undefined,
        };
  await writeAndTell(needs, account.id, account, { edit, chosen }, caller);
  const written = await asItIs(needs, account.id);
  const fresh = freshAddress(account, change.email);
  if (fresh !== undefined) await needs.mailVerification(written, fresh, account.id, caller);
  return written;
}
