import { sql } from 'kysely';
import type { Clock } from '../../core/ports.ts';
import type { TokenStore } from '../../core/session/store.ts';
import type { Token } from '../../core/session/token.ts';
import { type AccountRow, accountColumns, accountOf, accountParts } from './account-row.ts';
import type { SqlBackend, Write } from './backend.ts';
import { chunksOf } from './chunks.ts';
import { addressKeyOf, deviceKeyOf, failedKey, passKeyOf } from './failure-keys.ts';
import { endGrants } from './grants.ts';
import { knownReads } from './known.ts';
import { listedTokens } from './listed-tokens.ts';
import { tokenOpening } from './open-token.ts';
import { personalTokens } from './personal-tokens.ts';
import { forgetCounts, grownBy, recount } from './pool-size.ts';
import { doneByAnother, type Steps } from './steps.ts';
import { rowOfToken, type TokenRow, tokenColumns, tokenOf } from './token-row.ts';

/** What has ended stays ended by its own date, and a use is only noted. */
const losable = { mayBeLost: true };

export function tokenStore(backend: SqlBackend, steps: Steps, clock: Clock): TokenStore {
  const { read, write, hot, dialect } = backend;
  const { lockAccount, evict, record } = steps;
  const signed = hot<{ hash: string }, TokenRow & AccountRow>('token_find', (db, given) =>
    db
      .selectFrom('tokens as t')
      .innerJoin('accounts as a', 'a.id', 't.account_id')
      .select(tokenColumns)
      .select(accountColumns)
      .select(accountParts(dialect))
      .where('t.hash', '=', given.hash),
  );
  const join = hot<{ id: string; cap: number; overCap: number }, { most: number }>('pool_join', (db, given) => {
    const { set, most } = grownBy('interactive', given);
    return db.updateTable('accounts').set(set).where('id', '=', given.id).returning(most);
  });
  const end = hot<{ hash: string }, { account_id: string }>('token_end', (db, given) =>
    db.deleteFrom('tokens').where('hash', '=', given.hash).returning('account_id'),
  );
  const count = hot<{ address: string; at: number }, never>('failure_count', (db, { address, at }) =>
    db.insertInto('failures').values({ key: address, at }),
  );
  const wrongCode = hot<{ id: string; email: number }, never>('factor_wrong', (db, given) =>
    db
      .updateTable('second_factors')
      .set({
        wrong_codes: sql<number>`wrong_codes + 1`,
        email_code_wrong: sql<number>`email_code_wrong + ${given.email}`,
      })
      .where('account_id', '=', given.id),
  );
  const countAll = hot<{ address: string; subject: string; device: string; at: number }, never>(
    'failure_count_all',
    (db, { address, subject, device, at }) =>
      db.insertInto('failures').values([address, subject, device].map((key) => ({ key, at }))),
  );

  return {
    ...knownReads(backend),
    ...personalTokens(backend, steps),
    ...listedTokens(backend),
    open: tokenOpening(backend, steps),

    fail: async (failure) =>
      await write(async (inside) => {
        const { accountId, besides = [] } = failure;
        const subject = failedKey(failure);
        const { at } = failure;
        const address = addressKeyOf(failure.addressKey);
        if (subject === undefined) await count({ address, at }, inside);
        else await countAll({ address, subject, device: deviceKeyOf(subject, failure.deviceKey), at }, inside);
        if (failure.passed === true) {
          await count({ address: passKeyOf(failure.addressKey, failure.deviceKey), at }, inside);
        }
        for (const other of new Set(besides.map(failedKey))) {
          if (other === undefined || other === subject) continue;
          await count({ address: other, at }, inside);
          await count({ address: deviceKeyOf(other, failure.deviceKey), at }, inside);
        }
        if (failure.wrongFactor !== undefined && accountId !== undefined) {
          await wrongCode({ id: accountId, email: failure.wrongFactor === 'email' ? 1 : 0 }, inside);
        }
        await record(inside, failure.audit);
      }),

    find: async (hash) => {
      const [row] = await signed({ hash });
      return row === undefined ? undefined : { account: accountOf(row), token: tokenOf(row) };
    },

    alive: async (hashes, now) => {
      const alive = new Set<string>();
      for (const chunk of chunksOf(hashes, 500)) {
        const rows = await read
          .selectFrom('tokens as t')
          .innerJoin('accounts as a', 'a.id', 't.account_id')
          .select('t.hash')
          .where('t.hash', 'in', chunk)
          .where((eb) => eb.or([eb('t.ends_at', 'is', null), eb('t.ends_at', '>', now)]))
          .where('a.open', '=', 1)
          .execute();
        for (const { hash } of rows) alive.add(hash);
      }
      return alive;
    },

    makeInteractive: async (hash, cap) => {
      const found = await read.selectFrom('tokens').select('account_id').where('hash', '=', hash).executeTakeFirst();
      if (found === undefined) return;
      const accountId = found.account_id;
      await write(async (inside) => {
        await lockAccount(inside, accountId);
        const { numUpdatedRows } = await inside.db
          .updateTable('tokens')
          .set({ pool: 'interactive' })
          .where('hash', '=', hash)
          .where('pool', '=', 'script')
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return;
        const now = clock.now();
        const room = Math.max(1, cap);
        const [grown] = await join({ id: accountId, cap: room, overCap: room + 1 }, inside);
        if (grown !== undefined && grown.most > room) {
          const because = { at: now, actorId: accountId, door: 'server', address: '', userAgent: '' } as const;
          const full = { accountId, pool: 'interactive', cap: room, keep: hash, now } as const;
          if ((await evict(inside, full, because)) === 0) await recount(inside, accountId, 'interactive', now);
        }
        inside.announce({ kind: 'account', accountId, changed: [], forced: false });
      });
    },

    trust: async (hash, trust) =>
      await write(async ({ db, announce }) => {
        const changed = await db
          .updateTable('tokens')
          .set({ trust_client: trust?.client ?? null, trust_until: trust?.until ?? null })
          .where('hash', '=', hash)
          .returning('account_id')
          .executeTakeFirst();
        // A node that went on believing in a trust that was taken back would ask for no second factor.
        if (changed !== undefined) {
          announce({ kind: 'account', accountId: changed.account_id, changed: [], forced: false });
        }
      }),

    forgetTrust: async (accountId, tokenId, now, audit) =>
      await write(async (inside) => {
        let trusted = inside.db
          .updateTable('tokens')
          .set({ trust_client: null, trust_until: null })
          .where('account_id', '=', accountId)
          .where('trust_until', '>', now);
        if (tokenId !== undefined) trusted = trusted.where('id', '=', tokenId);
        const { numUpdatedRows } = await trusted.executeTakeFirst();
        if (numUpdatedRows === 0n) return 0;
        await record(inside, audit);
        inside.announce({ kind: 'account', accountId, changed: [], forced: false });
        return Number(numUpdatedRows);
      }),

    touch: async (uses) => {
      if (uses.size === 0) return;
      await write(async ({ db }) => {
        for (const chunk of chunksOf([...uses], 500)) {
          const free = await dialect
            .lockFree(
              db
                .selectFrom('tokens')
                .select('hash')
                .where(
                  'hash',
                  'in',
                  chunk.map(([hash]) => hash),
                ),
            )
            .execute();
          const times = free.flatMap(({ hash }) => {
            const at = uses.get(hash);
            return at === undefined ? [] : [sql`(${hash}, cast(${at} as bigint))`];
          });
          if (times.length === 0) continue;
          await sql`
            update tokens set used_at = v.column2 from (values ${sql.join(times)}) as v
            where tokens.hash = v.column1 and tokens.used_at < v.column2`.execute(db);
        }
      }, losable);
    },

    end: async (hash, audit) =>
      await write(async (inside) => {
        const [ended] = await end({ hash }, inside);
        if (ended === undefined) return false;
        await record(inside, audit);
        const forced = doneByAnother(audit, ended.account_id);
        inside.announce({ kind: 'account', accountId: ended.account_id, changed: [], forced });
        return true;
      }),

    endAll: async (accountId, { pools, except, forced }, audit) =>
      await write(async (inside) => {
        const account = await lockAccount(inside, accountId);
        if (account === undefined || pools.length === 0) return 0;
        const { numDeletedRows } = await inside.db
          .deleteFrom('tokens')
          .where('account_id', '=', accountId)
          .where('pool', 'in', pools)
          .where('hash', '!=', except ?? '')
          .executeTakeFirst();
        // With every session goes what applications may do; one that stays has its owner before it, who takes that back.
        const ofApplications = except === undefined ? await endGrants(inside, [accountId]) : 0;
        await record(inside, audit);
        if (numDeletedRows > 0n) inside.announce({ kind: 'account', accountId, changed: [], forced });
        return Number(numDeletedRows) + ofApplications;
      }),

    list: async (accountId, pools, now) => {
      if (pools.length === 0) return [];
      const rows = await read
        .selectFrom('tokens as t')
        .select(tokenColumns)
        .where('t.account_id', '=', accountId)
        .where('t.pool', 'in', pools)
        .where((eb) => eb.or([eb('t.ends_at', 'is', null), eb('t.ends_at', '>', now)]))
        .orderBy('t.created_at', 'desc')
        .orderBy('t.id')
        .execute();
      return rows.map(tokenOf);
    },

    sweep: async (now, failuresBefore, atMost) =>
      await write(async ({ db }) => {
        const { numDeletedRows } = await db
          .deleteFrom('tokens')
          .where('hash', 'in', (eb) =>
            dialect.lockFree(
              eb.selectFrom('tokens').select('hash').where('ends_at', '<=', now).orderBy('ends_at').limit(atMost),
            ),
          )
          .executeTakeFirst();
        const failures = await db
          .deleteFrom('failures')
          .where('id', 'in', (eb) =>
            dialect.lockFree(
              eb.selectFrom('failures').select('id').where('at', '<', failuresBefore).orderBy('at').limit(atMost),
            ),
          )
          .executeTakeFirst();
        return Number(numDeletedRows + failures.numDeletedRows);
      }, losable),
  };
}

/** Writes tokens without asking anything; many in one write when they are brought in. */
export async function writeTokens(inside: Write, tokens: readonly Token[]): Promise<void> {
  await forgetCounts(
    inside,
    tokens.map(({ accountId }) => accountId),
  );
  for (const chunk of chunksOf(tokens, 500)) {
    await inside.db.insertInto('tokens').values(chunk.map(rowOfToken)).execute();
  }
}
