import { sql } from 'kysely';
import { entryOfRow } from '../../core/audit/entry-of-row.ts';
import type { AuditCursor, AuditFilter, AuditRow, AuditStore, KeptEntry, SealedRow } from '../../core/audit/store.ts';
import type { SqlBackend, Write } from './backend.ts';
import type { Schema } from './schema.ts';
import type { Steps } from './steps.ts';

/** The same entries are sealed again when a power cut undoes it. */
const losable = { mayBeLost: true };

/** Entries that one page looks at, at most, however few of them fit. */
const mostLookedAt = 5_000;

/** @param chainIsNew whether this opening has brought the chain into the schema */
export function auditStore(
  { read, write, hot, dialect }: SqlBackend,
  { record }: Steps,
  chainIsNew: boolean,
): AuditStore {
  const anyUnsealed = hot<Record<string, never>, { seq: number }>('audit_any_unsealed', (db) =>
    db.selectFrom('audit').select('seq').where('position', 'is', null).limit(1),
  );
  const unsealedRows = hot<{ atMost: number }, Row>('audit_unsealed', (db, given) =>
    db.selectFrom('audit').selectAll().where('position', 'is', null).orderBy('seq').limit(given.atMost),
  );

  /** The head, which nobody else reads to write or writes until this write is committed. */
  async function lockedHead({ db }: Write): Promise<string> {
    const head = dialect.lock(db.selectFrom('meta').select('value').where('name', '=', 'audit-head'));
    return (await head.executeTakeFirst())?.value ?? '';
  }

  async function mayBegin({ db }: Write): Promise<boolean> {
    const head = dialect.lock(db.selectFrom('meta').select('value').where('name', '=', 'audit-head'));
    // Every schema since the chain has this row: where it is not, somebody took it away.
    if ((await head.executeTakeFirst())?.value !== '') return false;
    return chainIsNew || (await db.selectFrom('accounts').select('id').limit(1).executeTakeFirst()) === undefined;
  }

  async function noted(name: string): Promise<string> {
    const found = await read.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
    return found?.value ?? '';
  }

  return {
    append: async (entries) => {
      if (entries.length > 0) await write(async (inside) => await record(inside, ...entries));
    },

    newest: async (count, accountId) => {
      let rows = read.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(count);
      if (accountId !== undefined) rows = rows.where('account_id', '=', accountId);
      return (await rows.execute()).map((row) => entryOfRow(rowOf(row)));
    },

    page: async (filter, count, after) => {
      const looked = lookedAt(read, filter, after);
      const fitting = await read
        .selectFrom(looked.as('looked'))
        .selectAll()
        .$call((rows) => (filter.actorId === undefined ? rows : rows.where('actor_id', '=', filter.actorId)))
        .$call((rows) => (filter.what === undefined ? rows : rows.where('what', 'in', filter.what)))
        .$call((rows) => (filter.outcome === undefined ? rows : rows.where('outcome', '=', filter.outcome)))
        .$call((rows) => (filter.since === undefined ? rows : rows.where('at', '>=', filter.since)))
        .$call((rows) => (filter.until === undefined ? rows : rows.where('at', '<', filter.until)))
        .$call((rows) => (filter.accountId === undefined ? rows.orderBy('at', 'desc') : rows))
        .orderBy('seq', 'desc')
        .limit(count)
        .execute();
      const entries = fitting.map(keptOf);
      const last = fitting.length < count ? undefined : fitting.at(-1);
      // The next page begins behind the last one that fits, or behind the last one that was looked at in vain.
      const end = last ?? (await looked.offset(mostLookedAt - 1).executeTakeFirst());
      return { entries, next: end === undefined ? undefined : { at: end.at, seq: end.seq } };
    },

    tally: async ({ what, since, until, stepMs }) => {
      const facts = sql.ref('json_facts');
      const looked = read
        .selectFrom('audit')
        .select('outcome')
        // Cut off, and not rounded: for SQLite what a statement is given are no integers.
        .select(sql<number>`cast((at - ${since}) / ${stepMs} as integer)`.as('bucket'))
        .select(dialect.fact(facts, 'code').as('code'))
        .select(sql<number>`coalesce(cast(${dialect.fact(facts, 'times')} as integer), 1)`.as('times'))
        .where('at', '>=', since)
        .where('at', '<', until)
        .where('what', 'in', what);
      const rows = await read
        .selectFrom(looked.as('looked'))
        .select(['bucket', 'outcome', 'code'])
        .select(({ fn }) => fn.sum<number | string>('times').as('times'))
        .groupBy(['bucket', 'outcome', 'code'])
        .execute();
      return rows.map(({ bucket, outcome, code, times }) => ({
        bucket,
        outcome,
        code: code === null ? undefined : String(code),
        times: Number(times),
      }));
    },

    seal: async (link, atMost) => {
      if ((await anyUnsealed({})).length === 0) return 0;
      return await write(async (inside) => {
        const before = await lockedHead(inside);
        // Looked for once the lock is held: another node may have sealed what was seen before.
        const rows = await unsealedRows({ atMost }, inside);
        if (rows.length === 0) return 0;
        const { head, links } = link(before, rows.map(rowOf));
        const linked = rows.flatMap(({ seq }, index) => {
          const own = links[index];
          return own === undefined ? [] : [sql`(cast(${seq} as bigint), cast(${own.position} as bigint), ${own.seal})`];
        });
        // The numbers stand there twice because SQLite would go through the whole table otherwise.
        await sql`
          update audit set position = v.column2, seal = v.column3 from (values ${sql.join(linked)}) as v
          where audit.seq = v.column1 and audit.seq in (${sql.join(rows.map(({ seq }) => seq))})`.execute(inside.db);
        await note(inside, 'audit-head', head);
        return rows.length;
      }, losable);
    },

    begin: async ({ head, anchor }) => {
      if ((await noted('audit-head')) !== '') return;
      await write(async (inside) => {
        if (!(await mayBegin(inside))) return;
        await note(inside, 'audit-head', head);
        await note(inside, 'audit-anchor', anchor);
      });
    },

    kept: async () => {
      const rows = await read
        .selectFrom('meta')
        .selectAll()
        .where('name', 'in', ['audit-head', 'audit-anchor'])
        .execute();
      const textOf = (name: string): string => rows.find((row) => row.name === name)?.value ?? '';
      return { head: textOf('audit-head'), anchor: textOf('audit-anchor') };
    },

    ends: async () => {
      const newest = await read
        .selectFrom('audit')
        .select('position')
        .where('position', 'is not', null)
        .orderBy('position', 'desc')
        .limit(1)
        .executeTakeFirst();
      const anchor = await noted('audit-anchor');
      // Written anew, so that it and all that was sealed before it is on the disk when somebody is told of it.
      const head = await write(async (inside) => {
        const there = await lockedHead(inside);
        if (there !== '') await note(inside, 'audit-head', there);
        return there;
      });
      return { head, anchor, last: newest?.position ?? 0 };
    },

    sealed: async (after, atMost, filter = {}) => {
      const { accountId, since, until } = filter;
      let rows = read
        .selectFrom('audit')
        .selectAll()
        .where('position', '>=', after.position)
        .where((eb) => eb.or([eb('position', '>', after.position), eb('seq', '>', after.seq)]));
      if (accountId !== undefined) {
        rows = rows.where((eb) => eb.or([eb('account_id', '=', accountId), eb('actor_id', '=', accountId)]));
      }
      if (since !== undefined) rows = rows.where('at', '>=', since);
      if (until !== undefined) rows = rows.where('at', '<', until);
      return (await rows.orderBy('position').orderBy('seq').limit(atMost).execute()).map(sealedOf);
    },

    unsealed: async (before) => {
      const { waiting } = await read
        .selectFrom(
          // In this order, so that the small index of those that wait is used and not the one of all times.
          read.selectFrom('audit').select('at').where('position', 'is', null).orderBy('seq').limit(100_000).as('some'),
        )
        .select(({ fn }) => fn.countAll<number>().as('waiting'))
        .where('at', '<', before)
        .executeTakeFirstOrThrow();
      return waiting;
    },

    prune: async (cut, atMost) =>
      await write(async (inside) => {
        await lockedHead(inside);
        const rows = await inside.db
          .selectFrom('audit')
          .selectAll()
          .where('position', 'is not', null)
          .orderBy('position')
          .orderBy('seq')
          .limit(atMost)
          .execute();
        const anchor = inside.db.selectFrom('meta').select('value').where('name', '=', 'audit-anchor');
        const going = cut((await anchor.executeTakeFirst())?.value ?? '', rows.map(sealedOf));
        if (going === undefined) return false;
        await inside.db.deleteFrom('audit').where('position', '<=', going.position).execute();
        await note(inside, 'audit-anchor', going.anchor);
        await record(inside, going.audit);
        return true;
      }),
  };
}

type Row = Omit<Schema['audit'], 'seq' | 'position' | 'seal'> & {
  readonly seq: number;
  readonly position: number | null;
  readonly seal: string | null;
};

/** The entries that a page looks at: of an account by its index, of a time by its own. */
function lookedAt(read: SqlBackend['read'], { accountId, since, until }: AuditFilter, after: AuditCursor | undefined) {
  const rows = read.selectFrom('audit').selectAll().limit(mostLookedAt);
  if (accountId !== undefined) {
    const own = rows.where('account_id', '=', accountId).orderBy('seq', 'desc');
    return after === undefined ? own : own.where('seq', '<', after.seq);
  }
  return rows
    .$call((some) => (since === undefined ? some : some.where('at', '>=', since)))
    .$call((some) => (until === undefined ? some : some.where('at', '<', until)))
    .$call((some) =>
      after === undefined
        ? some
        : some.where('at', '<=', after.at).where((eb) => eb.or([eb('at', '<', after.at), eb('seq', '<', after.seq)])),
    )
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc');
}

async function note({ db }: Write, name: 'audit-head' | 'audit-anchor', value: string): Promise<void> {
  await db
    .insertInto('meta')
    .values({ name, value })
    .onConflict((row) => row.column('name').doUpdateSet({ value }))
    .execute();
}

function rowOf(row: Row): AuditRow {
  return {
    seq: row.seq,
    at: row.at,
    what: row.what,
    outcome: row.outcome,
    accountId: row.account_id,
    actorId: row.actor_id,
    door: row.door,
    address: row.address,
    userAgent: row.user_agent,
    factsText: row.json_facts,
  };
}

function sealedOf(row: Row): SealedRow {
  return { position: row.position ?? 0, seal: row.seal ?? '', row: rowOf(row) };
}

function keptOf(row: Row): KeptEntry {
  const { position, seal } = row;
  return {
    entry: entryOfRow(rowOf(row)),
    link: position === null || seal === null ? undefined : { position, seal },
  };
}
