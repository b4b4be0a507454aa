import type { AuditEntry } from '../audit-entry.ts';
import { Fault } from '../fault.ts';
import type { Account, Status } from './account.ts';
import { mergedCustomFields } from './custom-fields.ts';
import { foldName } from './names.ts';
import { mustBeEmail, mustBeName, mustBeUsername, type NamingPolicy } from './rules.ts';
import type { AccountEdit, EditOutcome } from './store.ts';

/** What is asked of a profile; a missing member stays as it is. */
export interface ProfileChange {
  readonly username?: string | undefined;
  readonly name?: string | undefined;
  /** The only address from then on; `''` for none. */
  readonly email?: string | undefined;
  /** Whether the address counts as verified; a new one does not unless this says so. */
  readonly verified?: boolean | undefined;
  /** `''` erases it. */
  readonly bio?: string | undefined;
  /** `''` erases it. */
  readonly nickname?: string | undefined;
  readonly statusText?: string | undefined;
  readonly status?: Status | undefined;
  /** Merged with those that are there. */
  readonly customFields?: Readonly<Record<string, unknown>> | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly passwordChangeRequired?: boolean | undefined;
}

/** What settings say of profiles. */
export type ProfilePolicy = NamingPolicy & { readonly customFields: string };

const longestBio = 260;
const longestNickname = 120;
export const longestStatusText = 120;

/**
 * What has to be written so that an account is as asked; what is so already is left out.
 * @throws Fault `username-invalid`, `username-reserved`, `name-invalid`, `name-required`, `email-invalid`,
 *   `email-domain-not-allowed`, `email-domain-blocked`, `text-too-long`, `custom-field-invalid`
 */
export function editOf(account: Account, change: ProfileChange, policy: ProfilePolicy): AccountEdit {
  mustBeBrief(change);
  const { username, name, status, roles, passwordChangeRequired } = change;
  if (username !== undefined && username !== account.username) mustBeUsername(username, policy);
  if (name !== undefined && name !== (account.name ?? '')) mustBeName(name, policy);
  const emails = emailsOf(account, change, policy);
  const statusText = change.statusText?.slice(0, longestStatusText);
  const required = account.passwordChange !== undefined;
  const customFields =
    change.customFields === undefined
      ? undefined
      : mergedCustomFields(policy.customFields, account.customFields, change.customFields);
  return {
    ...(username === undefined || username === account.username ? {} : { username }),
    ...(name === undefined || name === (account.name ?? '') ? {} : { name: name === '' ? undefined : name }),
    ...(emails === undefined ? {} : { emails }),
    ...textChange('bio', account.bio, change.bio),
    ...textChange('nickname', account.nickname, change.nickname),
    ...(statusText === undefined || statusText === account.statusText ? {} : { statusText }),
    ...(status === undefined || status === account.chosenStatus
      ? {}
      : { chosenStatus: status, statusEndsAt: undefined }),
    ...(customFields === undefined || JSON.stringify(customFields) === JSON.stringify(account.customFields)
      ? {}
      : { customFields }),
    ...(roles === undefined || sameRoles(roles, account.roles) ? {} : { roles: [...new Set(roles)] }),
    ...(passwordChangeRequired === undefined || passwordChangeRequired === required
      ? {}
      : { passwordChange: passwordChangeRequired ? { reason: undefined } : undefined }),
  };
}

/** Whether the same roles are held, in whatever order. */
export function sameRoles(some: readonly string[], others: readonly string[]): boolean {
  const set = new Set(some);
  return set.size === new Set(others).size && others.every((role) => set.has(role));
}

/** Whether an address would be replaced by another one: a new spelling of it is no other address. */
export function changesEmail(account: Pick<Account, 'emails'>, email: string | undefined): boolean {
  return email !== undefined && foldName(email) !== foldName(account.emails[0]?.address ?? '');
}

/** @throws Fault `account-unknown`, `username-taken`, `email-taken`, `last-administrator`, `factor-needs-address` */
export function mustBeEdited(outcome: EditOutcome, edit: AccountEdit): void {
  switch (outcome) {
    case 'done':
      return;
    case 'unknown':
      throw new Fault('account-unknown');
    case 'username-taken':
      throw new Fault('username-taken', { username: edit.username });
    case 'email-taken':
      throw new Fault('email-taken', { email: edit.emails?.[0]?.address });
    case 'last-administrator':
      throw new Fault('last-administrator', { act: 'edit' });
    case 'factor-needs-address':
      throw new Fault('factor-needs-address');
  }
}

/** The names of the fields, and what somebody was called before and is called now, and where mail went and goes. */
export function factsOfEdit(account: Account, edit: AccountEdit): AuditEntry['facts'] {
  return {
    fields: Object.keys(edit).join(','),
    ...(edit.username === undefined ? {} : { before: account.username ?? '', username: edit.username }),
    ...(edit.emails === undefined ? {} : { emailsBefore: told(account.emails), emails: told(edit.emails) }),
    ...(edit.roles === undefined ? {} : { roles: edit.roles.join(',') }),
  };
}

/** Addresses for the trail; behind those that nobody has verified stands a mark. */
function told(emails: Account['emails']): string {
  const texts = emails.map(({ address, verified }) => (verified ? address : `${address} (unverified)`));
  return texts.join(', ').slice(0, longestFact);
}

const longestFact = 1_024;

function emailsOf(account: Account, change: ProfileChange, policy: ProfilePolicy): AccountEdit['emails'] {
  const [first] = account.emails;
  const { email, verified } = change;
  if (email !== undefined && changesEmail(account, email)) {
    if (email === '') return [];
    mustBeEmail(email, policy);
    return [{ address: email, verified: verified ?? false }];
  }
  if (first === undefined) return undefined;
  const address = email ?? first.address;
  if (address === first.address && (verified ?? first.verified) === first.verified) return undefined;
  if (address !== first.address) mustBeEmail(address, policy);
  return [{ address, verified: verified ?? first.verified }, ...account.emails.slice(1)];
}

function textChange(
  field: 'bio' | 'nickname',
  before: string | undefined,
  text: string | undefined,
): Pick<AccountEdit, 'bio' | 'nickname'> {
  if (text === undefined || text === (before ?? '')) return {};
  return { [field]: text === '' ? undefined : text };
}

/** @throws Fault `text-too-long` */
export function mustBeBrief({ bio, nickname }: Pick<ProfileChange, 'bio' | 'nickname'>): void {
  mustFit('bio', bio, longestBio);
  mustFit('nickname', nickname, longestNickname);
}

function mustFit(field: 'bio' | 'nickname', text: string | undefined, most: number): void {
  if (text !== undefined && text.length > most) throw new Fault('text-too-long', { field, most });
}
