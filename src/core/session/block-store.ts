import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';
import type { Limits } from './attempt.ts';

/** Whom failures are counted against, by which they are forgotten. */
export type ClearSubject =
  | { readonly kind: 'account'; readonly accountId: string }
  /** An account on a device that signed in to it before, by the device's fingerprint (`device.ts`). */
  | { readonly kind: 'device'; readonly accountId: string; readonly device: string }
  /** An address, an IPv6 one with its /64. */
  | { readonly kind: 'address'; readonly address: string }
  /** A name that was typed and that no account has: only its digest is kept. */
  | { readonly kind: 'name'; readonly digest: string };

/** Who is blocked. */
export type BlockSubject =
  | ClearSubject
  /** An account that has had too many wrong codes in a row: it is cleared as an account is. */
  | { readonly kind: 'codes'; readonly accountId: string };

/** Somebody who may not sign in for now. */
export interface Block {
  readonly subject: BlockSubject;
  /** Of the account, where it has one. */
  readonly username: string | undefined;
  /** The failures that still count; for `codes` the wrong ones in a row. */
  readonly failures: number;
  /** The last failure, which was the one that blocked; undefined for `codes`. */
  readonly since: Moment | undefined;
  /** Undefined for `codes`: that ends when it is cleared, and not before. */
  readonly until: Moment | undefined;
}

/** What was forgotten. */
export interface Cleared {
  /** Those of an account, not once more for each device. */
  readonly failures: number;
  /** Codes of second factors that were wrong in a row; of accounts alone. */
  readonly wrongCodes: number;
}

/** What administrators see of the failures that are counted. Every method is one atomic step. */
export interface BlockStore {
  /**
   * Who is blocked at a moment, and how many there are (10,000 at most): those first whose block has no end, then the
   * newest first.
   * @param asked.limits that of accounts holds for their devices and for typed names as well; exempt networks are left out
   */
  list(asked: {
    readonly limits: Limits;
    readonly now: Moment;
    readonly offset: number;
    readonly count: number;
  }): Promise<{ readonly blocks: readonly Block[]; readonly total: number }>;
  /**
   * Forgets the failures of a subject; those of an account on every device, with its wrong codes; those of an address
   * with what its known devices had while it was blocked.
   */
  clear(subject: ClearSubject, audit: AuditEntry): Promise<Cleared>;
  /**
   * Failures that lie in the future, as a clock that was set back leaves them, count from now on like fresh ones; else
   * they would block until that future has passed.
   * @returns how many there were, `atMost` at a time
   */
  bringBack(now: Moment, atMost: number): Promise<number>;
}
