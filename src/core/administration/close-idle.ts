import type { Account } from '../account/account.ts';
import type { AccountStore, IdlePlace } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission } from './may.ts';

export interface CloseIdleNeeds {
  readonly clock: Clock;
  readonly accounts: Pick<AccountStore, 'closeIdle'>;
  readonly authority: Authority;
}

/** So many accounts are looked at in one write: others must not wait for long. */
const atMost = 100;

/**
 * Closes the accounts that hold a role and that nobody has signed in to for so many days (rest.md §11.7), as far as none
 * ranks above the caller. Accounts that never signed in stay, and so does the caller's own: it is in use.
 * @returns how many it closed
 * @throws Fault `permission-missing`
 */
export async function closeIdleAccounts(
  needs: CloseIdleNeeds,
  signed: Signed,
  asked: { readonly days: number; readonly role: string },
  caller: Caller,
): Promise<number> {
  mustHoldPermission(needs.authority, signed, 'edit-other-user-active-status');
  const at = needs.clock.now();
  const since = at - asked.days * 86_400_000;
  const mayClose = ({ id, roles }: Account) => ({
    held: id !== signed.account.id && !needs.authority.outranks(roles, signed.account.roles, signed.token.scopes).held,
  });
  let count = 0;
  let after: IdlePlace | undefined;
  do {
    const { closed, next }: Awaited<ReturnType<AccountStore['closeIdle']>> = await needs.accounts.closeIdle(
      { since, role: asked.role, after, atMost, mayClose },
      at,
      (accountId) =>
        recordOf('account.close', { at, caller, actorId: signed.account.id, accountId }, { because: 'idle' }),
    );
    count += closed.length;
    after = next;
  } while (after !== undefined);
  return count;
}
