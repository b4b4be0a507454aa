import type { Moment } from '../../core/ports.ts';
import type { Challenge, ChallengeStore } from '../../core/second-factor/challenge-store.ts';
import type { SqlBackend } from './backend.ts';
import type { Schema } from './schema.ts';
import type { Steps } from './steps.ts';

export function challengeStore({ read, write, dialect }: SqlBackend, { lockAccount, record }: Steps): ChallengeStore {
  return {
    put: async ({ hash, kind, accountId, facts, endsAt }) => {
      await write(async (inside) => {
        if (accountId !== undefined && (await lockAccount(inside, accountId)) === undefined) return;
        await inside.db
          .insertInto('challenges')
          .values({
            hash,
            kind,
            account_id: accountId ?? null,
            json_facts: JSON.stringify(facts),
            ends_at: endsAt,
          })
          .execute();
      });
    },

    replace: async ({ hash, kind, facts, endsAt }) => {
      await write(async ({ db }) => {
        const kept = { json_facts: JSON.stringify(facts), ends_at: endsAt };
        await db
          .insertInto('challenges')
          .values({ hash, kind, account_id: null, ...kept })
          .onConflict((conflict) => conflict.column('hash').doUpdateSet(kept).where('challenges.kind', '=', kind))
          .execute();
      });
    },

    putOnce: async ({ hash, kind, accountId, facts, endsAt }) =>
      await write(async ({ db }) => {
        const row = { hash, kind, account_id: accountId ?? null, json_facts: JSON.stringify(facts), ends_at: endsAt };
        const kept = await db
          .insertInto('challenges')
          .values(row)
          .onConflict((conflict) => conflict.column('hash').doNothing())
          .returning('hash')
          .executeTakeFirst();
        return kept !== undefined;
      }),

    putNewest: async ({ hash, kind, accountId, facts, endsAt }, { most, windowMs, now }, audit) =>
      await write(async (inside) => {
        const { db } = inside;
        if ((await lockAccount(inside, accountId)) === undefined) return false;
        const marks = `${kind} kept`;
        const ofAccount = db.selectFrom('challenges').where('account_id', '=', accountId);
        // A clock that was set back must not keep anybody waiting for longer than a window.
        const lately = await ofAccount
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('kind', '=', marks)
          .where('ends_at', '>', now)
          .where('ends_at', '<=', now + windowMs)
          .executeTakeFirst();
        if (Number(lately?.count ?? 0) >= most) return false;
        await db.deleteFrom('challenges').where('account_id', '=', accountId).where('kind', '=', kind).execute();
        const row = { hash, kind, account_id: accountId, json_facts: JSON.stringify(facts), ends_at: endsAt };
        // What a mark is called nobody can guess, and by its kind it opens nothing.
        const mark = { ...row, hash: `kept ${hash}`, kind: marks, json_facts: '{}', ends_at: now + windowMs };
        await db.insertInto('challenges').values([row, mark]).execute();
        await record(inside, audit);
        return true;
      }),

    take: async (hash, kind, now) =>
      await write(async ({ db }) => {
        const row = await db
          .deleteFrom('challenges')
          .where('hash', '=', hash)
          .where('kind', '=', kind)
          .returningAll()
          .executeTakeFirst();
        return aliveAt(now, row);
      }),

    find: async (hash, kind, now) => {
      const row = await read
        .selectFrom('challenges')
        .selectAll()
        .where('hash', '=', hash)
        .where('kind', '=', kind)
        .executeTakeFirst();
      return aliveAt(now, row);
    },

    sweep: async (now, atMost) =>
      await write(
        async ({ db }) => {
          const { numDeletedRows } = await db
            .deleteFrom('challenges')
            .where('hash', 'in', (eb) =>
              dialect.lockFree(
                eb.selectFrom('challenges').select('hash').where('ends_at', '<=', now).orderBy('ends_at').limit(atMost),
              ),
            )
            .executeTakeFirst();
          return Number(numDeletedRows);
        },
        // What has ended stays ended by its own date.
        { mayBeLost: true },
      ),
  };
}

function aliveAt(now: Moment, row: Schema['challenges'] | undefined): Challenge | undefined {
  if (row === undefined || Number(row.ends_at) <= now) return undefined;
  return {
    hash: row.hash,
    kind: row.kind,
    accountId: row.account_id ?? undefined,
    facts: JSON.parse(row.json_facts) as Challenge['facts'],
    endsAt: Number(row.ends_at),
  };
}
