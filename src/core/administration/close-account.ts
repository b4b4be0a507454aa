import type { Account } from '../account/account.ts';
import type { AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditEntry } from '../audit-entry.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import type { Caller, Clock } from '../ports.ts';
import { mustBeFull } from '../session/restricted.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission, mustNotOutrank } from './may.ts';

export interface CloseNeeds {
  readonly clock: Clock;
  readonly accounts: AccountStore;
  readonly authority: Authority;
  readonly mailer: Pick<Mailer, 'post'>;
  /** Whether people are told by mail that their account was opened or closed. */
  readonly tells: (open: boolean) => boolean;
}

/**
 * Opens or closes an account; closing ends all its tokens, personal ones too, in the same step (rest.md §11.7). Its
 * owner is told by mail where a setting says so.
 * @throws Fault those of `mustMaySetOpen`, `account-unknown`, `last-administrator`
 */
export async function setAccountOpen(
  needs: CloseNeeds,
  signed: Signed,
  account: Account,
  open: boolean,
  caller: Caller,
): Promise<void> {
  mustMaySetOpen(needs.authority, signed, account);
  await closeOrOpen(needs, account.id, open, signed.account.id, caller);
  await tellOfOpening(needs, account, open);
}

/** @throws Fault `permission-missing`, `role-too-high`, those of `mustBeFull` for one's own account */
export function mustMaySetOpen(authority: Authority, signed: Signed, account: Account): void {
  if (!authority.held(signed, 'manage-moderation-actions').held) {
    mustHoldPermission(authority, signed, 'edit-other-user-active-status');
  }
  mustReachAccount(authority, signed, account);
}

/** Nobody above one's own rank; and a token of few permissions neither closes nor deletes its owner, whatever it carries. */
function mustReachAccount(authority: Authority, signed: Signed, account: Account): void {
  if (account.id === signed.account.id) mustBeFull(signed);
  mustNotOutrank(authority, account.roles, signed);
}

/** Tells the owner by mail that the account was opened or closed, where a setting says so. */
export async function tellOfOpening(
  needs: Pick<CloseNeeds, 'mailer' | 'tells'>,
  account: Account,
  open: boolean,
): Promise<void> {
  const to = account.emails.map(({ address }) => address);
  if (account.open === open || to.length === 0 || !needs.tells(open)) return;
  const approved = open && account.closedBecause === 'waits-for-approval';
  const kind = approved ? 'account-approved' : open ? 'account-opened' : 'account-closed';
  await needs.mailer.post({ kind, to, language: account.language, facts: {} });
}

export function openingEntry(open: boolean, who: Parameters<typeof recordOf>[1]): AuditEntry {
  return recordOf(open ? 'account.open' : 'account.close', who);
}

/** The same from the host, where no permission is asked. */
export async function closeOrOpen(
  needs: Pick<CloseNeeds, 'clock' | 'accounts'>,
  accountId: string,
  open: boolean,
  actorId: string | undefined,
  caller: Caller,
): Promise<void> {
  const now = needs.clock.now();
  const audit = openingEntry(open, { at: now, caller, actorId, accountId });
  const outcome = await needs.accounts.setOpen(accountId, open, now, audit);
  if (outcome === 'unknown') throw new Fault('account-unknown');
  if (outcome === 'last-administrator') throw new Fault('last-administrator', { act: 'close' });
}

/**
 * Deletes an account with everything that hangs on it (rest.md §11.5).
 * @throws Fault `permission-missing`, `account-is-protected`, `role-too-high`, those of `mustBeFull` for one's own,
 *   `account-unknown`, `last-administrator`
 */
export async function removeAccount(
  needs: CloseNeeds,
  signed: Signed,
  account: Account,
  caller: Caller,
): Promise<void> {
  mustHoldPermission(needs.authority, signed, 'delete-user');
  if (account.kind === 'app') throw new Fault('account-is-protected');
  mustReachAccount(needs.authority, signed, account);
  await removeFor(needs, account, signed.account.id, caller);
}

/** The same from the host, where no permission is asked. */
export async function removeFor(
  needs: Pick<CloseNeeds, 'clock' | 'accounts'>,
  account: Account,
  actorId: string | undefined,
  caller: Caller,
): Promise<void> {
  const audit = recordOf(
    'account.remove',
    { at: needs.clock.now(), caller, actorId, accountId: account.id },
    account.username === undefined ? {} : { username: account.username },
  );
  const outcome = await needs.accounts.remove(account.id, audit);
  if (outcome === 'unknown') throw new Fault('account-unknown');
  if (outcome === 'last-administrator') throw new Fault('last-administrator', { act: 'remove' });
}
