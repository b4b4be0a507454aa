import type { Account } from '../account/account.ts';
import { Fault } from '../fault.ts';
import type { Hasher } from './hasher.ts';
import { digestsOf, type GivenPassword } from './password.ts';
import { mustFitPolicy, type PolicyNeeds } from './policy.ts';
import type { PasswordStore } from './store.ts';

export interface ChooseNeeds extends PolicyNeeds {
  readonly hasher: Hasher;
  readonly passwords: Pick<PasswordStore, 'kept'>;
  /** Whether former passwords are compared, and how many are kept. */
  readonly history: () => { readonly on: boolean; readonly kept: number };
}

/**
 * Refuses what the owner of an account may not choose as the next password: the one that it has, those that it had
 * (where the history is on), and what does not fit the policy, asked in this order (rest.md §11.4).
 * @returns the stored form that the account has at this moment, to be expected when the new one is written
 * @throws Fault `password-unacceptable`, `password-same-as-current`, `password-in-history`, `busy`
 */
export async function mustBeFresh(
  needs: ChooseNeeds,
  account: Account,
  given: GivenPassword,
): Promise<string | undefined> {
  const digests = digestsOf(given);
  if (digests.length === 0) throw new Fault('password-unacceptable');
  const history = needs.history();
  const { current, former } = await needs.passwords.kept(account.id, history.on ? history.kept : 0);
  if (current !== undefined && (await isOneOf(needs.hasher, digests, [current])).held) {
    throw new Fault('password-same-as-current');
  }
  if ((await isOneOf(needs.hasher, digests, former)).held) throw new Fault('password-in-history');
  await mustFitPolicy(needs, given, account);
  return current;
}

/** One after the other: whoever changes a password shall not fill the queue of those who sign in. */
async function isOneOf(
  hasher: Hasher,
  digests: readonly string[],
  stored: readonly string[],
): Promise<{ readonly held: boolean }> {
  for (const one of stored) {
    for (const digest of digests) if ((await hasher.check(digest, one, 'first')).held) return { held: true };
  }
  return { held: false };
}
