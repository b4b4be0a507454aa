import type { SelectQueryBuilder } from 'kysely';
import type { MailKind } from '../../core/mailer.ts';
import type { OutboxMail, OutboxState, OutboxStore } from '../../core/outbox.ts';
import type { SqlBackend } from './backend.ts';
import { chunksOf } from './chunks.ts';
import type { Schema } from './schema.ts';
import type { Steps } from './steps.ts';

type Row = Schema['outbox'];

export function outboxStore({ read, write, hot, dialect }: SqlBackend, { record }: Pick<Steps, 'record'>): OutboxStore {
  // Asked every few seconds: a write, which waits for the disk, begins only when something is due.
  const anyDue = hot<{ now: number }, { id: string }>('outbox_due', (db, given) =>
    db.selectFrom('outbox').select('id').where('state', '=', 'waiting').where('due_at', '<=', given.now).limit(1),
  );

  return {
    add: async (mails) => {
      if (mails.length === 0) return;
      await write(async ({ db }) => {
        for (const piece of chunksOf(mails, 500)) await db.insertInto('outbox').values(piece.map(rowOf)).execute();
      });
    },

    claim: async (now, leaseEnd) => {
      if ((await anyDue({ now })).length === 0) return undefined;
      return await write(async ({ db }) => {
        const row = await dialect
          .lockFree(
            db
              .selectFrom('outbox')
              .selectAll()
              .where('state', '=', 'waiting')
              .where('due_at', '<=', now)
              .orderBy('due_at')
              .limit(1),
          )
          .executeTakeFirst();
        if (row === undefined) return undefined;
        const claimed = { due_at: leaseEnd, tries: row.tries + 1 };
        await db.updateTable('outbox').set(claimed).where('id', '=', row.id).execute();
        return mailOf({ ...row, ...claimed });
      });
    },

    settle: async (claimed, delivery) =>
      await write(async ({ db }) => {
        const { numUpdatedRows } = await db
          .updateTable('outbox')
          .set({
            state: delivery.state,
            due_at: delivery.dueAt,
            ...('error' in delivery ? { last_error: delivery.error } : {}),
            ...(delivery.state === 'sent' ? { sent_at: delivery.at, last_error: null, sealed_body: '' } : {}),
          })
          .where('id', '=', claimed.id)
          .where('state', '=', 'waiting')
          .where('due_at', '=', claimed.dueAt)
          .where('tries', '=', claimed.tries)
          .executeTakeFirst();
        return numUpdatedRows === 1n;
      }),

    retry: async (id, now, audit) =>
      await write(async (inside) => {
        const { numUpdatedRows } = await inside.db
          .updateTable('outbox')
          .set({ state: 'waiting', due_at: now, tries: 0 })
          .where('id', '=', id)
          .where('state', 'in', ['failed', 'kept'])
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await record(inside, audit);
        return true;
      }),

    remove: async (id, audit) =>
      await write(async (inside) => {
        const { numDeletedRows } = await inside.db.deleteFrom('outbox').where('id', '=', id).executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        await record(inside, audit);
        return true;
      }),

    page: async ({ state, offset, count }) => {
      const fitting =
        state === undefined ? read.selectFrom('outbox') : read.selectFrom('outbox').where('state', '=', state);
      // The page is cut by an index alone; only its own mails are then read whole.
      const ids = newestFirst(fitting.select('id')).limit(count).offset(offset);
      const [rows, { total }] = await Promise.all([
        newestFirst(
          read
            .selectFrom('outbox')
            .selectAll()
            .where('id', 'in', read.selectFrom(ids.as('page')).select('page.id')),
        ).execute(),
        fitting.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
      ]);
      return { mails: rows.map(mailOf), total };
    },

    newest: async (count) =>
      (await read.selectFrom('outbox').selectAll().orderBy('made_at', 'desc').orderBy('id').limit(count).execute()).map(
        mailOf,
      ),

    byId: async (id) => {
      const row = await read.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : mailOf(row);
    },

    sweep: async (now, atMost) =>
      await write(async ({ db }) => {
        const { numDeletedRows } = await db
          .deleteFrom('outbox')
          .where('id', 'in', (eb) =>
            dialect.lockFree(
              eb
                .selectFrom('outbox')
                .select('id')
                .where('state', 'in', ['sent', 'failed', 'kept'])
                .where('due_at', '<=', now)
                .limit(atMost),
            ),
          )
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),
  };
}

function newestFirst<O>(mails: SelectQueryBuilder<Schema, 'outbox', O>): SelectQueryBuilder<Schema, 'outbox', O> {
  return mails.orderBy('made_at', 'desc').orderBy('id', 'desc');
}

function rowOf(mail: OutboxMail): Row {
  return {
    id: mail.id,
    kind: mail.kind,
    recipient: mail.recipient,
    subject: mail.subject,
    sealed_body: mail.sealedBody,
    state: mail.state,
    made_at: mail.madeAt,
    due_at: mail.dueAt,
    tries: mail.tries,
    last_error: mail.lastError ?? null,
    sent_at: mail.sentAt ?? null,
  };
}

function mailOf(row: Row): OutboxMail {
  return {
    id: row.id,
    kind: row.kind as MailKind,
    recipient: row.recipient,
    subject: row.subject,
    sealedBody: row.sealed_body,
    state: row.state as OutboxState,
    madeAt: row.made_at,
    dueAt: row.due_at,
    tries: row.tries,
    lastError: row.last_error ?? undefined,
    sentAt: row.sent_at ?? undefined,
  };
}
