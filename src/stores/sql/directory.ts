import { sql } from 'kysely';
import type { Leaving, SyncStore } from '../../core/directory/sync-store.ts';
import { accountColumns, accountOf, accountParts } from './account-row.ts';
import type { SqlBackend, Write } from './backend.ts';
import { chunksOf } from './chunks.ts';
import { identityOf } from './identities.ts';

const dayMs = 86_400_000;

interface Lease {
  readonly holder: string;
  readonly until: number;
}

export function syncStore({ read, write, dialect }: SqlBackend): SyncStore {
  const openIdentities = (provider: string) =>
    read
      .selectFrom('identities as i')
      .innerJoin('accounts as a', 'a.id', 'i.account_id')
      .where('i.provider', '=', provider)
      .where('a.open', '=', 1);

  /** The rows of those whom a run closes. */
  const leaving = ({ provider, at, begunAt, missing, shut }: Leaving) =>
    openIdentities(provider)
      .where(({ or, and, eb }) =>
        or([
          and([
            sql<boolean>`${sql.lit(missing ? 1 : 0)} = 1`,
            or([eb('i.seen_at', 'is', null), eb('i.seen_at', '<', at)]),
            or([eb('i.linked_at', '<', begunAt), eb('i.linked_at', '>', begunAt + dayMs)]),
            or([eb('i.used_at', 'is', null), eb('i.used_at', '<', begunAt), eb('i.used_at', '>', begunAt + dayMs)]),
          ]),
          and([sql<boolean>`${sql.lit(shut ? 1 : 0)} = 1`, eb('i.shut_at', '=', at)]),
        ]),
      )
      // Whoever is there by another of their identities stays.
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('identities as o')
              .select('o.subject')
              .whereRef('o.account_id', '=', 'i.account_id')
              .whereRef('o.provider', '=', 'i.provider')
              .where('o.seen_at', '>=', at)
              .where(({ or, eb }) => or([eb('o.shut_at', 'is', null), eb('o.shut_at', '!=', at)])),
          ),
        ),
      );

  return {
    joined: async (provider, subjects) => {
      if (subjects.length === 0) return new Map();
      const rows = await read
        .selectFrom('identities as i')
        .innerJoin('accounts as a', 'a.id', 'i.account_id')
        .selectAll('i')
        .select(accountColumns)
        .select(accountParts(dialect))
        .where('i.provider', '=', provider)
        .where('i.subject', 'in', subjects)
        .execute();
      return new Map(rows.map((row) => [row.subject, { identity: identityOf(row), account: accountOf(row) }]));
    },

    see: async (provider, seen, at) => {
      if (seen.length === 0) return;
      await write(async ({ db }) => {
        for (const shut of [false, true]) {
          const subjects = seen.filter((sight) => sight.shut === shut).map(({ subject }) => subject);
          for (const some of chunksOf(subjects, 500)) {
            await db
              .updateTable('identities')
              .set({ seen_at: at, shut_at: shut ? at : null })
              .where('provider', '=', provider)
              .where('subject', 'in', some)
              // A run that was overtaken must not undo what a later one has marked.
              .where(({ or, eb }) => or([eb('seen_at', 'is', null), eb('seen_at', '<=', at)]))
              .execute();
          }
        }
        for (const { subject, facts } of seen) {
          if (facts === undefined) continue;
          await db
            .updateTable('identities')
            .set({ json_facts: JSON.stringify(facts) })
            .where('provider', '=', provider)
            .where('subject', '=', subject)
            .execute();
        }
      });
    },

    tally: async (run) => {
      const count = sql<number>`count(distinct a.id)`.as('count');
      const open = await openIdentities(run.provider).select(count).executeTakeFirstOrThrow();
      const going = await leaving(run).select(count).executeTakeFirstOrThrow();
      return { open: Number(open.count), leaving: Number(going.count) };
    },

    leavers: async (run, after, atMost) => {
      const rows = await leaving(run)
        .select(['i.subject', 'i.account_id', 'a.username', 'i.shut_at'])
        .where('i.subject', '>', after)
        .orderBy('i.subject')
        .limit(atMost)
        .execute();
      return rows.map((row) => ({
        subject: row.subject,
        accountId: row.account_id,
        username: row.username ?? undefined,
        because: row.shut_at !== null && Number(row.shut_at) === run.at ? 'disabled' : 'missing',
      }));
    },

    openAccounts: async (provider, after, atMost) => {
      const rows = await openIdentities(provider)
        .select(['i.subject', 'i.account_id', 'a.username'])
        .where('i.subject', '>', after)
        .orderBy('i.subject')
        .limit(atMost)
        .execute();
      return rows.map((row) => ({
        subject: row.subject,
        accountId: row.account_id,
        username: row.username ?? undefined,
      }));
    },

    state: async (name) => {
      const row = await read.selectFrom('sync_states').select('json_value').where('name', '=', name).executeTakeFirst();
      return row === undefined ? undefined : (JSON.parse(row.json_value) as unknown);
    },

    keepState: async (name, value, now) => {
      const kept = { json_value: JSON.stringify(value), updated_at: now };
      await write(
        async ({ db }) =>
          await db
            .insertInto('sync_states')
            .values({ name, ...kept })
            .onConflict((there) => there.column('name').doUpdateSet(kept))
            .execute(),
      );
    },

    lease: async (name, { holder, now, until }) =>
      await write(async (inside) => {
        await inside.db
          .insertInto('sync_states')
          .values({ name, json_value: JSON.stringify({ holder: '', until: 0 } satisfies Lease), updated_at: now })
          .onConflict((there) => there.column('name').doNothing())
          .execute();
        const there = await lockedLease(inside, name);
        const isHeld = there !== undefined && there.until > now && there.until - now <= 2 * (until - now);
        if (isHeld && there.holder !== holder) return { held: false };
        await putLease(inside, name, { holder, until }, now);
        return { held: true };
      }),

    renewLease: async (name, { holder, now, until }) =>
      await write(async (inside) => {
        const there = await lockedLease(inside, name);
        if (there?.holder !== holder) return { held: false };
        await putLease(inside, name, { holder, until }, now);
        return { held: true };
      }),

    endLease: async (name, holder, now) => {
      await write(async (inside) => {
        const there = await lockedLease(inside, name);
        if (there?.holder === holder) await putLease(inside, name, { holder: '', until: 0 }, now);
      });
    },
  };

  async function lockedLease({ db }: Write, name: string): Promise<Lease | undefined> {
    const [row] = await dialect
      .lock(db.selectFrom('sync_states').select('json_value').where('name', '=', name))
      .execute();
    return row === undefined ? undefined : (JSON.parse(row.json_value) as Lease);
  }
}

async function putLease({ db }: Write, name: string, lease: Lease, now: number): Promise<void> {
  await db
    .updateTable('sync_states')
    .set({ json_value: JSON.stringify(lease), updated_at: now })
    .where('name', '=', name)
    .execute();
}
