import type { Account } from '../account/account.ts';
import type { AddOutcome, NewAccount } from '../account/store.ts';
import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';
import type { KeptIdentity } from './identity.ts';

/** An identity to be joined with an account. */
export type NewIdentity = Pick<KeptIdentity, 'provider' | 'subject' | 'facts'> & {
  /** Where nobody has signed in with it yet: a run over a directory joins it. */
  readonly unused?: true;
};

/** Sessions of a provider: all of a subject, one by its name, or all whose names begin with a word and a space. */
export type ProviderSessions =
  | { readonly provider: string; readonly sessionsOf: string }
  | { readonly provider: string; readonly subject: string }
  | { readonly provider: string; readonly session: string };

/** What people from elsewhere need from a store. Every method is one atomic step, announced like those of accounts. */
export interface IdentityStore {
  /** The account that an identity is joined with. */
  find(provider: string, subject: string): Promise<{ identity: KeptIdentity; account: Account } | undefined>;
  /** Those of an account, oldest first. */
  ofAccount(accountId: string): Promise<readonly KeptIdentity[]>;
  /**
   * Joins an identity with an account that is there.
   * @param onlyWhile what the account must still be when it is written: the address it has verified, or its username
   */
  link(
    identity: NewIdentity,
    accountId: string,
    onlyWhile: { readonly verifiedAddress?: string; readonly username?: string },
    now: Moment,
    audit: AuditEntry,
  ): Promise<'linked' | 'identity-taken' | 'account-changed'>;
  /** Writes an account and its identity together. Two at once for one identity: one is made. */
  addAccount(
    account: NewAccount,
    identity: NewIdentity,
    audit: readonly AuditEntry[],
  ): Promise<AddOutcome | 'identity-taken'>;
  /** Notes a sign-in, and what the provider tells now. */
  use(identity: NewIdentity, now: Moment): Promise<void>;
  /**
   * Parts an identity from its account, and ends the sessions that it has opened.
   * @returns `last-way-in` where the account has no password, passkey alone or other identity: nothing has changed then
   */
  unlink(
    accountId: string,
    identity: Pick<KeptIdentity, 'provider' | 'subject'>,
    audit: AuditEntry,
  ): Promise<'done' | 'unknown' | 'last-way-in'>;
  /**
   * Ends the tokens behind which these sessions of a provider stand.
   * @param audit makes the entry of one account
   * @returns the accounts whose tokens ended
   */
  endSessions(which: ProviderSessions, audit: (accountId: string) => AuditEntry): Promise<readonly string[]>;
}
