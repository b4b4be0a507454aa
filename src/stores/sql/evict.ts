import type { AuditEntry } from '../../core/audit-entry.ts';
import type { Moment } from '../../core/ports.ts';
import type { Pool } from '../../core/session/token.ts';
import { record } from './audit.ts';
import type { Write } from './backend.ts';
import { chunksOf } from './chunks.ts';

/**
 * Ends the least recently used live tokens of a pool until the cap fits, `keep` excepted; the audit says which. The
 * caller holds the account's lock, and announces the account when any ended.
 * @returns how many ended
 */
export async function evict(
  inside: Write,
  pool: {
    readonly accountId: string;
    readonly pool: Pool;
    readonly cap: number;
    readonly keep: string;
    readonly now: Moment;
  },
  because: Omit<AuditEntry, 'what' | 'outcome' | 'accountId' | 'facts'>,
): Promise<number> {
  const { db } = inside;
  const over = await db
    .selectFrom('tokens')
    .select(['hash', 'id'])
    .where('account_id', '=', pool.accountId)
    .where('pool', '=', pool.pool)
    .where('hash', '!=', pool.keep)
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', pool.now)]))
    .orderBy('used_at', 'desc')
    .limit(most)
    .offset(Math.max(0, pool.cap - 1))
    .execute();
  for (const chunk of chunksOf(over, 500)) {
    await db
      .deleteFrom('tokens')
      .where(
        'hash',
        'in',
        chunk.map(({ hash }) => hash),
      )
      .execute();
  }
  await record(
    inside,
    ...over.map(({ id }) => ({
      at: because.at,
      what: 'token.evict',
      outcome: 'done' as const,
      accountId: pool.accountId,
      actorId: because.actorId,
      door: because.door,
      address: because.address,
      userAgent: because.userAgent,
      facts: { pool: pool.pool, token: id },
    })),
  );
  return over.length;
}

/** After a cap was lowered, the rest goes with the next token. */
const most = 10_000;
