import { Fault } from '../../core/fault.ts';
import type { Write } from './backend.ts';
import type { SqlDialect } from './dialect.ts';

/** Keeps every other write of roles and permissions waiting until this one is committed. */
export async function lockRoles({ db }: Write, dialect: SqlDialect): Promise<void> {
  await dialect.lock(db.selectFrom('meta').select('name').where('name', '=', 'roles')).execute();
}

/**
 * Whether an account may get these roles, asked in the write that gives them, before the account is locked: a role that
 * is being removed at the same time is removed before, or stays. Protected roles are never removed, so that nobody who
 * signs up waits for another.
 * @throws Fault `role-unknown` for one that was removed
 */
export async function mustNotBeRemoved({ db }: Write, dialect: SqlDialect, roles: readonly string[]): Promise<void> {
  if (roles.length === 0) return;
  const there = await db
    .selectFrom('roles')
    .select(['id', 'protected'])
    .where('id', 'in', [...roles])
    .execute();
  const fixed = new Set(there.filter((role) => role.protected === 1).map(({ id }) => id));
  const loose = roles.filter((role) => !fixed.has(role)).toSorted();
  if (loose.length === 0) return;
  await dialect.lock(db.selectFrom('roles').select('id').where('id', 'in', loose).orderBy('id')).execute();
  const gone = await db.selectFrom('removed_roles').select('id').where('id', 'in', loose).executeTakeFirst();
  if (gone !== undefined) throw new Fault('role-unknown', { role: gone.id });
}
