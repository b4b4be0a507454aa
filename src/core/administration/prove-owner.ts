import { equalSecrets, sha256Hex } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import { Fault } from '../fault.ts';
import { type ProveNeeds, provePassword } from '../password/prove.ts';
import type { PasswordStore } from '../password/store.ts';

export interface ProveOwnerNeeds extends ProveNeeds {
  readonly passwords: Pick<PasswordStore, 'hashOf'>;
}

/**
 * Compares what somebody shows as the owner of an account. The attempt must run under the limits of failed sign-ins.
 * @param shown SHA-256 hex of the password, any case; of the username where the account has no password
 * @throws Fault `owner-unproved`, `busy`
 */
export async function mustProveOwner(needs: ProveOwnerNeeds, account: Account, shown: string): Promise<void> {
  const digest = shown.toLowerCase();
  const stored = await needs.passwords.hashOf(account.id);
  if (stored === undefined) {
    const wanted = account.username?.trim();
    const held = wanted !== undefined && equalSecrets(digest, sha256Hex(wanted)).held;
    if (!held) throw new Fault('owner-unproved', { by: 'username' });
    return;
  }
  if (!(await provePassword(needs, { digest }, stored, 'first')).held) {
    throw new Fault('owner-unproved', { by: 'password' });
  }
}
