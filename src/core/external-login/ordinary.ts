import type { Account } from '../account/account.ts';
import { foldName } from '../account/names.ts';

/** What an account may be at most that is joined while nobody shows a password or a factor of it. */
export interface Ordinary {
  /** Ids of the only roles that it may have. */
  readonly roles: readonly string[];
  /** Where codes by e-mail may go: they are the person's own then. */
  readonly codesTo: readonly string[];
}

/**
 * In what an account is more than that: whoever may name somebody elsewhere would come to whatever it may do. The store
 * asks this in the step that joins; who asks before knows what to tell.
 * @returns undefined for an ordinary one
 */
export function moreThanOrdinary(
  { roles, secondFactors, emails }: Pick<Account, 'roles' | 'secondFactors' | 'emails'>,
  ordinary: Ordinary,
): 'account-has-more-roles' | 'account-has-second-factor' | undefined {
  if (roles.some((role) => !ordinary.roles.includes(role))) return 'account-has-more-roles';
  const { app, email, passkey, passkeyAlone } = secondFactors;
  const codesTo = new Set(ordinary.codesTo.map(foldName));
  const isReached = emails.some(({ address, verified }) => verified && codesTo.has(foldName(address)));
  return app || passkey || passkeyAlone || (email && !isReached) ? 'account-has-second-factor' : undefined;
}
