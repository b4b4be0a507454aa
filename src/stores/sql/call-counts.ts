import { sql } from 'kysely';
import type { CallCounts } from '../../core/call-counts.ts';
import type { SqlBackend } from './backend.ts';

/** A lost count lets a few calls more through, and no more than that. */
const losable = { mayBeLost: true };

export function callCounts({ write, hot, dialect }: SqlBackend): CallCounts {
  type Given = { key: string; endsAt: number; now: number; latest: number };
  const count = hot<Given, { calls: number; ends_at: number }>('calls_count', (db, given) => {
    const isOver = sql<boolean>`(call_counts.ends_at <= ${given.now} or call_counts.ends_at > ${given.latest})`;
    return db
      .insertInto('call_counts')
      .values({ key: given.key, calls: 1, ends_at: given.endsAt })
      .onConflict((row) =>
        row.column('key').doUpdateSet({
          calls: sql<number>`case when ${isOver} then 1 else call_counts.calls + 1 end`,
          ends_at: sql<number>`case when ${isOver} then excluded.ends_at else call_counts.ends_at end`,
        }),
      )
      .returning(['calls', 'ends_at']);
  });

  const seen = hot<{ key: string; now: number }, { calls: number; ends_at: number }>('calls_seen', (db, given) =>
    db
      .selectFrom('call_counts')
      .select(['calls', 'ends_at'])
      .where('key', '=', given.key)
      .where('ends_at', '>', given.now),
  );

  return {
    count: async ({ key, windowMs, now }) =>
      await write(async (inside) => {
        // A window may end later than a slow clock would have it; one that ends much later is of a clock set back.
        const [row] = await count({ key, endsAt: now + windowMs, now, latest: now + 2 * windowMs }, inside);
        if (row === undefined) throw new Error('A statement that always gives a row gave none.');
        return { calls: Number(row.calls), endsAt: Number(row.ends_at) };
      }, losable),

    seen: async (key, now) => {
      const [row] = await seen({ key, now });
      return row === undefined ? { calls: 0, endsAt: now } : { calls: Number(row.calls), endsAt: Number(row.ends_at) };
    },

    sweep: async (now, atMost) =>
      await write(async ({ db }) => {
        const { numDeletedRows } = await db
          .deleteFrom('call_counts')
          .where('key', 'in', (eb) =>
            dialect.lockFree(
              eb.selectFrom('call_counts').select('key').where('ends_at', '<=', now).orderBy('ends_at').limit(atMost),
            ),
          )
          .executeTakeFirst();
        return Number(numDeletedRows);
      }, losable),
  };
}
