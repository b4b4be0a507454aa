import type { Account } from '../account/account.ts';
import type { Clock } from '../ports.ts';
import { isFactorRequired, isWithinGrace, type RequiredPolicy } from '../second-factor/required.ts';
import type { FactorStore, KeptFactors } from '../second-factor/store.ts';

export interface EnrolOnlyNeeds {
  readonly clock: Clock;
  readonly factors: Pick<FactorStore, 'noteRequired'>;
  readonly required: () => RequiredPolicy;
  /** Whether the account has a second factor of its own that is switched on here. */
  readonly hasOwnFactor: (account: Account) => { readonly held: boolean };
}

/**
 * Whether the session that this sign-in opens is good for nothing but setting up a second factor. The first sign-in of
 * which one is required is noted: the grace begins with it.
 * @param kept what is stored of the account's factors
 */
export async function opensToEnrolOnly(
  needs: EnrolOnlyNeeds,
  account: Account,
  kind: string,
  kept: Pick<KeptFactors, 'requiredSince'>,
): Promise<{ readonly held: boolean }> {
  const policy = needs.required();
  if (!isFactorRequired(policy, account, kind).held || needs.hasOwnFactor(account).held) return { held: false };
  const now = needs.clock.now();
  const since = kept.requiredSince ?? (await needs.factors.noteRequired(account.id, now));
  return { held: !isWithinGrace(policy, since, now).held };
}
