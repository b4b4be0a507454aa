import { mostReplaced, refreshRaceMs, usedCodeMs } from '../../core/application/rules.ts';
import type { CodeFacts, GrantStore, KeptCode, TokenPair } from '../../core/application/store.ts';
import { type AccountRow, accountColumns, accountOf, accountParts } from './account-row.ts';
import { applicationOf } from './applications.ts';
import type { SqlBackend, Write } from './backend.ts';
import { endOpenIdGrants, endOpenIdGrantsOfClient } from './openid-records.ts';
import type { Schema } from './schema.ts';
import { lives, type Steps } from './steps.ts';

type Tokens = Schema['application_tokens'];
type Applications = Schema['applications'];
/** The application's columns under names that no other table uses. */
type ApplicationRow = { [Name in keyof Applications as `p_${Name}`]: Applications[Name] };

const applicationColumns = [
  'p.id as p_id',
  'p.client_id as p_client_id',
  'p.name as p_name',
  'p.active as p_active',
  'p.sealed_secret as p_sealed_secret',
  'p.json_redirects as p_json_redirects',
  'p.json_options as p_json_options',
  'p.creator_id as p_creator_id',
  'p.creator_username as p_creator_username',
  'p.created_at as p_created_at',
  'p.updated_at as p_updated_at',
] as const;

export function grantStore({ read, write, hot, dialect }: SqlBackend, { lockAccount, record }: Steps): GrantStore {
  type AccessRow = ApplicationRow & AccountRow & Tokens;
  const access = hot<{ hash: string }, AccessRow>('application_access', (db, given) =>
    db
      .selectFrom('application_tokens as t')
      .innerJoin('applications as p', 'p.id', 't.application_id')
      .innerJoin('accounts as a', 'a.id', 't.account_id')
      .select([
        't.access_hash',
        't.refresh_hash',
        't.application_id',
        't.account_id',
        't.family',
        't.scopes',
        't.created_at',
        't.access_ends_at',
        't.refresh_ends_at',
        't.replaced_at',
      ])
      .select(applicationColumns)
      .select(accountColumns)
      .select(accountParts(dialect))
      .where('t.access_hash', '=', given.hash)
      .where('t.replaced_at', 'is', null),
  );

  return {
    addCode: async (code, sessionHash, now, audit) =>
      await write(async (inside) => {
        const { db } = inside;
        const { accountId, applicationId } = code;
        if ((await lockAccount(inside, accountId))?.open !== 1) return false;
        if (!(await lives(inside, sessionHash)).held || !(await isActive(inside, applicationId))) return false;
        await db
          .insertInto('application_consents')
          .values({ account_id: accountId, application_id: applicationId, scopes: '', given_at: now })
          .onConflict((row) => row.columns(['account_id', 'application_id']).doUpdateSet({ given_at: now }))
          .execute();
        await db
          .insertInto('application_codes')
          .values({
            hash: code.hash,
            application_id: applicationId,
            account_id: accountId,
            family: code.family,
            json_facts: JSON.stringify(code.facts),
            ends_at: code.endsAt,
            used_at: null,
          })
          .execute();
        await record(inside, audit);
        return true;
      }),

    code: async (hash) => {
      const row = await read.selectFrom('application_codes').selectAll().where('hash', '=', hash).executeTakeFirst();
      return row === undefined ? undefined : codeOf(row);
    },

    redeem: async ({ hash, applicationId }, pair, now, audit) =>
      await write(async (inside) => {
        const { db } = inside;
        const codes = db
          .selectFrom('application_codes')
          .selectAll()
          .where('hash', '=', hash)
          .where('application_id', '=', applicationId);
        const seen = await codes.executeTakeFirst();
        if (seen === undefined) return 'void';
        const account = await lockAccount(inside, seen.account_id);
        // Whoever held the lock may have used it.
        const row = await codes.executeTakeFirst();
        if (account === undefined || row === undefined) return 'void';
        if (row.used_at !== null) {
          await endFamily(inside, row.family);
          await record(inside, audit('replayed', row.account_id));
          return 'replayed';
        }
        if (Number(row.ends_at) <= now || account.open !== 1 || !(await isActive(inside, applicationId))) return 'void';
        await db
          .updateTable('application_codes')
          .set({ used_at: now, ends_at: now + usedCodeMs })
          .where('hash', '=', hash)
          .execute();
        const scopes = scopesText(codeOf(row).facts.permissions);
        await insertPair(inside, { ...row, scopes }, pair);
        await record(inside, audit('done', row.account_id));
        return 'done';
      }),

    refresh: async ({ hash, applicationId }, pair, now, audit) =>
      await write(async (inside) => {
        const { db } = inside;
        const pairs = db
          .selectFrom('application_tokens')
          .selectAll()
          .where('refresh_hash', '=', hash)
          .where('application_id', '=', applicationId);
        const seen = await pairs.executeTakeFirst();
        if (seen === undefined) return 'void';
        const account = await lockAccount(inside, seen.account_id);
        // Whoever held the lock may have replaced it.
        const row = await pairs.executeTakeFirst();
        if (account === undefined || row === undefined || Number(row.refresh_ends_at) <= now) return 'void';
        if (row.replaced_at !== null) {
          // The clocks of two nodes differ by a little.
          if (Math.abs(now - Number(row.replaced_at)) <= refreshRaceMs) return 'raced';
          await endFamily(inside, row.family);
          await record(inside, audit('reused', row.account_id));
          return 'reused';
        }
        if (account.open !== 1 || !(await isActive(inside, applicationId))) return 'void';
        await db.updateTable('application_tokens').set({ replaced_at: now }).where('refresh_hash', '=', hash).execute();
        await insertPair(inside, row, pair);
        await forgetReplaced(inside, row.family);
        return 'done';
      }),

    access: async (accessHash) => {
      const [row] = await access({ hash: accessHash });
      if (row === undefined) return undefined;
      return {
        pair: pairOf(row),
        family: row.family,
        permissions: permissionsIn(row.scopes),
        application: applicationOf(joinedOf(row)),
        account: accountOf(row),
      };
    },

    consents: async (accountId) => {
      const rows = await read
        .selectFrom('application_consents as c')
        .innerJoin('applications as p', 'p.id', 'c.application_id')
        .selectAll('p')
        .select('c.given_at')
        .where('c.account_id', '=', accountId)
        .orderBy('c.given_at', 'desc')
        .orderBy('p.id')
        .execute();
      return rows.map(({ given_at, ...row }) => ({ application: applicationOf(row), givenAt: Number(given_at) }));
    },

    withdraw: async (accountId, applicationId, audit) =>
      await write(async (inside) => {
        if ((await lockAccount(inside, accountId)) === undefined) return false;
        const { db } = inside;
        for (const table of ['application_codes', 'application_tokens'] as const) {
          await db
            .deleteFrom(table)
            .where('account_id', '=', accountId)
            .where('application_id', '=', applicationId)
            .execute();
        }
        const application = await db
          .selectFrom('applications')
          .select('client_id')
          .where('id', '=', applicationId)
          .executeTakeFirst();
        if (application !== undefined) await endOpenIdGrantsOfClient({ db }, application.client_id, accountId);
        const { numDeletedRows } = await db
          .deleteFrom('application_consents')
          .where('account_id', '=', accountId)
          .where('application_id', '=', applicationId)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        await record(inside, audit);
        return true;
      }),

    sweep: async (now, atMost) =>
      await write(
        async ({ db }) => {
          const codes = await db
            .deleteFrom('application_codes')
            .where('hash', 'in', (eb) =>
              dialect.lockFree(
                eb
                  .selectFrom('application_codes')
                  .select('hash')
                  .where('ends_at', '<=', now)
                  .orderBy('ends_at')
                  .limit(atMost),
              ),
            )
            .executeTakeFirst();
          const tokens = await db
            .deleteFrom('application_tokens')
            .where('access_hash', 'in', (eb) =>
              dialect.lockFree(
                eb
                  .selectFrom('application_tokens')
                  .select('access_hash')
                  .where('refresh_ends_at', '<=', now)
                  .orderBy('refresh_ends_at')
                  .limit(atMost),
              ),
            )
            .executeTakeFirst();
          return Number(codes.numDeletedRows + tokens.numDeletedRows);
        },
        // What has ended stays ended by its own date.
        { mayBeLost: true },
      ),
  };
}

/**
 * Ends the codes and tokens that applications have for these accounts; consents stay. The caller holds the accounts'
 * locks.
 * @returns how many tokens could still have been used
 */
export async function endGrants(inside: Write, accountIds: readonly string[]): Promise<number> {
  const { db } = inside;
  await db.deleteFrom('application_codes').where('account_id', 'in', accountIds).execute();
  await endOpenIdGrants(inside, accountIds);
  const ended = await db
    .deleteFrom('application_tokens')
    .where('account_id', 'in', accountIds)
    .returning('replaced_at')
    .execute();
  return ended.filter(({ replaced_at }) => replaced_at === null).length;
}

/** Keeps few of the pairs that were replaced: whoever refreshes time and again fills no disk. */
async function forgetReplaced({ db }: Write, family: string): Promise<void> {
  const replaced = await db
    .selectFrom('application_tokens')
    .select('access_hash')
    .where('family', '=', family)
    .where('replaced_at', 'is not', null)
    .orderBy('replaced_at', 'desc')
    .orderBy('created_at', 'desc')
    .offset(mostReplaced)
    .limit(100)
    .execute();
  const hashes = replaced.map(({ access_hash }) => access_hash);
  if (hashes.length > 0) await db.deleteFrom('application_tokens').where('access_hash', 'in', hashes).execute();
}

async function endFamily({ db }: Write, family: string): Promise<void> {
  await db.deleteFrom('application_tokens').where('family', '=', family).execute();
}

function joinedOf(row: ApplicationRow): Applications {
  return {
    id: row.p_id,
    client_id: row.p_client_id,
    name: row.p_name,
    active: row.p_active,
    sealed_secret: row.p_sealed_secret,
    json_redirects: row.p_json_redirects,
    json_options: row.p_json_options,
    creator_id: row.p_creator_id,
    creator_username: row.p_creator_username,
    created_at: row.p_created_at,
    updated_at: row.p_updated_at,
  };
}

async function isActive({ db }: Write, id: string): Promise<boolean> {
  const row = await db.selectFrom('applications').select('active').where('id', '=', id).executeTakeFirst();
  return row?.active === 1;
}

async function insertPair(
  { db }: Write,
  of: Pick<Tokens, 'application_id' | 'account_id' | 'family' | 'scopes'>,
  pair: TokenPair,
): Promise<void> {
  await db
    .insertInto('application_tokens')
    .values({
      access_hash: pair.accessHash,
      refresh_hash: pair.refreshHash,
      application_id: of.application_id,
      account_id: of.account_id,
      family: of.family,
      scopes: of.scopes,
      created_at: pair.createdAt,
      access_ends_at: pair.accessEndsAt,
      refresh_ends_at: pair.refreshEndsAt,
      replaced_at: null,
    })
    .execute();
}

function pairOf(row: Tokens): TokenPair {
  return {
    accessHash: row.access_hash,
    refreshHash: row.refresh_hash,
    createdAt: Number(row.created_at),
    accessEndsAt: Number(row.access_ends_at),
    refreshEndsAt: Number(row.refresh_ends_at),
  };
}

/** Empty for all permissions; a list of none is not empty. */
function scopesText(permissions: readonly string[] | undefined): string {
  return permissions === undefined ? '' : JSON.stringify(permissions);
}

function permissionsIn(text: string): readonly string[] | undefined {
  return text === '' ? undefined : (JSON.parse(text) as string[]);
}

function codeOf(row: Schema['application_codes']): KeptCode {
  return {
    hash: row.hash,
    applicationId: row.application_id,
    accountId: row.account_id,
    family: row.family,
    facts: JSON.parse(row.json_facts) as CodeFacts,
    endsAt: Number(row.ends_at),
    used: row.used_at !== null,
  };
}
