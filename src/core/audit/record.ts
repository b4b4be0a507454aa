import type { AuditEntry } from '../audit-entry.ts';
import type { Caller, Moment } from '../ports.ts';

/** An entry of the audit trail for something that a caller did; one of the command line tells which operator called it. */
export function recordOf(
  what: string,
  who: {
    readonly at: Moment;
    readonly caller: Caller;
    readonly actorId: string | undefined;
    readonly accountId: string | undefined;
    readonly outcome?: AuditEntry['outcome'];
  },
  facts: AuditEntry['facts'] = {},
): AuditEntry {
  return {
    at: who.at,
    what,
    outcome: who.outcome ?? 'done',
    accountId: who.accountId,
    actorId: who.actorId,
    door: who.caller.door,
    address: who.caller.address,
    userAgent: who.caller.userAgent,
    facts: who.caller.operator === undefined ? facts : { ...facts, operator: who.caller.operator },
  };
}
