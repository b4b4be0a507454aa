import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import { type ChangePasswordNeeds, changePassword } from './change.ts';
import type { GivenPassword } from './password.ts';
import { type ProveNeeds, provePassword } from './prove.ts';

/**
 * Changes one's own password against the old one. The attempt must run under the limits of failed sign-ins.
 * @param change.tokenHash the session that stays
 * @throws Fault `wrong-credentials`, and those of `changePassword`
 */
export async function changeOwnPassword(
  needs: ChangePasswordNeeds & ProveNeeds,
  change: {
    readonly accountId: string;
    readonly tokenHash: string;
    readonly old: GivenPassword;
    readonly fresh: GivenPassword;
  },
  caller: Caller,
): Promise<void> {
  const stored = await needs.passwords.hashOf(change.accountId);
  const answer = await provePassword(needs, change.old, stored, 'first');
  if (!answer.held) throw new Fault('wrong-credentials');
  await changePassword(
    needs,
    {
      accountId: change.accountId,
      password: change.fresh,
      expected: stored,
      exceptToken: change.tokenHash,
      actorId: change.accountId,
      changeRequired: undefined,
    },
    caller,
  );
}
