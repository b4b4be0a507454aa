import type { Kysely } from 'kysely';
import type { ListedToken, TokenPage, TokenStore } from '../../core/session/store.ts';
import { type AccountRow, accountColumns, accountOf, accountParts } from './account-row.ts';
import type { SqlBackend } from './backend.ts';
import type { Schema } from './schema.ts';
import { type TokenRow, tokenColumns, tokenOf } from './token-row.ts';

/** Lists of tokens over all accounts, and what is told of a token by its id. */
export function listedTokens({
  read,
  write,
  dialect,
}: SqlBackend): Pick<TokenStore, 'byId' | 'page' | 'takeEndingSoon'> {
  const signed = (db: Kysely<Schema>) =>
    db
      .selectFrom('tokens as t')
      .innerJoin('accounts as a', 'a.id', 't.account_id')
      .select(tokenColumns)
      .select(accountColumns)
      .select(accountParts(dialect));
  const signedOf = (row: TokenRow & AccountRow) => ({ account: accountOf(row), token: tokenOf(row) });

  return {
    byId: async (id) => {
      const row = await signed(read).where('t.id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : signedOf(row);
    },

    page: async (of, page, now) => {
      const matching = live(read, of, page.accountId, now);
      const direction = page.ascending ? 'asc' : 'desc';
      // The page is cut by an index alone; only its own tokens are then read whole.
      const ids = matching
        .select('t.id')
        .orderBy('t.created_at', direction)
        .orderBy('t.id', direction)
        .limit(page.count)
        .offset(page.offset);
      const [rows, counted] = await Promise.all([
        read
          .selectFrom('tokens as t')
          .innerJoin('accounts as a', 'a.id', 't.account_id')
          .select(tokenColumns)
          .select(['a.id as a_id', 'a.username as a_username', 'a.name as a_name', 'a.avatar_tag as a_avatar_tag'])
          .where('t.id', 'in', read.selectFrom(ids.as('page')).select('page.id'))
          .orderBy('t.created_at', direction)
          .orderBy('t.id', direction)
          .execute(),
        matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirst(),
      ]);
      const tokens = rows.map(
        (row): ListedToken => ({
          token: tokenOf(row),
          account: {
            id: row.a_id,
            username: row.a_username ?? undefined,
            name: row.a_name ?? undefined,
            avatarTag: row.a_avatar_tag ?? undefined,
          },
        }),
      );
      return { tokens, total: Number(counted?.total ?? 0) };
    },

    takeEndingSoon: async (after, until, atMost) =>
      await write(async ({ db }) => {
        const due = await dialect
          .lockFree(
            db
              .selectFrom('tokens')
              .select('hash')
              .where('name', 'is not', null)
              .where('warned_at', 'is', null)
              .where('ends_at', '>', after)
              .where('ends_at', '<=', until)
              .orderBy('ends_at')
              .limit(atMost),
          )
          .execute();
        if (due.length === 0) return [];
        const hashes = due.map(({ hash }) => hash);
        await db.updateTable('tokens').set({ warned_at: after }).where('hash', 'in', hashes).execute();
        const rows = await signed(db)
          .where('t.hash', 'in', hashes)
          .where('a.open', '=', 1)
          .orderBy('t.ends_at')
          .execute();
        return rows.map(signedOf);
      }),
  };
}

const never = Number.MAX_SAFE_INTEGER;

/** Only personal tokens have a name: that is the word by which the indexes of both lists are told apart. */
function live(db: Kysely<Schema>, of: 'sessions' | 'personal', accountId: TokenPage['accountId'], now: number) {
  const all = db
    .selectFrom('tokens as t')
    .where('t.name', of === 'sessions' ? 'is' : 'is not', null)
    // Not as two conditions: then it would be looked for by its end, and every token read whole.
    .where(({ eb, fn, val }) => eb(fn.coalesce('t.ends_at', val(never)), '>', now));
  if (accountId === undefined) return all;
  const pools = of === 'sessions' ? ['interactive', 'script'] : ['personal'];
  return all.where('t.account_id', '=', accountId).where('t.pool', 'in', pools);
}
