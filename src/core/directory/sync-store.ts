import type { Account } from '../account/account.ts';
import type { KeptIdentity } from '../external-login/identity.ts';
import type { Moment } from '../ports.ts';

/** What a run saw of one person. */
export interface Sight {
  readonly subject: string;
  /** Whether the account shall be closed: the directory has disabled or locked the person, or its filter leaves them out. */
  readonly shut: boolean;
  /** What the directory tells now; undefined where it is what is kept. */
  readonly facts: Readonly<Record<string, string>> | undefined;
}

/** Whom a run closes. */
export interface Leaving {
  readonly provider: string;
  /** The moment by which the run marked whom it saw. */
  readonly at: Moment;
  /** When the run began, by the clock: never later than `at`. */
  readonly begunAt: Moment;
  /** Those whom the run did not see: only of a run over everybody. */
  readonly missing: boolean;
  /** Those whom the run saw disabled, locked or left out. */
  readonly shut: boolean;
}

/** One of them. */
export interface Leaver {
  readonly subject: string;
  readonly accountId: string;
  readonly username: string | undefined;
  readonly because: 'missing' | 'disabled';
}

/** What keeping in step with a directory needs from a store. Every method is one atomic step. */
export interface SyncStore {
  /** The accounts that are joined with these subjects, by subject. At most 500 subjects. */
  joined(
    provider: string,
    subjects: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly identity: KeptIdentity; readonly account: Account }>>;
  /** Marks whom a run saw. Subjects that are not joined are left out. */
  see(provider: string, seen: readonly Sight[], at: Moment): Promise<void>;
  /**
   * How many open accounts are joined with the provider, and how many of them the run would close. Whoever was joined, or
   * signed in by the provider, since the run began is not missing; an account with two identities stays for either. What
   * lies more than a day ahead was written by a clock that went wrong, and counts for nothing.
   */
  tally(leaving: Leaving): Promise<{ readonly open: number; readonly leaving: number }>;
  /** The next of those whom the run closes, by subject. @param after the last subject of the page before */
  leavers(leaving: Leaving, after: string, atMost: number): Promise<readonly Leaver[]>;
  /** The next accounts that are open and joined, by subject: for a run that marks nothing. */
  openAccounts(provider: string, after: string, atMost: number): Promise<readonly Omit<Leaver, 'because'>[]>;
  /** What is kept under a name; undefined for nothing yet. */
  state(name: string): Promise<unknown>;
  /** @param value JSON */
  keepState(name: string, value: unknown, now: Moment): Promise<void>;
  /**
   * Takes what only one may have: held where nobody has it, or their time is over, or lies further ahead than twice the
   * time that is asked for, which no right clock gave.
   */
  lease(
    name: string,
    by: { readonly holder: string; readonly now: Moment; readonly until: Moment },
  ): Promise<{ readonly held: boolean }>;
  /** Keeps it for longer: held only where nobody else has taken it meanwhile, whether or not they have it still. */
  renewLease(
    name: string,
    by: { readonly holder: string; readonly now: Moment; readonly until: Moment },
  ): Promise<{ readonly held: boolean }>;
  /** Gives it back; nothing happens where another has it by now. */
  endLease(name: string, holder: string, now: Moment): Promise<void>;
}
