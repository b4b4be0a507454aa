import { equalSecrets } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import type { AccountStore } from '../account/store.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import type { LoggedIn, LogInNeeds } from '../session/log-in.ts';
import { endAll } from '../session/log-out.ts';
import { makeTokenFor } from '../session/make-token.ts';
import { mustBeFull } from '../session/restricted.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission, mustNotOutrank } from './may.ts';

export interface TokenMakingNeeds extends LogInNeeds {
  readonly accounts: Pick<AccountStore, 'byId'>;
  readonly authority: Authority;
  /** From the environment: whether tokens may be made for accounts, and the secret that must then be shown. */
  readonly tokenMaking: { readonly on: boolean; readonly secret: string | undefined };
}

/**
 * Whether tokens may be made here at all, judged before the account is looked up (rest.md §8.1).
 * @throws Fault `token-making-refused`
 */
export function mustAllowTokenMaking(
  { tokenMaking }: Pick<TokenMakingNeeds, 'tokenMaking'>,
  secret: string | undefined,
): void {
  if (!tokenMaking.on) throw new Fault('token-making-refused');
  if (tokenMaking.secret !== undefined && !equalSecrets(secret ?? '', tokenMaking.secret).held) {
    throw new Fault('token-making-refused');
  }
}

/**
 * An ordinary token for oneself, or for somebody who does not rank above the caller.
 * @throws Fault `token-making-refused`, `account-closed`, `account-unknown`
 */
export async function makeTokenForOther(
  needs: TokenMakingNeeds,
  signed: Signed,
  account: Account,
  secret: string | undefined,
  caller: Caller,
): Promise<LoggedIn> {
  mustAllowTokenMaking(needs, secret);
  if (account.id === signed.account.id) {
    // Else it would outlive the personal token it was made from, and a session could renew itself for ever.
    if (signed.token.pool === 'personal' || signed.byPage === true) throw new Fault('token-making-refused');
    return await makeTokenFor(needs, account, signed, caller, signed.token.endsAt);
  }
  if (!needs.authority.held(signed, 'user-generate-access-token').held) {
    throw new Fault('token-making-refused');
  }
  // Told as every other refusal here: nobody learns from it who ranks above them.
  if (needs.authority.outranks(account.roles, signed.account.roles, signed.token.scopes).held) {
    throw new Fault('token-making-refused');
  }
  return await makeTokenFor(needs, account, signed, caller);
}

/**
 * Ends every session of oneself, or of another with the permission for it (rest.md §8.3).
 * @throws Fault `permission-missing`, `beyond-scope`, `role-too-high`, `account-unknown` when there was nothing to end
 */
export async function endSessionsOf(
  needs: TokenMakingNeeds,
  signed: Signed,
  accountId: string,
  caller: Caller,
): Promise<void> {
  if (accountId === signed.account.id) {
    mustBeFull(signed);
  } else {
    mustHoldPermission(needs.authority, signed, 'logout-other-user');
    const account = await needs.accounts.byId(accountId);
    if (account === undefined) throw new Fault('account-unknown');
    mustNotOutrank(needs.authority, account.roles, signed);
  }
  await endAll(needs, signed, accountId, caller);
}
