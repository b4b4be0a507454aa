import { sha256Hex } from '../../lib/digest.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Hasher } from './hasher.ts';
import { digestOf, type GivenPassword } from './password.ts';
import type { PasswordStore } from './store.ts';

export interface ChangePasswordNeeds {
  readonly clock: Clock;
  readonly hasher: Hasher;
  readonly passwords: PasswordStore;
}

const blankDigests: ReadonlySet<string> = new Set(['', ' '].map(sha256Hex));

/** Refuses what can be no password: nothing, blanks only, or a digest that is none. */
export function mustBePassword(given: GivenPassword): string {
  const digest = digestOf(given);
  const isBlank = 'plain' in given ? given.plain.trim() === '' : blankDigests.has(given.digest);
  if (digest === undefined || isBlank) throw new Fault('password-unacceptable');
  return digest;
}

/**
 * Sets a password and ends the other sessions of the account; personal tokens stay (design §1).
 * @param change.expected the stored form that was proved just before; undefined where an administrator sets it
 * @param change.actorId who does it; undefined on the command line
 * @throws Fault `password-unacceptable`, `wrong-credentials` when it was changed meanwhile, `account-unknown`, `busy`
 */
export async function changePassword(
  needs: ChangePasswordNeeds,
  change: {
    readonly accountId: string;
    readonly password: GivenPassword;
    readonly expected: string | undefined;
    readonly exceptToken: string | undefined;
    readonly actorId: string | undefined;
    readonly changeRequired: { readonly reason: string | undefined } | undefined;
  },
  caller: Caller,
): Promise<void> {
  const hash = await needs.hasher.make(mustBePassword(change.password));
  const now = needs.clock.now();
  const done = await needs.passwords.setPassword(
    { ...change, hash, now },
    recordOf('password.change', { at: now, caller, actorId: change.actorId, accountId: change.accountId }),
  );
  if (!done) throw new Fault(change.expected === undefined ? 'account-unknown' : 'wrong-credentials');
}
