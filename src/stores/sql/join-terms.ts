import { foldName } from '../../core/account/names.ts';
import type { JoinTerms, NewIdentity } from '../../core/external-login/identity-store.ts';
import { moreThanOrdinary } from '../../core/external-login/ordinary.ts';
import { accountOf } from './account-row.ts';
import type { Write } from './backend.ts';
import type { SqlDialect } from './dialect.ts';
import { accountsIn } from './list-accounts.ts';

/**
 * Whether an account is still what it must be to be joined with an identity. The caller holds the account's lock, so that
 * it stays so until this write is committed.
 * @param username of the account, as it is now
 */
export async function termsHold(
  inside: Write,
  dialect: SqlDialect,
  account: { readonly id: string; readonly username: string | null },
  identity: NewIdentity,
  terms: JoinTerms,
): Promise<{ readonly held: boolean }> {
  const { id, username } = account;
  const held =
    (await isStill(inside, id, username, terms)) &&
    !(await isOfAnother(inside, id, identity, terms)) &&
    (await isOrdinary(inside, dialect, id, terms));
  return { held };
}

async function isStill(
  { db }: Write,
  accountId: string,
  username: string | null,
  onlyWhile: JoinTerms,
): Promise<boolean> {
  if (onlyWhile.username !== undefined && foldName(username ?? '') !== foldName(onlyWhile.username)) return false;
  if (onlyWhile.verifiedAddress === undefined) return true;
  const found = await db
    .selectFrom('account_emails')
    .select('verified')
    .where('address_key', '=', foldName(onlyWhile.verifiedAddress))
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return found?.verified === 1;
}

/** Whether the account is somebody else's of the same provider, where the terms ask for that. */
async function isOfAnother(
  { db }: Write,
  accountId: string,
  { provider, subject }: NewIdentity,
  { noOtherOfProvider }: JoinTerms,
): Promise<boolean> {
  if (noOtherOfProvider === undefined) return false;
  const others = await db
    .selectFrom('identities')
    .select('used_at')
    .where('account_id', '=', accountId)
    .where('provider', '=', provider)
    .where('subject', '<>', subject)
    .execute();
  return others.some(({ used_at }) => noOtherOfProvider === 'any' || used_at !== null);
}

async function isOrdinary(
  { db }: Write,
  dialect: SqlDialect,
  accountId: string,
  { ordinary }: JoinTerms,
): Promise<boolean> {
  if (ordinary === undefined) return true;
  const row = await accountsIn(db, dialect).where('a.id', '=', accountId).executeTakeFirst();
  return row !== undefined && moreThanOrdinary(accountOf(row), ordinary) === undefined;
}
