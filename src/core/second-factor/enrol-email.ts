import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import { verifiedOf } from './email-code.ts';
import type { Enrolling } from './enrol-app.ts';
import { mustHaveVerified, mustMayRelyOnEmail, type RelyNeeds, tellChange } from './notices.ts';
import type { FactorStore } from './store.ts';

export interface EmailFactorNeeds extends RelyNeeds {
  readonly clock: Clock;
  readonly factors: Pick<FactorStore, 'setEmail'>;
}

/**
 * Turns codes by e-mail on; every other session ends (rest.md §9.1). Turned on twice is turned on.
 * @throws Fault `factor-emails-unverified`, also without any address; `factor-mail-undelivered`
 */
export async function turnEmailOn(
  needs: EmailFactorNeeds,
  { account, tokenHash }: Enrolling,
  caller: Caller,
): Promise<void> {
  mustHaveVerified(account);
  if (verifiedOf(account).length === 0) throw new Fault('factor-emails-unverified');
  const { secondFactors } = account;
  if (!secondFactors.app && !secondFactors.passkey) await mustMayRelyOnEmail(needs, account);
  const changed = await needs.factors.setEmail(
    account.id,
    true,
    tokenHash,
    entry(needs, 'factor.add', account, caller),
  );
  if (changed) await tellChange(needs, account, 'factor-added', 'email');
}

/** Turns codes by e-mail off; who may is for the gate to have asked. */
export async function turnEmailOff(needs: EmailFactorNeeds, account: Account, caller: Caller): Promise<void> {
  const audit = entry(needs, 'factor.remove', account, caller);
  const changed = await needs.factors.setEmail(account.id, false, undefined, audit);
  if (changed) await tellChange(needs, account, 'factor-removed', 'email');
}

function entry(needs: Pick<EmailFactorNeeds, 'clock'>, what: string, { id }: Account, caller: Caller) {
  return recordOf(what, { at: needs.clock.now(), caller, actorId: id, accountId: id }, { factor: 'email' });
}
