import type { PageSessionStore } from '../../core/session/page-session.ts';
import type { SqlBackend } from './backend.ts';
import type { Schema } from './schema.ts';
import { lives } from './steps.ts';

export function pageSessionStore({ write, hot }: SqlBackend): PageSessionStore {
  const find = hot<{ hash: string }, Omit<Schema['page_sessions'], 'hash'>>('page_session_find', (db, given) =>
    db.selectFrom('page_sessions').select(['token_hash', 'made_at', 'kind']).where('hash', '=', given.hash),
  );
  return {
    put: async (hash, { tokenHash, madeAt, kind }) =>
      await write(async (inside) => {
        if (!(await lives(inside, tokenHash)).held) return false;
        await inside.db
          .insertInto('page_sessions')
          .values({ hash, token_hash: tokenHash, made_at: madeAt, kind })
          .execute();
        return true;
      }),
    find: async (hash) => {
      const [row] = await find({ hash });
      return row === undefined ? undefined : { tokenHash: row.token_hash, madeAt: Number(row.made_at), kind: row.kind };
    },
    remove: async (hash) => {
      await write(async ({ db }) => await db.deleteFrom('page_sessions').where('hash', '=', hash).execute());
    },
  };
}
