import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import type { Caller, Clock } from '../ports.ts';
import { verifiedOf } from '../second-factor/email-code.ts';
import type { FactorStore } from '../second-factor/store.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission, mustNotOutrank } from './may.ts';

export interface ResetFactorsNeeds {
  readonly clock: Clock;
  readonly factors: Pick<FactorStore, 'reset'>;
  readonly mailer: Pick<Mailer, 'post'>;
  readonly authority: Authority;
  /** Second factors as a whole. */
  readonly on: () => boolean;
}

/**
 * Takes every second factor of an account away and ends all its tokens, personal ones too (rest.md §9.3). Its owner is
 * told by mail when somebody else did it.
 * @throws Fault `permission-missing`, `role-too-high`, `factors-switched-off`, `account-unknown`
 */
export async function resetFactors(
  needs: ResetFactorsNeeds,
  signed: Signed,
  account: Account,
  caller: Caller,
): Promise<void> {
  const isOther = account.id !== signed.account.id;
  if (isOther) mustHoldPermission(needs.authority, signed, 'edit-other-user-totp');
  if (!needs.on()) throw new Fault('factors-switched-off');
  if (isOther) mustNotOutrank(needs.authority, account.roles, signed);
  await takeFactorsAway(needs, account, signed.account.id, caller);
}

/**
 * The same from the host, where no permission is asked, and whatever is switched off.
 * @param actorId who does it; undefined on the host
 * @throws Fault `account-unknown`
 */
export async function takeFactorsAway(
  needs: Pick<ResetFactorsNeeds, 'clock' | 'factors' | 'mailer'>,
  account: Account,
  actorId: string | undefined,
  caller: Caller,
): Promise<void> {
  const who = { at: needs.clock.now(), caller, actorId, accountId: account.id };
  if (!(await needs.factors.reset(account.id, recordOf('factor.reset', who)))) throw new Fault('account-unknown');
  const to = verifiedOf(account);
  if (actorId !== account.id && to.length > 0) {
    await needs.mailer.post({ kind: 'factors-reset', to, language: account.language, facts: {} });
  }
}
