import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';

/** What passwords need from a store. */
export interface PasswordStore {
  /** The stored form of the password of an account, or undefined for none. */
  hashOf(accountId: string): Promise<string | undefined>;
  /**
   * Sets the password and ends every session but one and all trust in clients, in one step; personal tokens stay.
   * @param change.expected the stored form that must still be there, or undefined to set whatever was there
   * @returns false when the account is gone or `expected` is not what is stored
   */
  setPassword(
    change: {
      readonly accountId: string;
      readonly hash: string;
      readonly expected: string | undefined;
      readonly exceptToken: string | undefined;
      readonly changeRequired: { readonly reason: string | undefined } | undefined;
      readonly now: Moment;
    },
    audit: AuditEntry,
  ): Promise<boolean>;
}
