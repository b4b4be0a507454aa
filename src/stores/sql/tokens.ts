import { sql } from 'kysely';
import type { Clock } from '../../core/ports.ts';
import type { TokenStore } from '../../core/session/store.ts';
import type { Token } from '../../core/session/token.ts';
import { type AccountRow, accountColumns, accountOf, accountParts } from './account-row.ts';
import { lockAccount } from './accounts.ts';
import { doneByAnother, record } from './audit.ts';
import type { SqlBackend, Write } from './backend.ts';
import { chunksOf } from './chunks.ts';
import { evict } from './evict.ts';
import { accountKey, addressKeyOf, deviceKeyOf, nameKey } from './failure-keys.ts';
import { knownReads } from './known.ts';
import { openToken } from './open-token.ts';
import { personalTokens } from './personal-tokens.ts';
import { rowOfToken, type TokenRow, tokenColumns, tokenOf } from './token-row.ts';

export function tokenStore(backend: SqlBackend, clock: Clock): TokenStore {
  const { read, write, hot, dialect } = backend;
  const signed = hot<{ hash: string }, TokenRow & AccountRow>('token_find', (db, given) =>
    db
      .selectFrom('tokens as t')
      .innerJoin('accounts as a', 'a.id', 't.account_id')
      .select(tokenColumns)
      .select(accountColumns)
      .select(accountParts(dialect))
      .where('t.hash', '=', given.hash),
  );

  return {
    ...knownReads(backend),
    ...personalTokens(backend),

    fail: async (failure) =>
      await write(async (inside) => {
        const { accountId, claim } = failure;
        const name = claim === undefined ? undefined : nameKey(claim);
        const subject = accountId === undefined ? name : accountKey(accountId);
        const keys = [addressKeyOf(failure.addressKey)];
        if (subject !== undefined) keys.push(subject, deviceKeyOf(subject, failure.deviceKey));
        await inside.db
          .insertInto('failures')
          .values(keys.map((key) => ({ key, at: failure.at })))
          .execute();
        await record(inside, failure.audit);
      }),

    open: async (opening) => await openToken(backend, opening),

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
        await lockAccount(inside, dialect, accountId);
        const { numUpdatedRows } = await inside.db
          .updateTable('tokens')
          .set({ pool: 'interactive' })
          .where('hash', '=', hash)
          .where('pool', '=', 'script')
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return;
        const now = clock.now();
        const because = { at: now, actorId: accountId, door: 'server', address: '', userAgent: '' } as const;
        await evict(inside, { accountId, pool: 'interactive', cap, keep: hash, now }, because);
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
      });
    },

    end: async (hash, audit) =>
      await write(async (inside) => {
        const ended = await inside.db
          .deleteFrom('tokens')
          .where('hash', '=', hash)
          .returning('account_id')
          .executeTakeFirst();
        if (ended === undefined) return false;
        await record(inside, audit);
        const forced = doneByAnother(audit, ended.account_id);
        inside.announce({ kind: 'account', accountId: ended.account_id, changed: [], forced });
        return true;
      }),

    endAll: async (accountId, { pools, except, forced }, audit) =>
      await write(async (inside) => {
        const account = await lockAccount(inside, dialect, accountId);
        if (account === undefined || pools.length === 0) return 0;
        const { numDeletedRows } = await inside.db
          .deleteFrom('tokens')
          .where('account_id', '=', accountId)
          .where('pool', 'in', pools)
          .where('hash', '!=', except ?? '')
          .executeTakeFirst();
        await record(inside, audit);
        if (numDeletedRows > 0n) inside.announce({ kind: 'account', accountId, changed: [], forced });
        return Number(numDeletedRows);
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
        await db
          .deleteFrom('failures')
          .where('id', 'in', (eb) =>
            dialect.lockFree(
              eb.selectFrom('failures').select('id').where('at', '<', failuresBefore).orderBy('at').limit(atMost),
            ),
          )
          .execute();
        return Number(numDeletedRows);
      }),
  };
}

/** Writes tokens without asking anything; many in one write when they are brought in. */
export async function writeTokens({ db }: Write, tokens: readonly Token[]): Promise<void> {
  for (const chunk of chunksOf(tokens, 500)) await db.insertInto('tokens').values(chunk.map(rowOfToken)).execute();
}
