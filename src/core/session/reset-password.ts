import type { Account } from '../account/account.ts';
import { Fault } from '../fault.ts';
import { type ChangePasswordNeeds, changePassword } from '../password/change.ts';
import type { GivenPassword } from '../password/password.ts';
import type { Caller } from '../ports.ts';
import type { LoggedIn, LogInNeeds, Proof } from './log-in.ts';
import { logIn } from './log-in.ts';
import { type FoundLink, findLink, type LinkKind, type LinkNeeds, mailLink, ownerOf } from './mailed-link.ts';

export interface ResetNeeds extends LinkNeeds {
  /** Whether people may ask for such links at all. */
  readonly resetOn: () => boolean;
  /** Whether people from providers, who have no password, may set a first one by such a link. */
  readonly setsFirst: () => boolean;
  /**
   * Whether the password of an account is set here. That of a directory's people is not, while the directory is on: a
   * mailbox would let in whomever the directory keeps out.
   */
  readonly setsPassword: (account: Account) => Promise<{ readonly held: boolean }>;
}

/** @throws Fault `password-reset-off`: to be asked before anything is looked up */
export function mustAllowReset({ resetOn }: Pick<ResetNeeds, 'resetOn'>): void {
  if (!resetOn()) throw new Fault('password-reset-off');
}

/**
 * Mails a link that sets a new password to whoever has this address. Nobody is told whether there is such an account: the
 * answer must have left before this is called (attacks I08). Closed accounts get nothing, nor do those of a directory, and
 * those without a password only where a setting lets them have one.
 */
export async function askForReset(needs: ResetNeeds, email: string, caller: Caller): Promise<void> {
  const owner = await ownerOf(needs, email);
  if (owner === undefined || !owner.account.open || owner.account.kind === 'app') return;
  if (!owner.account.hasPassword && !needs.setsFirst()) return;
  if (!(await needs.setsPassword(owner.account)).held) return;
  await mailLink(needs, owner.account, { kind: 'password-reset', address: owner.address, actorId: undefined }, caller);
}

/** Whether a link would set a password now, and whose. Looking uses nothing up: mail servers look, too. */
export async function resetLinkHolds(
  needs: ResetNeeds,
  text: string,
): Promise<{ readonly held: boolean; readonly username?: string | undefined }> {
  const link = await findLink(needs, text, kindsOf(needs));
  if (link === undefined || !(await stillGood(needs, link)).held || !link.addressThere) return { held: false };
  return { held: true, username: link.account.username };
}

/**
 * Sets a new password by a mailed link, once; every session of the account ends, personal tokens and second factors
 * stay (design §1), but personal tokens end where no address was verified before. The address counts as verified, since
 * the mail has arrived there.
 * @throws Fault `link-dead`, `link-address-gone`, and those of `changePassword`
 */
export async function resetPassword(
  needs: ResetNeeds & ChangePasswordNeeds,
  text: string,
  password: GivenPassword,
  caller: Caller,
): Promise<Account> {
  const link = await findLink(needs, text, kindsOf(needs));
  if (link === undefined || !(await stillGood(needs, link)).held) throw new Fault('link-dead');
  const { account, kind, hash, address, lastLogInAt } = link;
  if (!link.addressThere) throw new Fault('link-address-gone', { kind });
  await changePassword(
    needs,
    {
      account,
      password,
      chosenBy: 'owner',
      expected: link.samePassword,
      exceptToken: undefined,
      actorId: account.id,
      changeRequired: undefined,
      // Until now nobody had shown that the address is theirs: whoever signed up with it may have been somebody else, and
      // must not keep a key to what its owner takes over.
      takesOver: kind === 'password-reset' && !account.emails.some(({ verified }) => verified),
      link: { hash, kind, address, lastLogInAt },
    },
    caller,
  );
  return account;
}

/**
 * Dead after a change of the password, a sign-in, or the closing of the account (attacks I05, I08), and where the account
 * has become one of a directory.
 */
async function stillGood(
  needs: ResetNeeds,
  { account, isSame, lastLogInAt }: FoundLink,
): Promise<{ readonly held: boolean }> {
  if (!account.hasPassword && !needs.setsFirst()) return { held: false };
  if (!account.open || !isSame || account.lastLogInAt !== lastLogInAt) return { held: false };
  return await needs.setsPassword(account);
}

function kindsOf({ resetOn }: Pick<ResetNeeds, 'resetOn'>): readonly LinkKind[] {
  return resetOn() ? ['password-reset', 'enrolment'] : ['enrolment'];
}

/**
 * Signs in whoever has just set a password by a link, unless the account has a second factor: a mailbox alone is no
 * second factor's equal.
 * @returns undefined where no session was opened
 */
export async function signInAfterReset(
  needs: LogInNeeds &
    Pick<LinkNeeds, 'accounts' | 'passwords'> & {
      readonly hasOwnFactor: (account: Account) => { readonly held: boolean };
    },
  accountId: string,
  caller: Caller,
): Promise<LoggedIn | undefined> {
  const account = await needs.accounts.byId(accountId);
  const passwordHash = await needs.passwords.hashOf(accountId);
  if (account === undefined || passwordHash === undefined || needs.hasOwnFactor(account).held) return undefined;
  const proof: Proof = {
    kind: 'password',
    claim: undefined,
    asksFactor: true,
    // Strangers may have locked the owner out: the reason why people reset their password.
    passesBlock: true,
    check: async () => await Promise.resolve({ held: true, account, passwordHash }),
  };
  try {
    return await logIn(needs, proof, caller, { code: undefined, method: undefined });
  } catch (cause) {
    // The password is set; whatever keeps the owner out is told at the next sign-in.
    if (cause instanceof Fault) return undefined;
    throw cause;
  }
}
