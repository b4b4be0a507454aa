import type { Account } from '../account/account.ts';
import type { AccountStore } from '../account/store.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import { ownerOf } from '../session/mailed-link.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission } from './may.ts';

export interface WelcomeNeeds {
  readonly accounts: Pick<AccountStore, 'byId' | 'find'>;
  readonly mailer: Pick<Mailer, 'post' | 'serverSet'>;
  readonly authority: Authority;
}

/**
 * Mails the owner of an address that there is an account, as an administrator asks (rest.md §12.5).
 * @throws Fault `permission-missing`, `mail-server-missing`, `account-unknown`
 */
export async function sendWelcome(needs: WelcomeNeeds, signed: Signed, email: string): Promise<void> {
  mustHoldPermission(needs.authority, signed, 'send-mail');
  if (!needs.mailer.serverSet().held) throw new Fault('mail-server-missing');
  const owner = await ownerOf(needs, email);
  if (owner === undefined) throw new Fault('account-unknown');
  await mailWelcome(needs, owner.account, owner.address);
}

/** The mail itself; it tells no password. */
export async function mailWelcome(
  { mailer }: Pick<WelcomeNeeds, 'mailer'>,
  account: Account,
  address: string,
): Promise<void> {
  const facts = { username: account.username ?? '' };
  await mailer.post({ kind: 'welcome', to: [address], language: account.language, facts });
}
