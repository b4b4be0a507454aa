import { type Kysely, sql } from 'kysely';
import type { Moment } from '../../core/ports.ts';
import type { Pool } from '../../core/session/token.ts';
import type { Write } from './backend.ts';
import { chunksOf } from './chunks.ts';
import type { Schema } from './schema.ts';

/*
 * Whether a pool is full is asked at every log-in, and counting ten thousand tokens would cost more than the rest of
 * it. So the account keeps, for each pool of sessions, a number that its live tokens never exceed: it grows with each
 * token, nobody lessens it when one ends, and only when it passes the cap is the pool looked at and the number put
 * right. Personal tokens are few and seldom made: theirs are looked at each time.
 */

const columns = { interactive: 'most_interactive', script: 'most_script' } as const;

/** Larger than any cap: the pool must be looked at. */
const unknown = 2 ** 31 - 1;

/** What to write and to return when a token joins the pool: `most` is above the cap when the pool may be too full. */
export function grownBy(pool: Pool, given: { readonly cap: number; readonly overCap: number }) {
  if (pool === 'personal') return { set: {}, most: sql<number>`${sql.lit(unknown)}`.as('most') };
  const column = columns[pool];
  // It stops one above the cap, where a full pool stays: each new token is then one too many.
  const grown = sql<number>`case when ${sql.ref(column)} >= ${given.cap} then ${given.overCap} else ${sql.ref(column)} + 1 end`;
  return { set: { [column]: grown }, most: sql<number>`${sql.ref(column)}`.as('most') };
}

/** Counts a pool that turned out not to be full. */
export async function recount({ db }: Write, accountId: string, pool: Pool, now: Moment): Promise<void> {
  if (pool === 'personal') return;
  await db
    .updateTable('accounts')
    .set({ [columns[pool]]: liveTokens(db, accountId, pool, now) })
    .where('id', '=', accountId)
    .execute();
}

/** For tokens that were written in bulk. */
export async function forgetCounts({ db }: Write, accountIds: readonly string[]): Promise<void> {
  for (const chunk of chunksOf([...new Set(accountIds)].toSorted(), 500)) {
    await db
      .updateTable('accounts')
      .set({ most_interactive: unknown, most_script: unknown })
      .where('id', 'in', chunk)
      .where('most_script', '!=', unknown)
      .execute();
  }
}

function liveTokens(db: Kysely<Schema>, accountId: string, pool: Pool, now: Moment) {
  return db
    .selectFrom('tokens')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('pool', '=', pool)
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', now)]));
}
