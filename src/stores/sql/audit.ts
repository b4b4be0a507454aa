import type { AuditStore } from '../../core/audit/store.ts';
import type { AuditEntry } from '../../core/audit-entry.ts';
import type { Door } from '../../core/ports.ts';
import type { SqlBackend, Write } from './backend.ts';
import { chunksOf } from './chunks.ts';

export function auditStore({ read, write }: SqlBackend): AuditStore {
  return {
    append: async (entries) => {
      if (entries.length > 0) await write(async (inside) => await record(inside, ...entries));
    },
    newest: async (count, accountId) => {
      let rows = read.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(count);
      if (accountId !== undefined) rows = rows.where('account_id', '=', accountId);
      return (await rows.execute()).map((row) => ({
        at: row.at,
        what: row.what,
        outcome: row.outcome as AuditEntry['outcome'],
        accountId: row.account_id ?? undefined,
        actorId: row.actor_id ?? undefined,
        door: row.door as Door,
        address: row.address,
        userAgent: row.user_agent,
        facts: JSON.parse(row.json_facts) as AuditEntry['facts'],
      }));
    },
  };
}

/** Writes entries in the step they tell of. */
export async function record({ db }: Write, ...entries: readonly AuditEntry[]): Promise<void> {
  for (const chunk of chunksOf(entries, 500)) {
    await db
      .insertInto('audit')
      .values(
        chunk.map((entry) => ({
          at: entry.at,
          what: entry.what,
          outcome: entry.outcome,
          account_id: entry.accountId ?? null,
          actor_id: entry.actorId ?? null,
          door: entry.door,
          address: entry.address,
          user_agent: entry.userAgent,
          json_facts: JSON.stringify(entry.facts),
        })),
      )
      .execute();
  }
}

/** True when somebody else did it: then the account's clients are told before their sockets close. */
export function doneByAnother(audit: AuditEntry, accountId: string): boolean {
  return audit.actorId !== accountId;
}
