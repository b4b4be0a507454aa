import type { Passkey, PasskeyStore } from '../../core/second-factor/passkey-store.ts';
import type { SqlBackend, Write } from './backend.ts';
import type { Schema } from './schema.ts';
import { endTrust, enrolled } from './second-factors.ts';
import type { Steps } from './steps.ts';
import { usePasskey } from './use-passkey.ts';

export function passkeyStore({ read, write }: SqlBackend, { lockAccount, record }: Steps): PasskeyStore {
  return {
    list: async (accountId) => {
      const rows = await read
        .selectFrom('passkeys')
        .selectAll()
        .where('account_id', '=', accountId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(passkeyOf);
    },

    find: async (id) => {
      const row = await read.selectFrom('passkeys').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : passkeyOf(row);
    },

    add: async (passkey, { most, keep, backup }, audit) => {
      const { accountId } = passkey;
      return await write(async (inside) => {
        if ((await lockAccount(inside, accountId)) === undefined) return 'account-gone';
        if ((await countOf(inside, accountId)) >= most) return 'too-many';
        const added = await inside.db
          .insertInto('passkeys')
          .values(rowOf(passkey))
          .onConflict((row) => row.column('id').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (added === undefined) return 'id-taken';
        const isWithBackup = await putMissingBackup(inside, accountId, backup);
        await enrolled(inside, accountId, keep);
        await record(inside, audit);
        return isWithBackup ? 'added-with-backup' : 'added';
      });
    },

    rename: async (accountId, id, name, audit) =>
      await write(async (inside) => {
        const { numUpdatedRows } = await inside.db
          .updateTable('passkeys')
          .set({ name })
          .where('id', '=', id)
          .where('account_id', '=', accountId)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await record(inside, audit);
        return true;
      }),

    remove: async (accountId, id, audit) =>
      await write(async (inside) => {
        if ((await lockAccount(inside, accountId)) === undefined) return false;
        const { numDeletedRows } = await inside.db
          .deleteFrom('passkeys')
          .where('id', '=', id)
          .where('account_id', '=', accountId)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        if ((await countOf(inside, accountId)) === 0) await afterTheLast(inside, accountId);
        await endTrust(inside, accountId);
        await record(inside, audit);
        inside.announce({ kind: 'account', accountId, changed: ['secondFactors'], forced: false });
        return true;
      }),

    setAlone: async (accountId, alone, audit) =>
      await write(async (inside) => {
        if ((await lockAccount(inside, accountId)) === undefined) return false;
        if ((await countOf(inside, accountId)) === 0) return false;
        const passkey_alone = alone ? 1 : 0;
        await inside.db
          .insertInto('second_factors')
          .values({ account_id: accountId, passkey_alone })
          .onConflict((row) => row.column('account_id').doUpdateSet({ passkey_alone }))
          .execute();
        await endTrust(inside, accountId);
        await record(inside, audit);
        inside.announce({ kind: 'account', accountId, changed: ['secondFactors'], forced: false });
        return true;
      }),

    use: async (accountId, id, use) => await write(async (inside) => await usePasskey(inside, accountId, id, use)),
  };
}

async function countOf({ db }: Write, accountId: string): Promise<number> {
  const { count } = await db
    .selectFrom('passkeys')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function putMissingBackup(
  { db }: Write,
  accountId: string,
  { salt, hashes }: { readonly salt: string; readonly hashes: readonly string[] },
): Promise<boolean> {
  const there = await db
    .selectFrom('second_factors')
    .select(['backup_salt', 'json_backup_codes'])
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  const left = JSON.parse(there?.json_backup_codes ?? '[]') as string[];
  const hasSome = (there?.backup_salt ?? null) !== null && left.length > 0;
  if (hasSome) return false;
  const fresh = { backup_salt: salt, json_backup_codes: JSON.stringify(hashes), wrong_codes: 0 };
  await db
    .insertInto('second_factors')
    .values({ account_id: accountId, ...fresh })
    .onConflict((row) => row.column('account_id').doUpdateSet(fresh))
    .execute();
  return true;
}

async function afterTheLast({ db }: Write, accountId: string): Promise<void> {
  await db.updateTable('second_factors').set({ passkey_alone: 0 }).where('account_id', '=', accountId).execute();
  await db
    .updateTable('second_factors')
    .set({ backup_salt: null, json_backup_codes: '[]' })
    .where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('app_secret', 'is', null), eb('app_begun_by', 'is not', null)]))
    .execute();
}

function rowOf(passkey: Passkey): Schema['passkeys'] {
  return {
    id: passkey.id,
    account_id: passkey.accountId,
    name: passkey.name,
    public_key: passkey.publicKey,
    sign_count: passkey.signCount,
    json_transports: JSON.stringify(passkey.transports),
    backed_up: passkey.backedUp ? 1 : 0,
    created_at: passkey.createdAt,
    used_at: passkey.usedAt ?? null,
  };
}

export function passkeyOf(row: Schema['passkeys']): Passkey {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    publicKey: row.public_key,
    signCount: Number(row.sign_count),
    transports: JSON.parse(row.json_transports) as string[],
    backedUp: row.backed_up === 1,
    createdAt: Number(row.created_at),
    usedAt: row.used_at === null ? undefined : Number(row.used_at),
  };
}
