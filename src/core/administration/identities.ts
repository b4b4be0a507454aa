import { sha256Hex } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import { foldName } from '../account/names.ts';
import { recordOf } from '../audit/record.ts';
import type { Identity, KeptIdentity } from '../external-login/identity.ts';
import type { IdentityStore } from '../external-login/identity-store.ts';
import { Fault } from '../fault.ts';
import type { Mailer } from '../mailer.ts';
import type { Caller } from '../ports.ts';
import { verifiedOf } from '../second-factor/email-code.ts';
import { mustBeFreshSignIn } from '../session/fresh-sign-in.ts';
import { mustBeFull } from '../session/restricted.ts';
import type { Signed } from '../session/token.ts';
import { type Authority, mustHoldPermission, mustNotOutrank } from './may.ts';
import { mustProveInstead, mustShowPassword, type ProveInsteadNeeds } from './prove-instead.ts';

export interface IdentityNeeds extends ProveInsteadNeeds {
  readonly identities: Pick<IdentityStore, 'find' | 'ofAccount' | 'link' | 'unlink'>;
  readonly authority: Authority;
  readonly mailer: Pick<Mailer, 'post'>;
  /** Whether people of a provider are its own: whoever parted from it would outlive what it says of them. */
  readonly keepsItsPeople: (provider: string) => { readonly held: boolean };
}

type Named = Pick<KeptIdentity, 'provider' | 'subject'>;

/** The identities of an account, oldest first. @throws Fault `permission-missing` for those of another */
export async function listIdentities(
  needs: Pick<IdentityNeeds, 'identities' | 'authority'>,
  signed: Signed,
  accountId: string,
): Promise<readonly KeptIdentity[]> {
  mustBeFull(signed);
  if (accountId !== signed.account.id) mustHoldPermission(needs.authority, signed, 'view-full-other-user-info');
  return await needs.identities.ofAccount(accountId);
}

/**
 * Joins an identity with one's own account. The caller has held the factor that stands before sensitive changes; a
 * provider's word alone never joins somebody's account (decision 0012).
 * @param take gives the identity that a browser brought; called after everything else was proved
 * @param currentPassword see `mustProveInstead`
 * @throws Fault `identity-taken`, those of `take`, `mustBeFull` and `mustProveInstead`
 */
export async function linkIdentity(
  needs: IdentityNeeds,
  signed: Signed,
  take: () => Promise<Identity>,
  currentPassword: string | undefined,
  caller: Caller,
): Promise<Identity> {
  mustBeFull(signed);
  await mustProveInstead(needs, signed, currentPassword, caller);
  return await join(needs, signed, await take(), caller);
}

/**
 * The same for an identity with which nobody could sign in, since an account had its address: whoever proves the account
 * right then joins it. A sign-in of a short time ago has held the second factor of the account, if it has one, and the
 * password is shown once more. Only the account that stood in the way joins it: whoever had somebody's browser bring an
 * identity of their own would else have a way into that person's account.
 * @param password in clear; not looked at where the account has none
 * @throws Fault `identity-taken`, `identity-address-taken` where the address is not the account's, `sign-in-not-fresh`, those of `take`, `attempt`, `mustProveOwner` and `mustBeFull`
 */
export async function joinWaiting(
  needs: IdentityNeeds,
  signed: Signed,
  take: () => Promise<Identity>,
  password: string,
  caller: Caller,
): Promise<Identity> {
  mustBeFull(signed);
  mustBeFreshSignIn(signed, needs.clock.now());
  const { account, token } = signed;
  if (needs.hasOwnFactor(account).held && token.factor === undefined) throw new Fault('sign-in-not-fresh');
  if (account.hasPassword) await mustShowPassword(needs, account, sha256Hex(password), caller);
  const identity = await take();
  if (!hasAddressOf(account, identity).held) {
    throw new Fault('identity-address-taken', { provider: identity.provider });
  }
  return await join(needs, signed, identity, caller);
}

function hasAddressOf({ emails }: Account, identity: Identity): { readonly held: boolean } {
  const told = new Set(identity.emails.map(({ address }) => foldName(address)));
  return { held: emails.some(({ address }) => told.has(foldName(address))) };
}

async function join(needs: IdentityNeeds, { account }: Signed, identity: Identity, caller: Caller): Promise<Identity> {
  const known = await needs.identities.find(identity.provider, identity.subject);
  if (known?.account.id === account.id) return identity;
  if (known !== undefined) throw new Fault('identity-taken', { provider: identity.provider });
  const at = needs.clock.now();
  const who = { at, caller, actorId: account.id, accountId: account.id };
  const audit = recordOf('identity.link', who, { provider: identity.provider, by: 'owner' });
  const outcome = await needs.identities.link(identity, account.id, {}, at, audit);
  if (outcome === 'identity-taken') throw new Fault('identity-taken', { provider: identity.provider });
  if (outcome === 'account-changed') throw new Fault('account-unknown');
  await tell(needs, account, 'identity-linked', identity.provider);
  return identity;
}

/**
 * Parts an identity from an account, and ends the sessions that it has opened: one's own, for which the caller has held a
 * factor, or with `edit-other-user-info` that of somebody who does not outrank the caller. Nobody parts by themselves from a
 * directory that is asked about them.
 * @param currentPassword for one's own, see `mustProveInstead`
 * @throws Fault `permission-missing`, `role-too-high`, `identity-unknown`, `identity-last-way-in`, those of `mustBeFull`
 *   and `mustProveInstead`
 */
export async function unlinkIdentity(
  needs: IdentityNeeds,
  signed: Signed,
  account: Account,
  named: Named,
  currentPassword: string | undefined,
  caller: Caller,
): Promise<void> {
  mustBeFull(signed);
  if (account.id === signed.account.id) {
    if (needs.keepsItsPeople(named.provider).held) {
      mustHoldPermission(needs.authority, signed, 'edit-other-user-info');
    }
    await mustProveInstead(needs, signed, currentPassword, caller);
  } else {
    mustHoldPermission(needs.authority, signed, 'edit-other-user-info');
    mustNotOutrank(needs.authority, account.roles, signed);
  }
  await partIdentity(needs, account, named, signed.account.id, caller);
}

/**
 * The same from the host, where no permission is asked.
 * @param actorId who does it; undefined on the host
 * @throws Fault `identity-unknown`, `identity-last-way-in`
 */
export async function partIdentity(
  needs: Pick<IdentityNeeds, 'clock' | 'identities' | 'mailer'>,
  account: Account,
  { provider, subject }: Named,
  actorId: string | undefined,
  caller: Caller,
): Promise<void> {
  const who = { at: needs.clock.now(), caller, actorId, accountId: account.id };
  const audit = recordOf('identity.unlink', who, { provider });
  switch (await needs.identities.unlink(account.id, { provider, subject }, audit)) {
    case 'unknown':
      throw new Fault('identity-unknown', { provider });
    case 'last-way-in':
      throw new Fault('identity-last-way-in', { provider });
    case 'done':
      await tell(needs, account, 'identity-unlinked', provider);
  }
}

/** Tells the owner of an account that there is one more way in, or one less, in case it was somebody else. */
async function tell(
  { mailer }: Pick<IdentityNeeds, 'mailer'>,
  account: Account,
  kind: 'identity-linked' | 'identity-unlinked',
  provider: string,
): Promise<void> {
  const to = verifiedOf(account);
  if (to.length > 0) await mailer.post({ kind, to, language: account.language, facts: { provider } });
}
