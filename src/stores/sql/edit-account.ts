import { administratorRole } from '../../core/account/account.ts';
import { foldName } from '../../core/account/names.ts';
import type { AccountEdit, AccountStore, EditOutcome } from '../../core/account/store.ts';
import type { AuditEntry } from '../../core/audit-entry.ts';
import type { Moment } from '../../core/ports.ts';
import { changedColumns, rowsOfEmails, rowsOfRoles } from './account-row.ts';
import type { SqlBackend, Write } from './backend.ts';
import { isLastAdministrator } from './last-administrator.ts';
import { voidLinks } from './links.ts';
import { mustNotBeRemoved } from './role-locks.ts';
import type { Schema } from './schema.ts';
import { doneByAnother, type Steps } from './steps.ts';

/** Undoes the write that it is thrown in. */
export class Refused extends Error {
  readonly outcome: EditOutcome;

  constructor(outcome: EditOutcome) {
    super(outcome);
    this.outcome = outcome;
  }
}

/** What an edit comes to: it is written, or the write is undone. */
export async function edited(
  { write, duplicate }: SqlBackend,
  act: (inside: Write) => Promise<EditOutcome>,
): Promise<EditOutcome> {
  try {
    return await write(act);
  } catch (cause) {
    if (cause instanceof Refused) return cause.outcome;
    const unique = duplicate(cause);
    if (unique === 'accounts_username') return 'username-taken';
    if (unique === 'account_emails_address') return 'email-taken';
    throw cause;
  }
}

/** The part of a write that edits an account. It throws `Refused`, and what breaks a unique name. */
export function editing({ dialect }: SqlBackend, { lockAccount, record }: Steps) {
  /** @throws Refused where the administrator's role would be taken from the last open one who has it */
  async function mustLeaveAdministrator(inside: Write, id: string, roles: readonly string[]): Promise<void> {
    if (roles.includes(administratorRole)) return;
    if (await isLastAdministrator(inside, dialect, id)) throw new Refused('last-administrator');
  }

  async function putEmails(inside: Write, id: string, emails: NonNullable<AccountEdit['emails']>): Promise<void> {
    const { db } = inside;
    if (!emails.some(({ verified }) => verified)) {
      const factors = await db
        .selectFrom('second_factors as f')
        .select(['f.email_on', 'f.app_secret', 'f.app_begun_by'])
        .select((eb) =>
          eb
            .selectFrom('passkeys as p')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .where('p.account_id', '=', id)
            .as('passkeys'),
        )
        .where('f.account_id', '=', id)
        .executeTakeFirst();
      const verifiedNow = db.selectFrom('account_emails').select('address').where('account_id', '=', id);
      const had = await verifiedNow.where('verified', '=', 1).executeTakeFirst();
      const hasApp = (factors?.app_secret ?? null) !== null && factors?.app_begun_by === null;
      const onlyEmail = factors?.email_on === 1 && !hasApp && Number(factors.passkeys ?? 0) === 0;
      if (had !== undefined && onlyEmail) throw new Refused('factor-needs-address');
    }
    await voidLinks(inside, id, emails);
    await db.deleteFrom('account_emails').where('account_id', '=', id).execute();
    const rows = rowsOfEmails({ id, emails });
    if (rows.length > 0) await db.insertInto('account_emails').values(rows).execute();
  }

  return async (
    inside: Write,
    id: string,
    edit: AccountEdit,
    now: Moment,
    audit: AuditEntry,
  ): Promise<'done' | 'unknown'> => {
    const { db, announce } = inside;
    if (edit.roles !== undefined) await mustLeaveAdministrator(inside, id, edit.roles);
    if (edit.roles !== undefined) await mustNotBeRemoved(inside, dialect, edit.roles);
    const before = await lockAccount(inside, id);
    if (before === undefined) return 'unknown';
    await db
      .updateTable('accounts')
      .set({ ...changedColumns(edit), ...identityColumns(edit, now), updated_at: now })
      .where('id', '=', id)
      .execute();
    const username = edit.username ?? before.username ?? undefined;
    if (edit.roles !== undefined) await putRoles(inside, { id, username }, edit.roles);
    if (edit.emails !== undefined) await putEmails(inside, id, edit.emails);
    await record(inside, audit);
    const changed = [...Object.keys(edit), 'updatedAt'];
    announce({ kind: 'account', accountId: id, changed, forced: false });
    return 'done';
  };
}

/** The writes that change who an account is. */
export function accountEdits(
  backend: SqlBackend,
  steps: Steps,
): Pick<AccountStore, 'edit' | 'giveRole' | 'takeRole' | 'replaceRole'> {
  const { write, dialect } = backend;
  const { lockAccount, record } = steps;
  const editInside = editing(backend, steps);

  return {
    edit: async (id, edit, now, audit) =>
      await edited(backend, async (inside) => await editInside(inside, id, edit, now, audit)),

    giveRole: async (id, role, now, audit) =>
      await write(async (inside) => {
        const { db, announce } = inside;
        await mustNotBeRemoved(inside, dialect, [role]);
        const before = await lockAccount(inside, id);
        if (before === undefined) return 'unknown';
        const held = await db
          .selectFrom('account_roles')
          .select(['role_id', 'position'])
          .where('account_id', '=', id)
          .execute();
        if (held.some(({ role_id }) => role_id === role)) return 'held';
        const position = held.reduce((last, row) => Math.max(last, row.position), -1) + 1;
        await db.insertInto('account_roles').values({ account_id: id, role_id: role, position }).execute();
        await db.updateTable('accounts').set({ updated_at: now }).where('id', '=', id).execute();
        await record(inside, audit);
        announce({ kind: 'account', accountId: id, changed: ['roles', 'updatedAt'], forced: false });
        tellHolder(inside, { id, username: before.username ?? undefined }, role, true);
        return 'done';
      }),

    takeRole: async (id, role, now, audit) =>
      await write(async (inside) => {
        const { db, announce } = inside;
        if (role === administratorRole && (await isLastAdministrator(inside, dialect, id))) return 'last-administrator';
        const before = await lockAccount(inside, id);
        if (before === undefined) return 'unknown';
        const { numDeletedRows } = await db
          .deleteFrom('account_roles')
          .where('account_id', '=', id)
          .where('role_id', '=', role)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return 'not-held';
        await db.updateTable('accounts').set({ updated_at: now }).where('id', '=', id).execute();
        await record(inside, audit);
        announce({ kind: 'account', accountId: id, changed: ['roles', 'updatedAt'], forced: doneByAnother(audit, id) });
        tellHolder(inside, { id, username: before.username ?? undefined }, role, false);
        return 'done';
      }),

    replaceRole: async (id, { from, to }, now, audit) =>
      await write(async (inside) => {
        const { db, announce } = inside;
        if (from === administratorRole && (await isLastAdministrator(inside, dialect, id))) return 'last-administrator';
        await mustNotBeRemoved(inside, dialect, [to]);
        const before = await lockAccount(inside, id);
        if (before === undefined) return 'unknown';
        const held = await db
          .selectFrom('account_roles')
          .select('role_id')
          .where('account_id', '=', id)
          .orderBy('position')
          .execute();
        const roles = held.map(({ role_id }) => role_id);
        if (!roles.includes(from)) return 'not-held';
        const replaced = roles.map((role) => (role === from ? to : role));
        await putRoles(inside, { id, username: before.username ?? undefined }, replaced);
        await db.updateTable('accounts').set({ updated_at: now }).where('id', '=', id).execute();
        await record(inside, audit);
        announce({ kind: 'account', accountId: id, changed: ['roles', 'updatedAt'], forced: false });
        return 'done';
      }),
  };
}

interface Owner {
  readonly id: string;
  readonly username: string | undefined;
}

async function putRoles(inside: Write, owner: Owner, roles: readonly string[]): Promise<void> {
  const { db } = inside;
  const { id } = owner;
  const held = await db.selectFrom('account_roles').select('role_id').where('account_id', '=', id).execute();
  const before = held.map(({ role_id }) => role_id);
  for (const role of roles) if (!before.includes(role)) tellHolder(inside, owner, role, true);
  for (const role of before) if (!roles.includes(role)) tellHolder(inside, owner, role, false);
  await db.deleteFrom('account_roles').where('account_id', '=', id).execute();
  const rows = rowsOfRoles({ id, roles });
  if (rows.length > 0) await db.insertInto('account_roles').values(rows).execute();
}

function tellHolder({ announce }: Write, { id, username }: Owner, role: string, held: boolean): void {
  announce({ kind: 'role-holder', role, accountId: id, username, held });
}

function identityColumns(edit: AccountEdit, now: Moment): Partial<Schema['accounts']> {
  return {
    ...(edit.username === undefined ? {} : { username: edit.username, username_key: foldName(edit.username) }),
    ...('name' in edit ? { name: edit.name ?? null, name_key: foldName(edit.name ?? '') } : {}),
    ...('bio' in edit ? { bio: edit.bio ?? null } : {}),
    ...('nickname' in edit ? { nickname: edit.nickname ?? null } : {}),
    ...(edit.customFields === undefined ? {} : { json_custom_fields: JSON.stringify(edit.customFields) }),
    ...('passwordChange' in edit
      ? {
          password_change: edit.passwordChange === undefined ? 0 : 1,
          password_change_reason: edit.passwordChange?.reason ?? null,
          password_change_since: edit.passwordChange === undefined ? null : (edit.passwordChange.since ?? now),
        }
      : {}),
  };
}
