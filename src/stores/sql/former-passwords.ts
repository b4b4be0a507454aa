import type { Moment } from '../../core/ports.ts';
import type { Write } from './backend.ts';

/**
 * Makes the password that an account had a former one, and deletes the oldest until no more than `formerKept` are left.
 * Whatever sets a password does this in the same write; the caller holds the account's lock.
 * @param hash the stored form so far; null where there was none
 */
export async function keepFormer(
  { db }: Write,
  accountId: string,
  hash: string | null,
  { formerKept, now }: { readonly formerKept: number; readonly now: Moment },
): Promise<void> {
  if (hash === null) return;
  const earlier = await db
    .selectFrom('former_passwords')
    .select('at')
    .where('account_id', '=', accountId)
    .orderBy('at', 'desc')
    .execute();
  // Two in one millisecond keep their order.
  const at = Math.max(now, (earlier[0]?.at ?? 0) + 1);
  if (formerKept > 0) await db.insertInto('former_passwords').values({ account_id: accountId, at, hash }).execute();
  const oldest = formerKept > 0 ? earlier[formerKept - 1]?.at : at;
  if (oldest === undefined) return;
  await db.deleteFrom('former_passwords').where('account_id', '=', accountId).where('at', '<=', oldest).execute();
}
