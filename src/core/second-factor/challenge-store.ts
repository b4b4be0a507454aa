import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';

/** Something that is good once, and soon over: what a browser must sign, a log-in that waits for its second factor. */
export interface Challenge {
  /** base64 of SHA-256 of what the client holds. */
  readonly hash: string;
  /** What it is good for; it is found under this word only. */
  readonly kind: string;
  /** Whose it is; undefined while nobody is known. It goes with the account. */
  readonly accountId: string | undefined;
  /** What its maker wants to know when it comes back: JSON. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** From this moment on it is good for nothing. */
  readonly endsAt: Moment;
}

/** What challenges need from a store. Every method is one atomic step. */
export interface ChallengeStore {
  /** Keeps a challenge; for an account that is gone nothing is kept. */
  put(challenge: Challenge): Promise<void>;
  /** Keeps a challenge of nobody yet in place of the one of its hash and kind, if there is one. */
  replace(challenge: Challenge & { readonly accountId: undefined }): Promise<void>;
  /**
   * Keeps a challenge unless one of its hash is there: of several at once, one is kept.
   * @returns whether it was kept
   */
  putOnce(challenge: Challenge): Promise<boolean>;
  /**
   * Keeps a challenge of an account in place of those of its kind that it has, unless too many were kept lately.
   * @param limit so many within so long, in ms
   * @returns false where too many were, or the account is gone: then nothing has changed
   */
  putNewest(
    challenge: Challenge & { readonly accountId: string },
    limit: { readonly most: number; readonly windowMs: number; readonly now: Moment },
    audit: AuditEntry,
  ): Promise<boolean>;
  /** Uses a challenge up: of several at once, one gets it. Undefined where it is unknown, used, ended, or of another kind. */
  take(hash: string, kind: string, now: Moment): Promise<Challenge | undefined>;
  /** The same challenge, still there afterwards. */
  find(hash: string, kind: string, now: Moment): Promise<Challenge | undefined>;
  /**
   * Deletes what has ended.
   * @param atMost so many in this step
   * @returns how many were deleted
   */
  sweep(now: Moment, atMost: number): Promise<number>;
}
