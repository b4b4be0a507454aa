import type { AuditEntry } from '../audit-entry.ts';
import { Fault } from '../fault.ts';
import type { Clock, Random } from '../ports.ts';
import { type Account, type AccountKind, noSecondFactors } from './account.ts';
import { checkedCustomFields } from './custom-fields.ts';
import { type MailDomainNeeds, mustTakeMail } from './mail-domains.ts';
import { mustBeEmail, mustBeName, mustBeUsername, type NamingPolicy } from './rules.ts';
import type { AccountStore, NewAccount } from './store.ts';

export interface CreateNeeds extends MailDomainNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly accounts: Pick<AccountStore, 'add'>;
  readonly policy: () => NamingPolicy & { readonly customFields: string; readonly emailFactorFromTheStart: boolean };
  /** Makes the stored form of a password. */
  readonly hash: (password: { readonly plain: string }) => Promise<string>;
}

export interface Asked {
  /** Undefined where one is chosen later. */
  readonly username: string | undefined;
  readonly name: string;
  /** Undefined for an account without an address (bots). */
  readonly email: { readonly address: string; readonly verified: boolean } | undefined;
  readonly password: string | undefined;
  readonly roles: readonly string[];
  readonly kind?: AccountKind;
  readonly open?: boolean;
  readonly passwordChange?: { readonly reason: string | undefined } | undefined;
  readonly customFields?: Readonly<Record<string, unknown>>;
  readonly bio?: string | undefined;
  readonly nickname?: string | undefined;
  readonly statusText?: string | undefined;
  readonly closedBecause?: Account['closedBecause'];
  readonly signUpReason?: string | undefined;
  /** Names the server itself gives (the first administrator, the house bot) are not held to the reserved list. */
  readonly byServer?: boolean;
  /** Who comes by a provider's word filled in no form: fields that one would ask for are not missed. */
  readonly fromElsewhere?: boolean;
}

/**
 * Makes an account. The caller has asked who may do so and which roles may be given.
 * @param audit makes the entry once the id is known
 * @throws Fault `name-invalid`, `custom-field-invalid`, `name-required`, `username-invalid`, `username-reserved`,
 *   `email-invalid`, `email-domain-not-allowed`, `email-domain-blocked`, `email-domain-dead`, `username-taken`,
 *   `email-taken`, `busy`
 */
export async function createAccount(
  needs: CreateNeeds,
  asked: Asked,
  audit: (accountId: string) => AuditEntry,
): Promise<Account> {
  const policy = needs.policy();
  mustBeName(asked.name, policy);
  // Whoever holds the host can always make an account, whatever fields a form would ask for.
  const filledNoForm = asked.byServer === true || asked.fromElsewhere === true;
  const definition = filledNoForm && asked.customFields === undefined ? '' : policy.customFields;
  const customFields = checkedCustomFields(definition, asked.customFields ?? {});
  if (asked.username !== undefined) {
    mustBeUsername(asked.username, asked.byServer === true ? { ...policy, reserved: [] } : policy);
  }
  if (asked.email !== undefined) mustBeEmail(asked.email.address, policy);
  if (asked.email !== undefined && asked.byServer !== true) await mustTakeMail(needs, asked.email.address);
  const passwordHash = asked.password === undefined ? undefined : await needs.hash({ plain: asked.password });
  const now = needs.clock.now();
  const account: Account = {
    id: needs.random.id(),
    username: asked.username,
    name: asked.name === '' ? undefined : asked.name,
    kind: asked.kind ?? 'user',
    emails: asked.email === undefined ? [] : [asked.email],
    roles: asked.roles,
    open: asked.open ?? true,
    closedBecause: asked.closedBecause,
    signUpReason: asked.signUpReason,
    avatarTag: undefined,
    hasPassword: passwordHash !== undefined,
    // Codes by e-mail are asked for once an address is verified (rest.md §6.5).
    secondFactors: { ...noSecondFactors, email: policy.emailFactorFromTheStart },
    passwordChange: asked.passwordChange,
    chosenStatus: 'online',
    statusText: asked.statusText ?? '',
    statusEndsAt: undefined,
    bio: asked.bio,
    nickname: asked.nickname,
    language: undefined,
    utcOffset: undefined,
    preferences: {},
    customFields,
    createdAt: now,
    updatedAt: now,
    lastLogInAt: undefined,
  };
  const written: NewAccount = { ...account, passwordHash };
  const outcome = await needs.accounts.add(written, audit(account.id));
  if (outcome === 'username-taken') throw new Fault('username-taken', { username: asked.username });
  if (outcome === 'email-taken') throw new Fault('email-taken', { email: asked.email?.address });
  if (outcome === 'id-taken') throw new Error('A fresh id was taken: the source of randomness is broken.');
  return account;
}
