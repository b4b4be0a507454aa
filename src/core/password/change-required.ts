import type { AccountStore } from '../account/store.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import { type ChangePasswordNeeds, changePassword } from './change.ts';
import type { GivenPassword } from './password.ts';

export interface ChangeRequiredNeeds extends ChangePasswordNeeds {
  readonly accounts: Pick<AccountStore, 'byId'>;
}

/**
 * Sets the password that somebody must choose before anything else; signing in was the proof. Only while it is asked
 * for: of two at once the second finds that it is not any more.
 * @param change.isProved whether the caller has signed in since the change was asked for
 * @param change.tokenHash the session that stays
 * @throws Fault `password-change-not-due`, and those of `changePassword`
 */
export async function changeRequiredPassword(
  needs: ChangeRequiredNeeds,
  change: {
    readonly accountId: string;
    readonly isProved: boolean;
    readonly tokenHash: string;
    readonly fresh: GivenPassword;
  },
  caller: Caller,
): Promise<void> {
  const account = await needs.accounts.byId(change.accountId);
  if (account?.passwordChange === undefined || !change.isProved) throw new Fault('password-change-not-due');
  try {
    await changePassword(
      needs,
      {
        account,
        password: change.fresh,
        chosenBy: 'owner',
        expected: undefined,
        exceptToken: change.tokenHash,
        actorId: account.id,
        changeRequired: undefined,
      },
      caller,
    );
  } catch (cause) {
    // Nothing was claimed that could be wrong: it was changed meanwhile.
    if (cause instanceof Fault && cause.code === 'wrong-credentials') throw new Fault('password-change-not-due');
    throw cause;
  }
}
