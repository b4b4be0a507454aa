import type { AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import { mustBeFull } from '../session/restricted.ts';
import type { Signed } from '../session/token.ts';
import { mustProveOwner, type ProveOwnerNeeds } from './prove-owner.ts';

export interface DeleteOwnNeeds extends ProveOwnerNeeds {
  readonly clock: Clock;
  readonly accounts: Pick<AccountStore, 'remove'>;
  readonly on: () => boolean;
}

/** Whether people may delete their own accounts, asked before anything is proved. @throws Fault `switched-off` */
export function mustMayDeleteOwn({ on }: Pick<DeleteOwnNeeds, 'on'>): void {
  if (!on()) throw new Fault('switched-off');
}

/**
 * Deletes one's own account (rest.md §11.5). The attempt must run under the limits of failed sign-ins.
 * @param shown SHA-256 hex of the password; of the username where the account has no password
 * @throws Fault `switched-off`, those of `mustBeFull`, `owner-unproved`, `account-is-protected`, `last-administrator`,
 *   `account-unknown`
 */
export async function deleteOwn(needs: DeleteOwnNeeds, signed: Signed, shown: string, caller: Caller): Promise<void> {
  mustMayDeleteOwn(needs);
  const { account } = signed;
  mustBeFull(signed);
  if (account.kind === 'app') throw new Fault('account-is-protected');
  await mustProveOwner(needs, account, shown);
  const outcome = await needs.accounts.remove(
    account.id,
    recordOf(
      'account.remove',
      { at: needs.clock.now(), caller, actorId: account.id, accountId: account.id },
      account.username === undefined ? {} : { username: account.username },
    ),
  );
  if (outcome === 'unknown') throw new Fault('account-unknown');
  if (outcome === 'last-administrator') throw new Fault('last-administrator', { act: 'remove' });
}
