import type { Account, Status } from '../../core/account/account.ts';

/** The members of the own user that clients are shown (realtime.md §9.1), in this order; absent ones are absent. */
export function ownDocument(account: Account, statusConnection: Status): Readonly<Record<string, unknown>> {
  const fields = {
    username: account.username,
    emails: account.emails.length === 0 ? undefined : account.emails,
    name: account.name,
    nickname: account.nickname,
    statusDefault: account.chosenStatus,
    statusText: account.statusText === '' ? undefined : account.statusText,
    statusExpiresAt: account.statusEndsAt === undefined ? undefined : new Date(account.statusEndsAt),
    statusConnection,
    bio: account.bio,
    utcOffset: account.utcOffset,
    language: account.language,
    settings: { preferences: account.preferences },
    roles: account.roles,
    active: account.open,
    customFields: Object.keys(account.customFields).length === 0 ? undefined : account.customFields,
    requirePasswordChange: account.passwordChange === undefined ? undefined : true,
    requirePasswordChangeReason: account.passwordChange?.reason,
    _updatedAt: new Date(account.updatedAt),
  };
  // A fresh object with the members that are there: one whose members were deleted would be slow for good.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
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
  updatedAt: ['_updatedAt'],
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
