import type { AuditEntry } from '../audit-entry.ts';
import type { Door } from '../ports.ts';
import type { AuditRow } from './store.ts';

/** Reads a row as an entry. One that somebody has spoilt is shown as it is, so that it hides no other. */
export function entryOfRow(row: AuditRow): AuditEntry {
  return {
    at: row.at,
    what: row.what,
    outcome: row.outcome as AuditEntry['outcome'],
    accountId: row.accountId ?? undefined,
    actorId: row.actorId ?? undefined,
    door: row.door as Door,
    address: row.address,
    userAgent: row.userAgent,
    facts: factsOf(row.factsText),
  };
}

function factsOf(text: string): AuditEntry['facts'] {
  try {
    const facts: unknown = JSON.parse(text);
    if (typeof facts === 'object' && facts !== null) return facts as AuditEntry['facts'];
  } catch {
    // Told below.
  }
  return { unreadable: text };
}
