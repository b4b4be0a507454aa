import type { Account } from '../account/account.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import { verifiedOf } from './email-code.ts';

/** @throws Fault `factor-emails-unverified` while any address of the account waits to be verified (rest.md §9.1) */
export function mustHaveVerified({ emails }: Pick<Account, 'emails'>): void {
  if (emails.some(({ verified }) => !verified)) throw new Fault('factor-emails-unverified');
}

export interface RelyNeeds {
  readonly mailer: Mailer;
}

/**
 * E-mail is never left as the only factor unless a mail was delivered: whoever cannot be reached would be locked out.
 * @throws Fault `factor-mail-undelivered`
 */
export async function mustMayRelyOnEmail({ mailer }: RelyNeeds, account: Account): Promise<void> {
  const to = verifiedOf(account);
  const { held } = await mailer.deliver({ kind: 'delivery-test', to, language: account.language, facts: {} });
  if (!held) throw new Fault('factor-mail-undelivered');
}

/** Tells the owner of an account that its factors changed, in case it was somebody else. */
export async function tellChange(
  { mailer }: Pick<RelyNeeds, 'mailer'>,
  account: Account,
  kind: 'factor-added' | 'factor-removed',
  factor: 'app' | 'email' | 'passkey',
): Promise<void> {
  const to = verifiedOf(account);
  if (to.length > 0) await mailer.post({ kind, to, language: account.language, facts: { factor } });
}
