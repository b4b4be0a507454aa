import type { AuditEntry } from '../audit-entry.ts';

/** What the audit trail needs from a store. Most entries are written by other stores, in the step they tell of. */
export interface AuditStore {
  /** Appends entries that belong to no other write. */
  append(entries: readonly AuditEntry[]): Promise<void>;
  /** The newest entries, newest first; of one account if named. */
  newest(count: number, accountId?: string): Promise<readonly AuditEntry[]>;
}
