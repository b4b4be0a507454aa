import { type Account, everybodysRole } from '../account/account.ts';
import type { AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import { findLink, type LinkNeeds, mailLink, ownerOf } from './mailed-link.ts';

export interface VerifyEmailNeeds extends LinkNeeds {
  readonly accounts: Pick<AccountStore, 'byId' | 'find' | 'verifyEmail' | 'replaceRole'>;
}

const kind = 'email-verification';
/** The role of people who only look around. */
const passing = 'anonymous';

/**
 * Mails a link that verifies an address which waits to be verified. Nobody is told whether there is one: the answer must
 * have left before this is called.
 */
export async function askForVerification(
  needs: LinkNeeds,
  email: string,
  actorId: string | undefined,
  caller: Caller,
): Promise<void> {
  const owner = await ownerOf(needs, email);
  if (owner === undefined || owner.verified) return;
  await mailVerification(needs, owner.account, owner.address, actorId, caller);
}

/** The same for an account that is known. Whoever waits for approval may verify an address meanwhile. */
export async function mailVerification(
  needs: LinkNeeds,
  account: Account,
  address: string,
  actorId: string | undefined,
  caller: Caller,
): Promise<void> {
  if (!account.open && account.closedBecause !== 'waits-for-approval') return;
  await mailLink(needs, account, { kind, address, actorId }, caller);
}

/** Whether a link would verify an address now. Looking uses nothing up. */
export async function verificationLinkHolds(
  needs: LinkNeeds,
  text: string,
): Promise<{ readonly held: boolean; readonly username?: string | undefined }> {
  const link = await findLink(needs, text, [kind]);
  return link?.addressThere === true ? { held: true, username: link.account.username } : { held: false };
}

/**
 * Verifies an address by a mailed link, once. It signs nobody in: who reads a mail has shown no password (attacks I13).
 * @throws Fault `link-dead`, `link-address-gone`
 */
export async function verifyEmail(needs: VerifyEmailNeeds, text: string, caller: Caller): Promise<void> {
  const link = await findLink(needs, text, [kind]);
  if (link === undefined) throw new Fault('link-dead', { kind });
  const { account, hash, address } = link;
  const now = needs.clock.now();
  const who = { at: now, caller, actorId: account.id, accountId: account.id };
  const outcome = await needs.accounts.verifyEmail(
    { accountId: account.id, hash, kind, address, now },
    recordOf('email.verify', who, { email: address }),
  );
  if (outcome === 'unknown') throw new Fault('link-dead', { kind });
  if (outcome === 'address-gone') throw new Fault('link-address-gone', { kind });
  await settle(needs, account, caller);
}

/** Whoever has a verified address looks around no more: the role `anonymous` becomes `user` (rest.md §12.3). */
export async function settle(
  needs: Pick<VerifyEmailNeeds, 'accounts' | 'clock'>,
  { id, roles }: Account,
  caller: Caller,
): Promise<void> {
  if (!roles.includes(passing)) return;
  const at = needs.clock.now();
  const who = { at, caller, actorId: id, accountId: id };
  const change = { from: passing, to: everybodysRole };
  // Whoever has lost the role meanwhile gets no other for it.
  await needs.accounts.replaceRole(id, change, at, recordOf('account.role.replace', who, change));
}
