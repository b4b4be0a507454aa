import type { SigningKeyStore } from '../../core/application/signing-keys.ts';
import type { SqlBackend } from './backend.ts';

export function signingKeyStore({ read, write, dialect }: SqlBackend): SigningKeyStore {
  return {
    list: async () => {
      const rows = await read
        .selectFrom('signing_keys')
        .selectAll()
        .orderBy('made_at', 'desc')
        .orderBy('kid')
        .execute();
      return rows
        .map((row) => ({
          kid: row.kid,
          sealedKey: row.sealed_key,
          madeAt: Number(row.made_at),
          retiredAt: row.retired_at === null ? undefined : Number(row.retired_at),
        }))
        .toSorted((one, other) => Number(other.retiredAt === undefined) - Number(one.retiredAt === undefined));
    },

    add: async ({ kid, sealedKey, madeAt }, after) =>
      await write(async ({ db }) => {
        // Whoever adds a key locks this row first: two nodes that start together make one.
        await dialect.lock(db.selectFrom('meta').select('name').where('name', '=', 'signing-keys')).execute();
        const newest = await db
          .selectFrom('signing_keys')
          .select('kid')
          .where('retired_at', 'is', null)
          .executeTakeFirst();
        if (newest?.kid !== after) return false;
        await db.updateTable('signing_keys').set({ retired_at: madeAt }).where('retired_at', 'is', null).execute();
        await db
          .insertInto('signing_keys')
          .values({ kid, sealed_key: sealedKey, made_at: madeAt, retired_at: null })
          .execute();
        return true;
      }),

    removeRetired: async (before) => {
      await write(async ({ db }) => await db.deleteFrom('signing_keys').where('retired_at', '<=', before).execute());
    },
  };
}
