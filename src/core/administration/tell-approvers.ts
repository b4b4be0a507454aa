import { type Account, administratorRole } from '../account/account.ts';
import type { AccountStore } from '../account/store.ts';
import type { Mailer } from '../mailer.ts';

/** Nobody has so many, and a list without an end shall not be mailed to. */
const mostTold = 50;

/** Mails every administrator that somebody has registered and waits for approval (rest.md §11.1). */
export async function tellApprovers(
  { accounts, mailer }: { readonly accounts: Pick<AccountStore, 'list'>; readonly mailer: Pick<Mailer, 'post'> },
  waiting: Account,
): Promise<void> {
  const only = { roles: [administratorRole], open: true };
  const { accounts: administrators } = await accounts.list({ offset: 0, count: mostTold, sort: [], only });
  const facts = {
    username: waiting.username ?? '',
    name: waiting.name ?? '',
    email: waiting.emails[0]?.address ?? '',
    reason: waiting.signUpReason ?? '',
  };
  for (const { emails, language } of administrators) {
    const to = (emails.find(({ verified }) => verified) ?? emails[0])?.address;
    if (to !== undefined) await mailer.post({ kind: 'account-waits', to: [to], language, facts });
  }
}
