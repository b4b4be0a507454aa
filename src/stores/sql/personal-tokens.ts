import type { TokenStore } from '../../core/session/store.ts';
import type { SqlBackend } from './backend.ts';
import { doneByAnother, lives, type Steps } from './steps.ts';
import { rowOfToken } from './token-row.ts';

/** Personal tokens: named, unique for the account. */
export function personalTokens(
  { read, write }: SqlBackend,
  { lockAccount, evict, record }: Steps,
): Pick<TokenStore, 'addPersonal' | 'renewPersonal' | 'endPersonal'> {
  return {
    addPersonal: async (token, cap, audit, shownToken) =>
      await write(async (inside) => {
        const { db, announce } = inside;
        const { accountId, createdAt: now } = token;
        const account = await lockAccount(inside, accountId);
        if (account?.open !== 1) return 'account-closed';
        if (shownToken !== undefined && !(await lives(inside, shownToken)).held) return 'token-ended';
        const named = db
          .selectFrom('tokens')
          .select(['hash', 'ends_at'])
          .where('account_id', '=', accountId)
          .where('name', '=', token.name ?? '');
        const there = await named.executeTakeFirst();
        if (there !== undefined) {
          if (there.ends_at === null || there.ends_at > now) return 'name-taken';
          // It has ended and waits for the sweep: nobody sees it any more, so its name is free.
          await db.deleteFrom('tokens').where('hash', '=', there.hash).execute();
        }
        await db.insertInto('tokens').values(rowOfToken(token)).execute();
        const evicted = await evict(inside, { accountId, pool: 'personal', cap, keep: token.hash, now }, audit);
        await record(inside, audit);
        if (evicted > 0) announce({ kind: 'account', accountId, changed: [], forced: false });
        return 'done';
      }),

    renewPersonal: async (accountId, name, fresh, audit, shownToken) => {
      const old = await read
        .selectFrom('tokens')
        .select('hash')
        .where('account_id', '=', accountId)
        .where('name', '=', name)
        .executeTakeFirst();
      if (old === undefined) return false;
      return await write(async (inside) => {
        const { db, announce } = inside;
        const account = await lockAccount(inside, accountId);
        if (account?.open !== 1) return false;
        if (shownToken !== undefined && !(await lives(inside, shownToken)).held) return false;
        // Of several at the same time only the first still finds the text that it saw: the others are told so, rather
        // than handed a text that is dead on arrival.
        const ended = await db
          .deleteFrom('tokens')
          .where('hash', '=', old.hash)
          .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', fresh.createdAt)]))
          .returning(['skips_second_factor', 'ends_at', 'json_scopes', 'json_addresses', 'warned_at'])
          .executeTakeFirst();
        if (ended === undefined) return false;
        await db
          .insertInto('tokens')
          .values({ ...rowOfToken(fresh), ...ended, name })
          .execute();
        await record(inside, audit);
        announce({ kind: 'account', accountId, changed: [], forced: doneByAnother(audit, accountId) });
        return true;
      });
    },

    endPersonal: async (accountId, name, audit) =>
      await write(async (inside) => {
        const { numDeletedRows } = await inside.db
          .deleteFrom('tokens')
          .where('account_id', '=', accountId)
          .where('name', '=', name)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        await record(inside, audit);
        const forced = doneByAnother(audit, accountId);
        inside.announce({ kind: 'account', accountId, changed: [], forced });
        return true;
      }),
  };
}
