import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';

/** A picture that somebody chose for an account. */
export interface Avatar {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** What pictures need from a store. Every method is one atomic step, and a write announces `avatarTag`. */
export interface AvatarStore {
  /** The picture of the account of this username (folded), with its tag; undefined for the drawn one. */
  byUsername(username: string): Promise<(Avatar & { readonly tag: string }) | undefined>;
  /**
   * Puts a picture in the place of the one before; `undefined` takes it away.
   * @param tag the new `Account.avatarTag`, undefined without a picture
   * @param onlyWhile written only while the account has this tag, `undefined` for the drawn picture
   * @returns false when the account is gone, or has another picture than it must still have
   */
  put(
    accountId: string,
    chosen: { readonly avatar: Avatar; readonly tag: string } | undefined,
    now: Moment,
    audit: AuditEntry,
    onlyWhile?: { readonly tag: string | undefined },
  ): Promise<boolean>;
}
