import { equalSecrets } from '../../lib/digest.ts';
import { type Account, administratorRole, atLeastEverybodys } from '../account/account.ts';
import { type CreateNeeds, createAccount } from '../account/create.ts';
import { checkedCustomFields } from '../account/custom-fields.ts';
import { mustBeName, mustBeUsername } from '../account/rules.ts';
import type { AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';

/** Who may register: anybody, whoever knows the secret, nobody. */
export type RegistrationForm = 'public' | 'secret' | 'closed';

export interface RegisterNeeds extends CreateNeeds {
  readonly accounts: Pick<AccountStore, 'add' | 'find'>;
  readonly registration: () => {
    readonly form: RegistrationForm;
    /** Never `''` where it opens anything. */
    readonly secret: string;
    readonly mustBeApproved: boolean;
    /** Whether it stays untold that an address is known: its owner gets a mail in place of the refusal. */
    readonly hidesAddresses: boolean;
    readonly roles: readonly string[];
  };
  /** Refuses a password that people may not choose. @throws Fault `password-unacceptable` */
  readonly mustFit: (
    password: { readonly plain: string },
    about: { readonly username: string | undefined; readonly name: string; readonly emails: readonly string[] },
  ) => Promise<void>;
  /** Mails the link that verifies the address. */
  readonly verify: (account: Account, address: string, caller: Caller) => Promise<void>;
  /** Tells the owner of an account that somebody has registered with their address. */
  readonly tellOwner: (owner: Account, address: string) => Promise<void>;
  /** Tells those who may approve that somebody waits. */
  readonly tellApprovers: (account: Account) => Promise<void>;
}

/** What somebody may say of themselves. Roles, kind and state are never theirs to choose (attacks J03). */
export interface AskedToRegister {
  /** Undefined where one is chosen later. */
  readonly username: string | undefined;
  readonly name: string | undefined;
  readonly email: string;
  readonly password: string;
  readonly secret: string | undefined;
  readonly reason: string | undefined;
  readonly customFields: Readonly<Record<string, unknown>>;
}

const longestReason = 1_000;
const longestLookedUp = 1_024;

/**
 * Makes an account for whoever asks, where the settings let them. The checks stand in the order of rest.md §11.1, but for
 * one: whoever may not register learns nothing of who is here. It signs nobody in.
 * @throws Fault `name-invalid`, `name-required`, `username-invalid`, `username-reserved`, `username-taken`, `email-taken`,
 *   `custom-field-invalid`, `registration-closed`, `registration-secret-wrong`, `password-unacceptable`, and those of
 *   `createAccount`
 */
export async function register(needs: RegisterNeeds, asked: AskedToRegister, caller: Caller): Promise<Account> {
  const { username, email, password } = asked;
  const policy = needs.policy();
  const name = asked.name ?? '';
  mustBeName(name, policy);
  const { mustBeApproved, roles } = mustBeLetIn(needs, asked.secret);
  if (username !== undefined) await mustBeFreeUsername(needs, username);
  const owner = await known(needs, 'email', email);
  if (owner !== undefined && !needs.registration().hidesAddresses) throw new Fault('email-taken', { email });
  checkedCustomFields(policy.customFields, asked.customFields);
  await needs.mustFit({ plain: password }, { username, name, emails: [email] });
  const account = await createAccount(
    owner === undefined ? needs : { ...needs, accounts: nothingWritten },
    {
      username,
      name,
      email: { address: email, verified: false },
      password,
      roles: atLeastEverybodys(roles.filter((role) => role !== administratorRole)),
      open: !mustBeApproved,
      closedBecause: mustBeApproved ? 'waits-for-approval' : undefined,
      signUpReason: mustBeApproved ? asked.reason?.slice(0, longestReason) : undefined,
      customFields: asked.customFields,
    },
    (accountId) =>
      recordOf(
        'account.register',
        { at: needs.clock.now(), caller, actorId: undefined, accountId },
        { username: username ?? '', waits: mustBeApproved },
      ),
  );
  if (owner !== undefined) {
    await needs.tellOwner(owner, email);
    return account;
  }
  await needs.verify(account, email, caller);
  if (mustBeApproved) await needs.tellApprovers(account);
  return account;
}

/** Whether somebody who came with this secret may register. */
export function opensRegistration(
  { registration }: Pick<RegisterNeeds, 'registration'>,
  secret: string,
): { readonly held: boolean } {
  const wanted = registration().secret;
  return { held: wanted !== '' && equalSecrets(secret, wanted).held };
}

/** @throws Fault `username-invalid`, `username-reserved`, `username-taken` */
async function mustBeFreeUsername(needs: RegisterNeeds, username: string): Promise<void> {
  mustBeUsername(username, needs.policy());
  if ((await known(needs, 'username', username)) !== undefined) throw new Fault('username-taken', { username });
}

/** @throws Fault `registration-closed`, `registration-secret-wrong` */
export function mustBeLetIn(
  needs: Pick<RegisterNeeds, 'registration'>,
  secret: string | undefined,
): ReturnType<RegisterNeeds['registration']> {
  const registration = needs.registration();
  if (registration.form === 'closed') throw new Fault('registration-closed');
  if (registration.form === 'secret' && (secret === undefined || !opensRegistration(needs, secret).held)) {
    throw new Fault('registration-secret-wrong');
  }
  return registration;
}

/** Every check is made, and the work of a hash done, for an account that nobody gets. */
const nothingWritten: RegisterNeeds['accounts'] = {
  add: async () => await Promise.resolve('added'),
  find: async () => await Promise.resolve(undefined),
};

async function known(
  { accounts }: RegisterNeeds,
  by: 'username' | 'email',
  value: string,
): Promise<Account | undefined> {
  // No store takes a NUL or half a surrogate pair, nobody is called so, and what is too long is not worth the folding.
  if (value.length > longestLookedUp || value.includes('\0') || !value.isWellFormed()) return undefined;
  return await accounts.find({ by, value });
}

/** The setting as the core calls it; whatever is unknown lets nobody in. */
export function registrationFormOf(setting: string): RegistrationForm {
  if (setting === 'Public') return 'public';
  return setting === 'Secret URL' ? 'secret' : 'closed';
}
