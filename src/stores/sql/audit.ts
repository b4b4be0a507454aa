import type { AuditStore } from '../../core/audit/store.ts';
import type { AuditEntry } from '../../core/audit-entry.ts';
import type { Door } from '../../core/ports.ts';
import type { SqlBackend } from './backend.ts';
import type { Steps } from './steps.ts';

export function auditStore({ read, write }: SqlBackend, { record }: Steps): AuditStore {
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
