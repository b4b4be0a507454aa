import type { Account } from '../account/account.ts';
import type { AddOutcome, NewAccount } from '../account/store.ts';
import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';
import type { KeptIdentity } from './identity.ts';
import type { Ordinary } from './ordinary.ts';

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

/** What an account must still be when an identity is joined with it. */
export interface JoinTerms {
  /** An address that it has verified. */
  readonly verifiedAddress?: string;
  readonly username?: string;
  /**
   * Joined with nobody else of the provider: two people of one provider are never one person here. With `used`, links that
   * nobody has signed in with do not count.
   */
  readonly noOtherOfProvider?: 'any' | 'used';
  /** No more than this, see `moreThanOrdinary`. */
  readonly ordinary?: Ordinary;
  /**
   * Whoever has the account is taken for a stranger unless it has verified one of these addresses. A stranger keeps no way
   * in: sessions, tokens of every sort, the password, passkeys, second factors, other identities and addresses go in the
   * same step.
   */
  readonly strangerUnlessVerified?: readonly string[];
}

/** What people from elsewhere need from a store. Every method is one atomic step, announced like those of accounts. */
export interface IdentityStore {
  /** The account that an identity is joined with. */
  find(provider: string, subject: string): Promise<{ identity: KeptIdentity; account: Account } | undefined>;
  /** Those of an account, oldest first. */
  ofAccount(accountId: string): Promise<readonly KeptIdentity[]>;
  /**
   * Joins an identity with an account that is there.
   */
  link(
    identity: NewIdentity,
    accountId: string,
    onlyWhile: JoinTerms,
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
  /** Whether there is something to end by `endSessions`; writes nothing, for those who cannot be known. */
  hasSessions(which: ProviderSessions): Promise<{ readonly held: boolean }>;
  /**
   * Ends the tokens behind which these sessions of a provider stand.
   * @param audit makes the entry of one account
   * @returns the accounts whose tokens ended
   */
  endSessions(which: ProviderSessions, audit: (accountId: string) => AuditEntry): Promise<readonly string[]>;
}
