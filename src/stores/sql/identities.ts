import { sql } from 'kysely';
import type { AddOutcome } from '../../core/account/store.ts';
import type { KeptIdentity } from '../../core/external-login/identity.ts';
import type { IdentityStore, NewIdentity } from '../../core/external-login/identity-store.ts';
import { type AccountRow, accountColumns, accountOf, accountParts } from './account-row.ts';
import { takenBy, writeAccounts } from './accounts.ts';
import type { SqlBackend, Write } from './backend.ts';
import { chunksOf } from './chunks.ts';
import { endHalfDone, endHalfDoneBehind, halfDoneBehind } from './half-done.ts';
import { termsHold } from './join-terms.ts';
import { mustNotBeRemoved } from './role-locks.ts';
import type { Schema } from './schema.ts';
import { doneByAnother, type Steps } from './steps.ts';
import { takeOver } from './take-over.ts';

/** Undoes the write that it is thrown in. */
class Changed extends Error {}

export function identityStore(
  { read, write, hot, dialect, duplicate }: SqlBackend,
  { lockAccount, record }: Steps,
): IdentityStore {
  const joined = hot<{ provider: string; subject: string }, AccountRow & Schema['identities']>(
    'identity_find',
    (db, given) =>
      db
        .selectFrom('identities as i')
        .innerJoin('accounts as a', 'a.id', 'i.account_id')
        .select(['i.provider', 'i.subject', 'i.account_id', 'i.json_facts', 'i.linked_at', 'i.used_at', 'i.seen_at'])
        .select(accountColumns)
        .select(accountParts(dialect))
        .where('i.provider', '=', given.provider)
        .where('i.subject', '=', given.subject),
  );

  return {
    find: async (provider, subject) => {
      const [row] = await joined({ provider, subject });
      return row === undefined ? undefined : { identity: identityOf(row), account: accountOf(row) };
    },

    ofAccount: async (accountId) =>
      (
        await read
          .selectFrom('identities')
          .selectAll()
          .where('account_id', '=', accountId)
          .orderBy('linked_at')
          .orderBy('provider')
          .orderBy('subject')
          .execute()
      ).map(identityOf),

    link: async (identity, accountId, onlyWhile, now, audit) => {
      try {
        return await write(async (inside) => {
          const account = await lockAccount(inside, accountId);
          if (account === undefined) throw new Changed();
          const { username } = account;
          if (!(await termsHold(inside, dialect, { id: accountId, username }, identity, onlyWhile)).held) {
            throw new Changed();
          }
          const taken = await takeOver(inside, accountId, onlyWhile);
          await insert(inside, identity, accountId, now);
          await record(inside, audit);
          const changed = ['identities', ...(taken ?? [])];
          inside.announce({ kind: 'account', accountId, changed, forced: taken !== undefined });
          return 'linked' as const;
        });
      } catch (cause) {
        if (cause instanceof Changed) return 'account-changed';
        if (duplicate(cause) === 'identities_once') return 'identity-taken';
        throw cause;
      }
    },

    addAccount: async (account, identity, audit) => {
      try {
        return await write(async (inside): Promise<AddOutcome> => {
          await mustNotBeRemoved(inside, dialect, account.roles);
          await writeAccounts(inside, [account]);
          await insert(inside, identity, account.id, account.createdAt);
          await record(inside, ...audit);
          inside.announce({ kind: 'account-added', accountId: account.id });
          return 'added';
        });
      } catch (cause) {
        const broken = duplicate(cause);
        if (broken === 'identities_once') return 'identity-taken';
        const taken = takenBy(broken);
        if (taken === undefined) throw cause;
        return taken;
      }
    },

    use: async ({ provider, subject, facts }, now) => {
      await write(
        async ({ db }) => {
          await db
            .updateTable('identities')
            .set({ json_facts: JSON.stringify(facts), used_at: now })
            .where('provider', '=', provider)
            .where('subject', '=', subject)
            .execute();
        },
        { mayBeLost: true },
      );
    },

    unlink: async (accountId, { provider, subject }, audit) => {
      try {
        return await write(async (inside) => {
          const account = await lockAccount(inside, accountId);
          if (account === undefined) return 'unknown';
          const { numDeletedRows } = await inside.db
            .deleteFrom('identities')
            .where('account_id', '=', accountId)
            .where('provider', '=', provider)
            .where('subject', '=', subject)
            .executeTakeFirst();
          if (numDeletedRows === 0n) return 'unknown';
          if (account.password_hash === null && !(await hasOtherWay(inside, accountId))) throw new Changed();
          await endTokens(inside, await tokensBehind(inside, { provider, subject }));
          await endHalfDone(inside, [accountId]);
          await record(inside, audit);
          const forced = doneByAnother(audit, accountId);
          inside.announce({ kind: 'account', accountId, changed: ['identities'], forced });
          return 'done';
        });
      } catch (cause) {
        if (cause instanceof Changed) return 'last-way-in';
        throw cause;
      }
    },

    hasSessions: async (which) => ({
      held:
        (await tokensBehind({ db: read }, which)).length > 0 || (await halfDoneBehind({ db: read }, which)).length > 0,
    }),

    endSessions: async (which, audit) =>
      await write(async (inside) => {
        const tokens = await tokensBehind(inside, which);
        const accounts = [...new Set(tokens.map(({ account_id }) => account_id))].toSorted();
        for (const id of accounts) await lockAccount(inside, id);
        await endTokens(inside, tokens);
        await endHalfDone(inside, accounts);
        await endHalfDoneBehind(inside, which);
        await record(inside, ...accounts.map(audit));
        for (const accountId of accounts) inside.announce({ kind: 'account', accountId, changed: [], forced: true });
        return accounts;
      }),
  };
}

interface Behind {
  readonly hash: string;
  readonly account_id: string;
}

async function tokensBehind(
  { db }: Pick<Write, 'db'>,
  which: Parameters<IdentityStore['endSessions']>[0],
): Promise<readonly Behind[]> {
  const all = db
    .selectFrom('provider_sessions as s')
    .innerJoin('tokens as t', 't.hash', 's.token_hash')
    .select(['t.hash', 't.account_id'])
    .where('s.provider', '=', which.provider);
  if ('subject' in which) return await all.where('s.subject', '=', which.subject).execute();
  if ('session' in which) return await all.where('s.session', '=', which.session).execute();
  const { sessionsOf } = which;
  const begins = sql<boolean>`substr(s.session, 1, ${sessionsOf.length + 1}) = ${`${sessionsOf} `}`;
  return await all.where((eb) => eb.or([eb('s.session', '=', sessionsOf), begins])).execute();
}

async function endTokens({ db }: Write, tokens: readonly Behind[]): Promise<void> {
  for (const some of chunksOf(tokens, 500)) {
    await db
      .deleteFrom('tokens')
      .where(
        'hash',
        'in',
        some.map(({ hash }) => hash),
      )
      .execute();
  }
}

async function hasOtherWay({ db }: Write, accountId: string): Promise<boolean> {
  const identity = await db
    .selectFrom('identities')
    .select('subject')
    .where('account_id', '=', accountId)
    .limit(1)
    .executeTakeFirst();
  if (identity !== undefined) return true;
  const alone = await db
    .selectFrom('second_factors')
    .select('passkey_alone')
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return alone?.passkey_alone === 1;
}

async function insert(
  { db }: Write,
  { provider, subject, facts, unused }: NewIdentity,
  account_id: string,
  now: number,
): Promise<void> {
  await db
    .insertInto('identities')
    .values({
      provider,
      subject,
      account_id,
      json_facts: JSON.stringify(facts),
      linked_at: now,
      used_at: unused === true ? null : now,
      seen_at: null,
      shut_at: null,
    })
    .execute();
}

/** The identity that a row tells of. */
export function identityOf(row: Omit<Schema['identities'], 'shut_at'>): KeptIdentity {
  return {
    provider: row.provider,
    subject: row.subject,
    accountId: row.account_id,
    facts: JSON.parse(row.json_facts) as Record<string, string>,
    linkedAt: Number(row.linked_at),
    usedAt: row.used_at === null ? undefined : Number(row.used_at),
    seenAt: row.seen_at === null ? undefined : Number(row.seen_at),
  };
}
