import type { Account, Status } from '../../core/account/account.ts';
import { factorServices } from './factor-services.ts';

/** The members of the own user that clients are shown (realtime.md §9.1), in this order; absent ones are absent. */
export function ownDocument(account: Account, statusConnection: Status): Readonly<Record<string, unknown>> {
  const { customFields } = account;
  // Member by member onto one object: this is made at every log-in.
  const document: Record<string, unknown> = {};
  const show = (member: string, value: unknown): void => {
    if (value !== undefined) document[member] = value;
  };
  show('username', account.username);
  show('emails', account.emails.length === 0 ? undefined : account.emails);
  show('name', account.name);
  show('nickname', account.nickname);
  show('statusDefault', account.chosenStatus);
  show('statusText', account.statusText === '' ? undefined : account.statusText);
  show('statusExpiresAt', account.statusEndsAt === undefined ? undefined : new Date(account.statusEndsAt));
  show('statusConnection', statusConnection);
  show('bio', account.bio);
  show('utcOffset', account.utcOffset);
  show('language', account.language);
  show('settings', { preferences: account.preferences });
  show('roles', account.roles);
  show('active', account.open);
  show('customFields', Object.keys(customFields).length === 0 ? undefined : customFields);
  show('requirePasswordChange', account.passwordChange === undefined ? undefined : true);
  show('requirePasswordChangeReason', account.passwordChange?.reason);
  const { app, email } = account.secondFactors;
  show('services', app || email ? factorServices(account) : undefined);
  show('_updatedAt', new Date(account.updatedAt));
  show('avatarETag', account.avatarTag);
  return document;
}

/** Which published members show each field of `Account`. */
const shownAs: Readonly<Partial<Record<keyof Account, readonly string[]>>> = {
  username: ['username'],
  emails: ['emails'],
  name: ['name'],
  nickname: ['nickname'],
  chosenStatus: ['statusDefault'],
  statusText: ['statusText'],
  statusEndsAt: ['statusExpiresAt'],
  bio: ['bio'],
  utcOffset: ['utcOffset'],
  language: ['language'],
  preferences: ['settings'],
  roles: ['roles'],
  open: ['active'],
  customFields: ['customFields'],
  passwordChange: ['requirePasswordChange', 'requirePasswordChangeReason'],
  secondFactors: ['services'],
  updatedAt: ['_updatedAt'],
  avatarTag: ['avatarETag'],
};

/**
 * What clients are told when fields of their own account changed: the members with their new values, and those that
 * are gone (realtime.md §12.4, `userData`).
 */
export function ownDocumentChange(
  account: Account,
  statusConnection: Status,
  changed: readonly string[],
): { readonly diff: Readonly<Record<string, unknown>>; readonly unset: Readonly<Record<string, 1>> } {
  const document = ownDocument(account, statusConnection);
  const diff: Record<string, unknown> = {};
  const unset: Record<string, 1> = {};
  for (const field of changed) {
    for (const member of shownAs[field as keyof Account] ?? []) {
      if (Object.hasOwn(document, member)) diff[member] = document[member];
      else unset[member] = 1;
    }
  }
  return { diff, unset };
}

/** The number that streams use for a status (realtime.md §12.4). */
export const statusCode: Readonly<Record<Status, number>> = { offline: 0, online: 1, away: 2, busy: 3 };
