import type { Moment } from '../ports.ts';

/** An entry of a directory. Names of attributes are in lower case; values are bytes, since some are no text. */
export interface Entry {
  readonly dn: string;
  readonly attributes: ReadonlyMap<string, readonly Buffer[]>;
}

/** What became of a password that the directory was asked about. */
export type BindOutcome =
  /** `readsItself`: whether the person could read their own entry, where that was asked. */
  | { readonly held: true; readonly readsItself?: boolean }
  /** The directory said clearly that the password is wrong, or that the person may not sign in. */
  | { readonly held: false; readonly because: 'wrong' | 'locked' };

/** Where entries are looked for. The filter is made of parts whose values are escaped (RFC 4515), never of raw input. */
export interface Search {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  /** A filter in the text form of RFC 4515. */
  readonly filter: string;
  readonly attributes: readonly string[];
  /** So many entries at most; more is a refusal of the search, not a cut. Undefined for no limit. */
  readonly most?: number;
}

/**
 * A directory of people as it is configured now. Every method opens what it needs within bounds of time and number, and
 * rejects with `DirectoryUnreachable` when there is no answer, no trust in the certificate, or no service account.
 */
export interface Directory {
  /**
   * All that fit, page by page; the memory needed does not grow with their number. References to other directories are
   * not followed. @throws TooManyEntries
   */
  search(what: Search): AsyncIterable<Entry>;
  /**
   * Whether this entry opens with this password. An empty password is refused without asking.
   * @param how.readsItself looks as well whether the person can read their own entry
   */
  bind(dn: string, password: string, how?: { readonly readsItself: boolean }): Promise<BindOutcome>;
  /** Connects, secures the connection, and binds the service account. */
  test(): Promise<void>;
  close(): Promise<void>;
}

/** There is no answer that could be believed; the sentence is for the operator and holds no secret. */
export class DirectoryUnreachable extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? {} : { cause });
    this.name = 'DirectoryUnreachable';
  }
}

/** More entries fit a search than it may find. */
export class TooManyEntries extends Error {
  constructor() {
    super('More entries of the directory fit than may.');
    this.name = 'TooManyEntries';
  }
}

/** What a run over the directory has come to. */
export interface SyncReport {
  readonly startedAt: Moment;
  readonly endedAt: Moment;
  /** Whether all people were looked at, or only those that changed since the last run. */
  readonly full: boolean;
  /** Whether nothing was written. */
  readonly dryRun: boolean;
  readonly seen: number;
  readonly created: number;
  /** Accounts that were joined with a person or changed. */
  readonly updated: number;
  readonly closed: number;
  /** Usernames or ids of those that were closed, or would be, at most 100 of them. */
  readonly closing: readonly string[];
  readonly opened: number;
  readonly unchanged: number;
  /** Accounts that got, changed or lost the picture of their entry; undefined in reports of earlier versions. */
  readonly pictures?: number;
  /** Entries that could not be taken, with the reason, at most 100 of them. */
  readonly skipped: readonly { readonly dn: string; readonly because: string }[];
  readonly skippedCount: number;
  /** Why nothing was closed: too many would have been. */
  readonly stopped: string | undefined;
  /** Why the run ended before it had seen everybody; nothing was closed then that it had not seen. */
  readonly failed: string | undefined;
}
