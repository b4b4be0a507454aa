import type { AccountEdit, EditOutcome } from '../account/store.ts';
import type { AuditEntry } from '../audit-entry.ts';
import type { PasswordChange } from '../password/store.ts';
import type { Moment } from '../ports.ts';

/** Everything that one call changes of an account; each part with its entry of the audit trail. */
export interface WholeChange {
  readonly accountId: string;
  readonly now: Moment;
  readonly edit?: { readonly fields: AccountEdit; readonly audit: AuditEntry } | undefined;
  readonly password?: { readonly change: PasswordChange; readonly audit: AuditEntry } | undefined;
  readonly open?: { readonly open: boolean; readonly audit: AuditEntry } | undefined;
}

export type ChangeOutcome =
  | EditOutcome
  /** What the password was chosen on the word of holds no more, see `PasswordStore.setPassword`. */
  | 'overtaken'
  /** The last open administrator would be closed. */
  | 'last-to-close';

/** What changing several things of an account needs from a store. */
export interface ChangeStore {
  /** Writes all parts in one step, or none of them. */
  write(change: WholeChange): Promise<ChangeOutcome>;
}
