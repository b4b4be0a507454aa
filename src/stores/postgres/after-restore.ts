import pg from 'pg';
import type { Settled } from '../../core/administration/restored.ts';
import { recordOf } from '../../core/audit/record.ts';
import type { Caller, Moment } from '../../core/ports.ts';
import { spent } from '../sql/spent.ts';
import { connectionConfig } from './connection.ts';
import { asOpeningFault } from './errors.ts';

/**
 * Ends what pg_restore has brought back and must not count: sessions, codes, tokens of applications, mails that waited.
 * Runs while no server does; with its entry in the audit trail, in one transaction.
 * @param how.endPersonal personal tokens end as well
 * @throws StoreFault with one sentence for the operator
 */
export async function settleRestored(
  url: string,
  how: { readonly endPersonal: boolean; readonly now: Moment; readonly caller: Caller },
): Promise<Settled> {
  // However many they are: nobody waits for it.
  const client = new pg.Client({ ...connectionConfig(url), statement_timeout: 0, query_timeout: 0 });
  try {
    await client.connect();
    const changed = async (statement: string, ...values: readonly unknown[]): Promise<number> =>
      (await client.query(statement, [...values])).rowCount ?? 0;
    const count = async (query: string): Promise<number> =>
      Number((await client.query<{ readonly n: unknown }>(query)).rows[0]?.n ?? 0);
    await client.query('begin');
    const settled = {
      sessionsEnded: await changed(`delete from tokens where pool in ('interactive', 'script')`),
      personalTokensEnded: how.endPersonal ? await changed(`delete from tokens where pool = 'personal'`) : 0,
      personalTokensKept: await count(`select count(*) as n from tokens where pool = 'personal'`),
      accounts: await count('select count(*) as n from accounts'),
      administrators: await count(`select count(*) as n from accounts a join account_roles r on r.account_id = a.id
        where r.role_id = 'admin' and a.open = 1`),
    };
    for (const statement of spent) await client.query(statement);
    const who = { at: how.now, caller: how.caller, actorId: undefined, accountId: undefined };
    const { sessionsEnded, personalTokensEnded } = settled;
    const entry = recordOf('store.restore', who, { compared: false, sessions: 0, sessionsEnded, personalTokensEnded });
    await changed(
      `insert into audit (at, what, outcome, door, address, user_agent, json_facts) values ($1, $2, $3, $4, $5, $6, $7)`,
      entry.at,
      entry.what,
      entry.outcome,
      entry.door,
      entry.address,
      entry.userAgent,
      JSON.stringify(entry.facts),
    );
    await client.query('commit');
    return settled;
  } catch (cause) {
    throw asOpeningFault(cause, url);
  } finally {
    await client.end();
  }
}
