import { sql } from 'kysely';
import type { Account, Claim } from '../../core/account/account.ts';
import { foldName } from '../../core/account/names.ts';
import type { AccountStore, AddOutcome, CloseOutcome, NewAccount } from '../../core/account/store.ts';
import type { AuditEntry } from '../../core/audit-entry.ts';
import type { Moment } from '../../core/ports.ts';
import { type AccountRow, accountOf, changedColumns, rowOfAccount, rowsOfEmails, rowsOfRoles } from './account-row.ts';
import type { SqlBackend, Write } from './backend.ts';
import { chunksOf } from './chunks.ts';
import { idleClosing } from './close-idle.ts';
import { accountEdits } from './edit-account.ts';
import { endGrants } from './grants.ts';
import { administratorsWhoCanSignIn, isLastAdministrator } from './last-administrator.ts';
import { addressVerification } from './links.ts';
import { accountsIn, listAccounts } from './list-accounts.ts';
import { mustNotBeRemoved } from './role-locks.ts';
import type { Unique } from './schema.ts';
import { doneByAnother, type Steps } from './steps.ts';

export function accountStore(backend: SqlBackend, steps: Steps): AccountStore {
  const { read, write, hot, duplicate, dialect } = backend;
  const { lockAccount, record } = steps;
  const openInside = settingOpen(backend, steps);
  const byId = hot<{ id: string }, AccountRow>('account_by_id', (db, given) =>
    accountsIn(db, dialect).where('a.id', '=', given.id),
  );
  const byUsername = hot<{ key: string }, AccountRow>('account_by_username', (db, given) =>
    accountsIn(db, dialect).where('a.username_key', '=', given.key),
  );
  const byEmail = hot<{ key: string }, AccountRow>('account_by_email', (db, given) =>
    accountsIn(db, dialect).where('a.id', '=', (eb) =>
      eb.selectFrom('account_emails').select('account_id').where('address_key', '=', given.key),
    ),
  );

  return {
    ...accountEdits(backend, steps),
    ...addressVerification(backend, steps),
    ...idleClosing(backend, steps),
    byId: async (id) => first(await byId({ id })),
    find: async (claim: Claim) => {
      if (claim.by === 'id') return first(await byId({ id: claim.value }));
      const key = foldName(claim.value);
      return first(await (claim.by === 'username' ? byUsername({ key }) : byEmail({ key })));
    },
    byIds: async (ids) =>
      ids.length === 0 ? [] : (await accountsIn(read, dialect).where('a.id', 'in', ids).execute()).map(accountOf),
    list: async (page) => await listAccounts(read, dialect, page),
    administratorThere: async () => ({
      held: (await administratorsWhoCanSignIn(read).limit(1).executeTakeFirst()) !== undefined,
    }),
    count: async () => {
      const { total } = await read
        .selectFrom('accounts')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return Number(total);
    },

    add: async (account, audit) => {
      try {
        return await write(async (inside): Promise<AddOutcome> => {
          await mustNotBeRemoved(inside, dialect, account.roles);
          await writeAccounts(inside, [account]);
          await record(inside, audit);
          inside.announce({ kind: 'account-added', accountId: account.id });
          return 'added';
        });
      } catch (cause) {
        const taken = takenBy(duplicate(cause));
        if (taken === undefined) throw cause;
        return taken;
      }
    },

    change: async (id, changes, now) =>
      await write(async ({ db, announce }) => {
        const { numUpdatedRows } = await db
          .updateTable('accounts')
          .set({ ...changedColumns(changes), updated_at: now })
          .where('id', '=', id)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        announce({ kind: 'account', accountId: id, changed: [...Object.keys(changes), 'updatedAt'], forced: false });
        return true;
      }),

    savePreferences: async (id, { preferences, ...others }, now) =>
      await write(async (inside) => {
        const { db, announce } = inside;
        if ((await lockAccount(inside, id)) === undefined) return undefined;
        const row = await db.selectFrom('accounts').select('json_preferences').where('id', '=', id).executeTakeFirst();
        const before = JSON.parse(row?.json_preferences ?? '{}') as Account['preferences'];
        const all = { ...before, ...preferences };
        const columns = { ...changedColumns({ ...others, preferences: all }), updated_at: now };
        await db.updateTable('accounts').set(columns).where('id', '=', id).execute();
        const changed = ['preferences', ...Object.keys(others), 'updatedAt'];
        announce({ kind: 'account', accountId: id, changed, forced: false });
        return all;
      }),

    endStatuses: async (now, atMost) =>
      await write(async ({ db, announce }) => {
        const over = db.selectFrom('accounts').select('id').where('status_ends_at', '<=', now).limit(atMost);
        const ended = await db
          .updateTable('accounts')
          .set({ chosen_status: 'online', status_text: '', status_ends_at: null, updated_at: now })
          .where('id', 'in', dialect.lockFree(over))
          .returning('id')
          .execute();
        for (const { id } of ended) {
          const changed = ['chosenStatus', 'statusText', 'statusEndsAt', 'updatedAt'];
          announce({ kind: 'account', accountId: id, changed, forced: false });
        }
        return ended.length;
      }),

    setOpen: async (id, open, now, audit, because) =>
      await write(async (inside) => await openInside(inside, { id, open, now, because }, audit)),

    remove: async (id, audit) =>
      await write(async (inside): Promise<CloseOutcome> => {
        const { db, announce } = inside;
        if (await isLastAdministrator(inside, dialect, id)) return 'last-administrator';
        const before = await lockAccount(inside, id);
        if (before === undefined) return 'unknown';
        await db.deleteFrom('accounts').where('id', '=', id).execute();
        await record(inside, audit);
        announce({ kind: 'account', accountId: id, changed: [], forced: doneByAnother(audit, id) });
        announce({ kind: 'account-removed', accountId: id, username: before.username ?? undefined });
        return 'done';
      }),
  };
}

interface Opening {
  readonly id: string;
  readonly open: boolean;
  readonly now: Moment;
  readonly because?: 'directory' | undefined;
}

/** The part of a write that opens or closes an account. */
export function settingOpen({ dialect }: SqlBackend, { lockAccount, record }: Steps) {
  return async (inside: Write, { id, open, now, because }: Opening, audit: AuditEntry): Promise<CloseOutcome> => {
    const { db, announce } = inside;
    if (!open && (await isLastAdministrator(inside, dialect, id))) return 'last-administrator';
    const before = await lockAccount(inside, id);
    if (before === undefined) return 'unknown';
    const row = await db.selectFrom('accounts').select('closed_because').where('id', '=', id).executeTakeFirst();
    const byDirectory = row?.closed_because === 'directory';
    // A directory opens what a directory has closed, as this write sees it.
    if (open && because !== undefined && !byDirectory) return 'unknown';
    let closing = db.updateTable('accounts').set({ open: open ? 1 : 0, updated_at: now });
    if (open) closing = closing.set({ closed_because: null });
    // Whoever closes by hand what a directory closed does not want the directory to open it again.
    else if (because === undefined) closing = closing.set({ closed_because: sql`nullif(closed_because, 'directory')` });
    else if (before.open === 1) closing = closing.set({ closed_because: because });
    await closing.where('id', '=', id).execute();
    if (!open) {
      await db.deleteFrom('tokens').where('account_id', '=', id).execute();
      await endGrants(inside, [id]);
    }
    // What was so already is no entry. A directory's closing that becomes one by hand is.
    if ((before.open === 1) !== open || (byDirectory && because === undefined)) await record(inside, audit);
    const changed = (before.open === 1) === open ? ['updatedAt'] : ['open', 'updatedAt'];
    announce({ kind: 'account', accountId: id, changed, forced: !open && doneByAnother(audit, id) });
    return 'done';
  };
}

/** Writes accounts with their addresses and roles; many in one write when they are brought in. */
export async function writeAccounts({ db }: Write, accounts: readonly NewAccount[]): Promise<void> {
  for (const chunk of chunksOf(accounts, 500)) {
    await db.insertInto('accounts').values(chunk.map(rowOfAccount)).execute();
    for (const emails of chunksOf(chunk.flatMap(rowsOfEmails), 1_000)) {
      await db.insertInto('account_emails').values(emails).execute();
    }
    for (const roles of chunksOf(chunk.flatMap(rowsOfRoles), 1_000)) {
      await db.insertInto('account_roles').values(roles).execute();
    }
    const byEmail = chunk.filter(({ secondFactors }) => secondFactors.email);
    if (byEmail.length > 0) {
      const rows = byEmail.map(({ id }) => ({ account_id: id, email_on: 1 }));
      await db.insertInto('second_factors').values(rows).execute();
    }
  }
}

function first(rows: readonly AccountRow[]): Account | undefined {
  return rows[0] === undefined ? undefined : accountOf(rows[0]);
}

export function takenBy(unique: Unique | undefined): AddOutcome | undefined {
  switch (unique) {
    case 'accounts_id':
      return 'id-taken';
    case 'accounts_username':
      return 'username-taken';
    case 'account_emails_address':
      return 'email-taken';
    default:
      return undefined;
  }
}
