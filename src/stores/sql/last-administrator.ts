import type { Kysely } from 'kysely';
import { administratorRole } from '../../core/account/account.ts';
import type { Write } from './backend.ts';
import type { SqlDialect } from './dialect.ts';
import type { Schema } from './schema.ts';

/**
 * Whether closing this account, or taking the administrator's role from it, would leave no open administrator. The lock
 * is taken first and held until the commit, so that two administrators who go at the same time are counted one after
 * the other. It comes before the account's own lock.
 */
export async function isLastAdministrator(inside: Write, dialect: SqlDialect, id: string): Promise<boolean> {
  await lockAdministrators(inside, dialect);
  const some = await openAdministrators(inside.db).select('a.id').limit(2).execute();
  return some.length === 1 && some[0]?.id === id;
}

/** Keeps every other write waiting that may leave fewer administrators, until this one is committed. */
export async function lockAdministrators({ db }: Write, dialect: SqlDialect): Promise<void> {
  await dialect.lock(db.selectFrom('meta').select('name').where('name', '=', 'administrators')).execute();
}

export function openAdministrators(db: Kysely<Schema>) {
  return db
    .selectFrom('account_roles as r')
    .innerJoin('accounts as a', 'a.id', 'r.account_id')
    .where('r.role_id', '=', administratorRole)
    .where('a.open', '=', 1)
    .select('a.id');
}
