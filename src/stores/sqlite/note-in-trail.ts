import { DatabaseSync } from 'node:sqlite';
import type { AuditEntry } from '../../core/audit-entry.ts';

/**
 * Writes an entry to the trail of an embedded database, whatever version its schema has: a backup is made before an
 * upgrade, and must not be one. The server seals it, or the next start.
 * @returns false where it could not be written: a backup is worth having then all the more
 */
export function noteInTrail(file: string, entry: AuditEntry): boolean {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 5_000 });
    database
      .prepare(
        `insert into audit (at, what, outcome, account_id, actor_id, door, address, user_agent, json_facts)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        entry.at,
        entry.what,
        entry.outcome,
        entry.accountId ?? null,
        entry.actorId ?? null,
        entry.door,
        entry.address,
        entry.userAgent,
        JSON.stringify(entry.facts),
      );
    return true;
  } catch {
    return false;
  } finally {
    database?.close();
  }
}
