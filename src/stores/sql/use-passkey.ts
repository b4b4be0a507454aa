import type { PasskeyUse } from '../../core/second-factor/store.ts';
import type { Write } from './backend.ts';

/** Notes a use, if the counter of the device says that it is a new one. */
export async function usePasskey(
  { db }: Write,
  accountId: string,
  id: string,
  { signCount, backedUp, at }: PasskeyUse,
): Promise<'used' | 'counter-back' | 'gone'> {
  const { numUpdatedRows } = await db
    .updateTable('passkeys')
    .set({ sign_count: signCount, backed_up: backedUp ? 1 : 0, used_at: at })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    // A device that does not count says 0 each time.
    .where('sign_count', signCount === 0 ? '=' : '<', signCount)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return 'used';
  const there = await db
    .selectFrom('passkeys')
    .select('id')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return there === undefined ? 'gone' : 'counter-back';
}

/** Uses up the challenge that a passkey signed, and then the passkey: of two answers to one challenge, one is taken. */
export async function spendPasskey(
  inside: Write,
  accountId: string,
  spending: { readonly challenge: string; readonly id: string; readonly use: PasskeyUse },
): Promise<{ readonly held: boolean }> {
  const { numDeletedRows } = await inside.db
    .deleteFrom('challenges')
    .where('hash', '=', spending.challenge)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  if (numDeletedRows === 0n) return { held: false };
  return { held: (await usePasskey(inside, accountId, spending.id, spending.use)) === 'used' };
}
