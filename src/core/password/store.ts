import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';

/** A link that was mailed to the owner of an account, and what must still be as it was when it was made. */
export interface SpentLink {
  /** base64 of SHA-256 of what stands in the link. */
  readonly hash: string;
  readonly kind: string;
  /** Where it was mailed to. */
  readonly address: string;
  readonly lastLogInAt: Moment | undefined;
}

/** A password to be written, and what must still be so then. */
export interface PasswordChange {
  readonly accountId: string;
  readonly hash: string;
  readonly expected: string | undefined;
  readonly formerKept: number;
  readonly exceptToken: string | undefined;
  readonly takesOver?: boolean | undefined;
  readonly changeRequired: { readonly reason: string | undefined } | undefined;
  readonly link?: SpentLink | undefined;
  readonly now: Moment;
}

/** What passwords need from a store. */
export interface PasswordStore {
  /** The stored form of the password of an account, or undefined for none. */
  hashOf(accountId: string): Promise<string | undefined>;
  /** The stored form of the password of an account, and up to `atMost` of those before it, the latest first. */
  kept(
    accountId: string,
    atMost: number,
  ): Promise<{ readonly current: string | undefined; readonly former: readonly string[] }>;
  /**
   * Sets the password and ends every session but one and all trust in clients, in one step; personal tokens stay. The
   * one before becomes a former one.
   * @param change.exceptToken the session on whose word it is set: it must live, and lives on
   * @param change.takesOver whether whoever sets it may be another person than before: then personal tokens end as well,
   *   a passkey signs in no more by itself, and the account is parted from every identity
   * @param change.formerKept how many former ones stay, the latest
   * @param change.expected the stored form that must still be there, or undefined to set whatever was there
   * @param change.link the mailed link that must still be good; it is used up, and its address counts as verified
   * @returns false when the account is gone, `expected` is not what is stored, or the link is good no more
   */
  setPassword(change: PasswordChange, audit: AuditEntry): Promise<boolean>;
}
