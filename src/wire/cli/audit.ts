import type { AuditCursor, AuditFilter, KeptEntry } from '../../core/audit/store.ts';
import { Fault } from '../../core/fault.ts';
import { namedAccount } from './accounts.ts';
import type { CliApp } from './needs.ts';
import { isoMoment } from './text.ts';

/**
 * The id of the account that an operator named. With `id:` before it also of one that is gone: its entries outlive it.
 * @throws Fault `account-unknown`; Refusal `account-ambiguous`
 */
export async function accountIdNamed(app: CliApp, text: string): Promise<string> {
  try {
    return (await namedAccount(app, text)).id;
  } catch (cause) {
    const gone = cause instanceof Fault && cause.code === 'account-unknown' && text.startsWith('id:');
    if (gone) return text.slice('id:'.length);
    throw cause;
  }
}

/** So many are read at once. */
const pageSize = 1_000;

/** The newest entries that fit. A page may end early where few do; so many are read as it takes. */
export async function newestEntries(app: CliApp, filter: AuditFilter, count: number): Promise<readonly KeptEntry[]> {
  const entries: KeptEntry[] = [];
  for (let after: AuditCursor | undefined; ; ) {
    const page = await app.audit.page(filter, Math.min(count - entries.length, pageSize), after);
    entries.push(...page.entries);
    if (page.next === undefined || entries.length >= count) return entries;
    after = page.next;
  }
}

/** An entry of the audit trail in the documents of `--json` and in the lines of an export. */
export function entryDocument({ entry, link }: KeptEntry) {
  const { what, outcome, accountId, actorId, door, address, userAgent, facts } = entry;
  return {
    position: link?.position ?? null,
    seal: link?.seal ?? null,
    at: isoMoment(entry.at),
    what,
    outcome,
    accountId: accountId ?? null,
    actorId: actorId ?? null,
    door,
    address,
    userAgent,
    facts,
  };
}
