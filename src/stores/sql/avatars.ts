import type { AvatarStore } from '../../core/account/avatar-store.ts';
import { foldName } from '../../core/account/names.ts';
import type { SqlBackend } from './backend.ts';
import type { Steps } from './steps.ts';

export function avatarStore({ hot, write }: SqlBackend, { lockAccount, record }: Steps): AvatarStore {
  const byUsername = hot<{ key: string }, { avatar_tag: string | null; media_type: string; base64: string }>(
    'avatar_by_username',
    (db, given) =>
      db
        .selectFrom('accounts as a')
        .innerJoin('avatars as v', 'v.account_id', 'a.id')
        .select(['a.avatar_tag', 'v.media_type', 'v.base64'])
        .where('a.username_key', '=', given.key),
  );

  return {
    async byUsername(username) {
      const [row] = await byUsername({ key: foldName(username) });
      if (row === undefined || row.avatar_tag === null) return undefined;
      return { tag: row.avatar_tag, mediaType: row.media_type, bytes: Buffer.from(row.base64, 'base64') };
    },

    put: async (accountId, chosen, now, audit, onlyWhile) =>
      await write(async (inside) => {
        const { db, announce } = inside;
        if ((await lockAccount(inside, accountId)) === undefined) return false;
        if (onlyWhile !== undefined) {
          const row = await db
            .selectFrom('accounts')
            .select('avatar_tag')
            .where('id', '=', accountId)
            .executeTakeFirstOrThrow();
          if ((row.avatar_tag ?? undefined) !== onlyWhile.tag) return false;
        }
        await db.deleteFrom('avatars').where('account_id', '=', accountId).execute();
        if (chosen !== undefined) {
          const base64 = Buffer.from(chosen.avatar.bytes).toString('base64');
          const row = { account_id: accountId, media_type: chosen.avatar.mediaType, base64 };
          await db.insertInto('avatars').values(row).execute();
        }
        await db
          .updateTable('accounts')
          .set({ avatar_tag: chosen?.tag ?? null, updated_at: now })
          .where('id', '=', accountId)
          .execute();
        await record(inside, audit);
        announce({ kind: 'account', accountId, changed: ['avatarTag', 'updatedAt'], forced: false });
        return true;
      }),
  };
}
