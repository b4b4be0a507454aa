import type { Email } from '../../core/account/account.ts';
import { foldName } from '../../core/account/names.ts';
import type { AccountStore } from '../../core/account/store.ts';
import type { SpentLink } from '../../core/password/store.ts';
import type { Moment } from '../../core/ports.ts';
import type { LinkKind } from '../../core/session/mailed-link.ts';
import type { SqlBackend, Write } from './backend.ts';
import type { LockedAccount, Steps } from './steps.ts';

/**
 * Uses a mailed link up that sets a password, and marks the address that it was mailed to as verified. The caller holds
 * the account's lock.
 * @returns not held where it is unknown, used or over, or where the account was closed, lost the address or was signed in
 *   to since the link was made
 */
export async function spendLink(
  inside: Write,
  account: LockedAccount,
  link: SpentLink & { readonly accountId: string; readonly now: Moment },
): Promise<{ readonly held: boolean }> {
  if (!(await take(inside, link)).held || account.open === 0) return { held: false };
  const row = await inside.db
    .selectFrom('accounts')
    .select('last_log_in_at')
    .where('id', '=', link.accountId)
    .executeTakeFirst();
  if (Number(row?.last_log_in_at) !== (link.lastLogInAt ?? 0)) return { held: false };
  return await markVerified(inside, link);
}

/** The write that verifies an address. */
export function addressVerification(
  { write }: SqlBackend,
  { lockAccount, record }: Steps,
): Pick<AccountStore, 'verifyEmail'> {
  return {
    verifyEmail: async (link, audit) =>
      await write(async (inside) => {
        if ((await lockAccount(inside, link.accountId)) === undefined) return 'unknown';
        if (!(await take(inside, link)).held) return 'unknown';
        if (!(await markVerified(inside, link)).held) return 'address-gone';
        const { accountId, now } = link;
        await inside.db.updateTable('accounts').set({ updated_at: now }).where('id', '=', accountId).execute();
        await record(inside, audit);
        inside.announce({ kind: 'account', accountId, changed: ['emails', 'updatedAt'], forced: false });
        return 'done';
      }),
  };
}

/** What links for mailboxes are kept as: the core's kinds. */
const kinds = ['password-reset', 'enrolment', 'email-verification'] as const satisfies readonly LinkKind[];

/**
 * Makes the links void that were mailed to addresses which an account does not have any more: they stay so when it takes
 * the address again. The caller holds the account's lock.
 */
export async function voidLinks({ db }: Write, accountId: string, emails: readonly Email[]): Promise<void> {
  const links = await db
    .selectFrom('challenges')
    .select(['hash', 'json_facts'])
    .where('account_id', '=', accountId)
    .where('kind', 'in', kinds)
    .execute();
  for (const { hash, json_facts } of links) {
    const facts = JSON.parse(json_facts) as Readonly<Record<string, unknown>>;
    if (emails.some(({ address }) => foldName(address) === foldName(String(facts['address'])))) continue;
    // It is still known, so that whoever opens it is told why it is not good any more.
    const json = JSON.stringify({ ...facts, address: '' });
    await db.updateTable('challenges').set({ json_facts: json }).where('hash', '=', hash).execute();
  }
}

interface Mailed {
  readonly hash: string;
  readonly kind: string;
  readonly accountId: string;
  readonly address: string;
  readonly now: Moment;
}

async function take(
  { db }: Write,
  { hash, kind, accountId, address, now }: Mailed,
): Promise<{ readonly held: boolean }> {
  const row = await db
    .deleteFrom('challenges')
    .where('hash', '=', hash)
    .where('kind', '=', kind)
    .where('account_id', '=', accountId)
    .returning(['ends_at', 'json_facts'])
    .executeTakeFirst();
  if (row === undefined || Number(row.ends_at) <= now) return { held: false };
  const facts = JSON.parse(row.json_facts) as Readonly<Record<string, unknown>>;
  // Made void since the core has looked.
  return { held: (facts['address'] ?? address) === address };
}

async function markVerified({ db }: Write, { accountId, address }: Mailed): Promise<{ readonly held: boolean }> {
  const { numUpdatedRows } = await db
    .updateTable('account_emails')
    .set({ verified: 1 })
    .where('account_id', '=', accountId)
    .where('address_key', '=', foldName(address))
    .executeTakeFirst();
  return { held: numUpdatedRows > 0n };
}
