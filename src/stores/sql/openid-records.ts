import type { OpenIdRecord, OpenIdRecordStore } from '../../core/application/openid-records.ts';
import { browserSession, clientHash } from '../../core/application/openid-records.ts';
import type { Moment } from '../../core/ports.ts';
import type { SqlBackend, Write } from './backend.ts';
import { chunksOf } from './chunks.ts';
import type { Schema } from './schema.ts';
import type { Steps } from './steps.ts';

export function openIdRecordStore(
  { read, write, hot, dialect }: SqlBackend,
  { lockAccount, record }: Steps,
): OpenIdRecordStore {
  const byHash = hot<{ kind: string; hash: string }, Schema['openid_records']>('openid_record_find', (db, given) =>
    db.selectFrom('openid_records').selectAll().where('kind', '=', given.kind).where('hash', '=', given.hash),
  );
  const byUid = hot<{ kind: string; uid: string }, Schema['openid_records']>('openid_record_by_uid', (db, given) =>
    db.selectFrom('openid_records').selectAll().where('kind', '=', given.kind).where('uid', '=', given.uid),
  );
  const agreed = hot<{ account: string; application: string }, { scopes: string }>('consent_scopes', (db, given) =>
    db
      .selectFrom('application_consents')
      .select('scopes')
      .where('account_id', '=', given.account)
      .where('application_id', '=', given.application),
  );

  return {
    put: async (kept, usedToStay) => {
      await write(async (inside) => {
        const { accountId } = kept;
        if (accountId !== undefined && (await lockAccount(inside, accountId)) === undefined) return;
        const { kind, hash, ...state } = rowOf(kept);
        await inside.db
          .insertInto('openid_records')
          .values({ kind, hash, ...state, used_at: null })
          .onConflict((row) => row.columns(['kind', 'hash']).doUpdateSet(state))
          .execute();
        if (usedToStay !== undefined && kept.grantHash !== undefined) {
          await dropUsed(inside, kind, kept.grantHash, usedToStay);
        }
      });
    },

    find: async (kind, hash, now) => aliveAt(now, (await byHash({ kind, hash }))[0]),

    findByUid: async (kind, uid, now) => aliveAt(now, (await byUid({ kind, uid }))[0]),

    use: async (kind, hash, now) =>
      await write(async ({ db }) => {
        const { numUpdatedRows } = await db
          .updateTable('openid_records')
          .set({ used_at: now })
          .where('kind', '=', kind)
          .where('hash', '=', hash)
          .where('used_at', 'is', null)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),

    take: async (kind, hash) =>
      await write(async ({ db }) => {
        const row = await db
          .deleteFrom('openid_records')
          .where('kind', '=', kind)
          .where('hash', '=', hash)
          .returningAll()
          .executeTakeFirst();
        return row === undefined ? undefined : recordOfRow(row);
      }),

    removeOfGrant: async (kind, grantHash) => {
      await write(
        async ({ db }) =>
          await db.deleteFrom('openid_records').where('grant_id', '=', grantHash).where('kind', '=', kind).execute(),
      );
    },

    moveSessions: async (fromHash, toHash) => {
      await write(
        async ({ db }) =>
          await db
            .updateTable('openid_records')
            .set({ grant_id: toHash })
            .where('grant_id', '=', fromHash)
            .where('kind', '=', browserSession)
            .execute(),
      );
    },

    ofAccount: async (kind, accountId) =>
      (
        await read
          .selectFrom('openid_records')
          .selectAll()
          .where('account_id', '=', accountId)
          .where('kind', '=', kind)
          .execute()
      ).map(recordOfRow),

    sweep: async (now, atMost) =>
      await write(
        async ({ db }) => {
          const { numDeletedRows } = await db
            .deleteFrom('openid_records')
            .where(({ eb, refTuple }) =>
              eb(
                refTuple('kind', 'hash'),
                'in',
                dialect
                  .lockFree(
                    db
                      .selectFrom('openid_records')
                      .select(['kind', 'hash'])
                      .where('ends_at', '<=', now)
                      .orderBy('ends_at')
                      .limit(atMost),
                  )
                  .$asTuple('kind', 'hash'),
              ),
            )
            .executeTakeFirst();
          return Number(numDeletedRows);
        },
        // What has ended stays ended by its own date.
        { mayBeLost: true },
      ),

    agreedScopes: async (account, application) => {
      const [row] = await agreed({ account, application });
      return row === undefined ? undefined : row.scopes.split(' ').filter((scope) => scope !== '');
    },

    agree: async ({ accountId, applicationId, scopes, now, audit }) => {
      await write(async (inside) => {
        const { db } = inside;
        if ((await lockAccount(inside, accountId)) === undefined) return;
        const there = await db
          .selectFrom('applications')
          .select('id')
          .where('id', '=', applicationId)
          .executeTakeFirst();
        if (there === undefined) return;
        const before = await db
          .selectFrom('application_consents')
          .select('scopes')
          .where('account_id', '=', accountId)
          .where('application_id', '=', applicationId)
          .executeTakeFirst();
        const all = new Set([...(before?.scopes ?? '').split(' '), ...scopes]);
        all.delete('');
        const row = { scopes: [...all].join(' '), given_at: now };
        await db
          .insertInto('application_consents')
          .values({ account_id: accountId, application_id: applicationId, ...row })
          .onConflict((conflict) => conflict.columns(['account_id', 'application_id']).doUpdateSet(row))
          .execute();
        await record(inside, audit);
      });
    },
  };
}

/** Deletes what of a grant was used, but for the last used. */
async function dropUsed({ db }: Write, kind: string, grantHash: string, usedToStay: number): Promise<void> {
  const used = await db
    .selectFrom('openid_records')
    .select('hash')
    .where('grant_id', '=', grantHash)
    .where('kind', '=', kind)
    .where('used_at', 'is not', null)
    .orderBy('used_at', 'desc')
    .orderBy('hash')
    .execute();
  const old = used.slice(usedToStay).map(({ hash }) => hash);
  for (const some of chunksOf(old, 500)) {
    await db.deleteFrom('openid_records').where('kind', '=', kind).where('hash', 'in', some).execute();
  }
}

/**
 * Ends what applications were granted through the OpenID provider, in the write that ends somebody's sessions. Sessions of
 * browsers stay, which are good for nothing without the session of ours: who else signed the person in is told by them.
 */
export async function endOpenIdGrants({ db }: Pick<Write, 'db'>, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length === 0) return;
  await db
    .deleteFrom('openid_records')
    .where('account_id', 'in', accountIds)
    .where('kind', '!=', browserSession)
    .execute();
}

/** Ends what an application holds, of everybody or of one person, in the write that takes it away. */
export async function endOpenIdGrantsOfClient(
  { db }: Pick<Write, 'db'>,
  clientId: string,
  accountId?: string,
): Promise<void> {
  const all = db.deleteFrom('openid_records').where('uid', '=', clientHash(clientId));
  await (accountId === undefined ? all : all.where('account_id', '=', accountId)).execute();
}

function rowOf(record: Omit<OpenIdRecord, 'usedAt'>): Omit<Schema['openid_records'], 'used_at'> {
  return {
    kind: record.kind,
    hash: record.hash,
    sealed_payload: record.sealedPayload,
    grant_id: record.grantHash ?? null,
    uid: record.uidHash ?? null,
    user_code: null,
    account_id: record.accountId ?? null,
    ends_at: record.endsAt ?? null,
  };
}

function recordOfRow(row: Schema['openid_records']): OpenIdRecord {
  return {
    kind: row.kind,
    hash: row.hash,
    sealedPayload: row.sealed_payload,
    grantHash: row.grant_id ?? undefined,
    uidHash: row.uid ?? undefined,
    accountId: row.account_id ?? undefined,
    usedAt: row.used_at === null ? undefined : Number(row.used_at),
    endsAt: row.ends_at === null ? undefined : Number(row.ends_at),
  };
}

function aliveAt(now: Moment, row: Schema['openid_records'] | undefined): OpenIdRecord | undefined {
  const record = row === undefined ? undefined : recordOfRow(row);
  return record?.endsAt === undefined || record.endsAt > now ? record : undefined;
}
