import type { Account } from '../account/account.ts';
import type { Caller, Clock } from '../ports.ts';
import { type AttemptNeeds, attempt } from '../session/attempt.ts';
import { mustBeFreshSignIn } from '../session/fresh-sign-in.ts';
import type { Signed } from '../session/token.ts';
import { mustProveOwner, type ProveOwnerNeeds } from './prove-owner.ts';

export interface ProveInsteadNeeds extends ProveOwnerNeeds {
  readonly clock: Clock;
  readonly attempting: AttemptNeeds;
  /** Second factors as a whole. */
  readonly factorsOn: () => boolean;
  readonly hasOwnFactor: (account: Account) => { readonly held: boolean };
}

/** Whether somebody can be asked for a second factor, or for the password in its place. */
export function canBeAsked({ hasOwnFactor }: Pick<ProveInsteadNeeds, 'hasOwnFactor'>, account: Account): boolean {
  return account.hasPassword || hasOwnFactor(account).held;
}

/**
 * What is asked where the gate of second factors has asked nothing: the password where factors are switched off, and a
 * sign-in of a short time ago of whoever has neither a password nor a factor.
 * @param currentPassword as SHA-256 hex
 * @throws Fault `sign-in-not-fresh`, and those of `attempt` and `mustProveOwner`
 */
export async function mustProveInstead(
  needs: ProveInsteadNeeds,
  signed: Signed,
  currentPassword: string | undefined,
  caller: Caller,
): Promise<void> {
  const { account } = signed;
  if (needs.factorsOn() && canBeAsked(needs, account)) return;
  if (!account.hasPassword) {
    mustBeFreshSignIn(signed, needs.clock.now());
    return;
  }
  await mustShowPassword(needs, account, currentPassword ?? '', caller);
}

/**
 * Asks for the password of an account that has one, under the limits of failed sign-ins.
 * @param shown as SHA-256 hex
 * @throws Fault those of `attempt` and `mustProveOwner`
 */
export async function mustShowPassword(
  needs: Pick<ProveInsteadNeeds, 'attempting'> & ProveOwnerNeeds,
  account: Account,
  shown: string,
  caller: Caller,
): Promise<void> {
  const claim = { by: 'id', value: account.id } as const;
  await attempt(needs.attempting, { what: 'account.edit', caller, claim }, async () => {
    await mustProveOwner(needs, account, shown);
  });
}

/**
 * Whoever has nothing to be asked for sets a first factor up only shortly after a sign-in: else somebody who has found
 * their session could make a proof of their own, and with it a password.
 * @throws Fault `sign-in-not-fresh`
 */
export function mustBeFreshToEnrol(needs: Pick<ProveInsteadNeeds, 'clock' | 'hasOwnFactor'>, signed: Signed): void {
  if (!canBeAsked(needs, signed.account)) mustBeFreshSignIn(signed, needs.clock.now());
}
