import type { Kysely } from 'kysely';
import { administratorRole } from '../../core/account/account.ts';
import type { Write } from './backend.ts';
import type { SqlDialect } from './dialect.ts';
import type { Schema } from './schema.ts';

/**
 * Whether closing this account, or taking the administrator's role from it, would leave nobody who can sign in and
 * administer. The lock is taken first and held until the commit, so that two administrators who go at the same time are
 * counted one after the other. It comes before the account's own lock.
 */
export async function isLastAdministrator(inside: Write, dialect: SqlDialect, id: string): Promise<boolean> {
  await lockAdministrators(inside, dialect);
  const stays = await administratorsWhoCanSignIn(inside.db).where('a.id', '!=', id).limit(1).executeTakeFirst();
  if (stays !== undefined) return false;
  return (await openAdministrators(inside.db).where('a.id', '=', id).executeTakeFirst()) !== undefined;
}

/** Keeps every other write waiting that may leave fewer administrators, until this one is committed. */
export async function lockAdministrators({ db }: Write, dialect: SqlDialect): Promise<void> {
  await dialect.lock(db.selectFrom('meta').select('name').where('name', '=', 'administrators')).execute();
}

/** People alone: a bot or an app that holds the role is nobody who could help whoever is locked out. */
export function openAdministrators(db: Kysely<Schema>) {
  return db
    .selectFrom('account_roles as r')
    .innerJoin('accounts as a', 'a.id', 'r.account_id')
    .where('r.role_id', '=', administratorRole)
    .where('a.open', '=', 1)
    .where('a.kind', '=', 'user')
    .select('a.id');
}

/** Those of them who have a way in of their own: a password, an identity at a provider, a passkey that needs no password. */
export function administratorsWhoCanSignIn(db: Kysely<Schema>) {
  return openAdministrators(db).where(({ or, eb, exists, selectFrom }) =>
    or([
      eb('a.password_hash', 'is not', null),
      exists(selectFrom('identities as i').select('i.account_id').whereRef('i.account_id', '=', 'a.id')),
      exists(
        selectFrom('second_factors as f')
          .select('f.account_id')
          .whereRef('f.account_id', '=', 'a.id')
          .where('f.passkey_alone', '=', 1),
      ),
    ]),
  );
}
