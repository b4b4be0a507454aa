import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';
import type { Limit } from './rules.ts';

/** Whom failures are counted against. */
export type BlockSubject =
  | { readonly kind: 'account'; readonly accountId: string }
  /** An account on a device that signed in to it before, by the device's fingerprint (`device.ts`). */
  | { readonly kind: 'device'; readonly accountId: string; readonly device: string }
  /** An address, an IPv6 one with its /64. */
  | { readonly kind: 'address'; readonly address: string }
  /** A name that was typed and that no account has: only its digest is kept. */
  | { readonly kind: 'name'; readonly digest: string };

/** Somebody who may not sign in for now. */
export interface Block {
  readonly subject: BlockSubject;
  /** Of the account, where it has one. */
  readonly username: string | undefined;
  /** The failures that still count. */
  readonly failures: number;
  /** The last failure, which was the one that blocked. */
  readonly since: Moment;
  readonly until: Moment;
}

/** What administrators see of the failures that are counted. Every method is one atomic step. */
export interface BlockStore {
  /**
   * Who is blocked at a moment, the newest first, and how many there are (10,000 at most).
   * @param asked.account the limit of accounts, of their devices and of typed names
   */
  list(asked: {
    readonly account: Limit;
    readonly address: Limit;
    readonly now: Moment;
    readonly offset: number;
    readonly count: number;
  }): Promise<{ readonly blocks: readonly Block[]; readonly total: number }>;
  /**
   * Forgets the failures of a subject; those of an account on every device, with its wrong codes.
   * @returns how many failures there were; those of an account, not once more for each device
   */
  clear(subject: BlockSubject, audit: AuditEntry): Promise<number>;
  /**
   * Failures that lie in the future, as a clock that was set back leaves them, count from now on like fresh ones; else
   * they would block until that future has passed.
   * @returns how many there were, `atMost` at a time
   */
  bringBack(now: Moment, atMost: number): Promise<number>;
}
