import type { Account } from '../account/account.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import { type ChangePasswordNeeds, changePassword } from './change.ts';
import type { GivenPassword } from './password.ts';
import { type ProveNeeds, provePassword } from './prove.ts';

export interface ChangeOwnNeeds extends ChangePasswordNeeds, ProveNeeds {
  /** Whether people may change their password at all; whoever must, may. */
  readonly mayChange: () => boolean;
}

/**
 * Changes one's own password against the old one. The attempt must run under the limits of failed sign-ins.
 * @param change.tokenHash the session that stays
 * @throws Fault `profile-change-refused`, `wrong-credentials`, and those of `changePassword`
 */
export async function changeOwnPassword(
  needs: ChangeOwnNeeds,
  change: {
    readonly account: Account;
    readonly tokenHash: string;
    readonly old: GivenPassword;
    readonly fresh: GivenPassword;
  },
  caller: Caller,
): Promise<void> {
  if (change.account.passwordChange === undefined && !needs.mayChange()) {
    throw new Fault('profile-change-refused', { action: 'password' });
  }
  const stored = await needs.passwords.hashOf(change.account.id);
  const answer = await provePassword(needs, change.old, stored, 'first');
  if (!answer.held) throw new Fault('wrong-credentials');
  await changePassword(
    needs,
    {
      account: change.account,
      password: change.fresh,
      chosenBy: 'owner',
      expected: stored,
      exceptToken: change.tokenHash,
      actorId: change.account.id,
      changeRequired: undefined,
    },
    caller,
  );
}
