import { foldName } from '../../core/account/names.ts';
import type { JoinTerms } from '../../core/external-login/identity-store.ts';
import type { Write } from './backend.ts';
import { endGrants } from './grants.ts';

/**
 * Takes an account from whoever has it, as far as the terms of a joining say so: nothing that opens it is left. The caller
 * holds the account's lock, and announces the account.
 * @returns names of the changed fields of `Account`; undefined where it is nobody else's
 */
export async function takeOver(
  inside: Write,
  accountId: string,
  { strangerUnlessVerified }: JoinTerms,
): Promise<readonly string[] | undefined> {
  if (strangerUnlessVerified === undefined) return undefined;
  const { db } = inside;
  const keys = strangerUnlessVerified.map(foldName);
  const addresses = await db
    .selectFrom('account_emails')
    .select(['address_key', 'verified'])
    .where('account_id', '=', accountId)
    .execute();
  if (addresses.some(({ address_key, verified }) => verified === 1 && keys.includes(address_key))) return undefined;
  await db.deleteFrom('tokens').where('account_id', '=', accountId).execute();
  await endGrants(inside, [accountId]);
  await db.deleteFrom('second_factors').where('account_id', '=', accountId).execute();
  await db.deleteFrom('passkeys').where('account_id', '=', accountId).execute();
  await db.deleteFrom('challenges').where('account_id', '=', accountId).execute();
  await db.deleteFrom('identities').where('account_id', '=', accountId).execute();
  // A password could be had again by mail.
  const others = addresses.flatMap(({ address_key }) => (keys.includes(address_key) ? [] : [address_key]));
  if (others.length > 0) {
    await db
      .deleteFrom('account_emails')
      .where('account_id', '=', accountId)
      .where('address_key', 'in', others)
      .execute();
  }
  await db
    .updateTable('accounts')
    .set({ password_hash: null, password_change: 0, password_change_reason: null, password_change_since: null })
    .where('id', '=', accountId)
    .execute();
  return ['emails', 'hasPassword', 'passwordChange', 'secondFactors'];
}
