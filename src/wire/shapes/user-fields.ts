import type { Account, Status } from '../../core/account/account.ts';

type Document = Readonly<Record<string, unknown>>;

/** Without the members that are undefined, in the same order. */
export function ofPresent(fields: Document): Document {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A moment as the JSON API writes it; undefined stays undefined. */
export function isoOf(moment: number | undefined): string | undefined {
  return moment === undefined ? undefined : new Date(moment).toISOString();
}

export function firstVerified(account: Pick<Account, 'emails'>): string | undefined {
  return account.emails.find((email) => email.verified)?.address;
}

export function statusText(account: Pick<Account, 'statusText'>): string | undefined {
  return account.statusText === '' ? undefined : account.statusText;
}

function given(fields: Document): Document | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields;
}

/** What everybody may read of an account (rest.md §11.6). */
function forEverybody(account: Account, status: Status): Document {
  return {
    _id: account.id,
    name: account.name,
    username: account.username,
    nickname: account.nickname,
    status,
    utcOffset: account.utcOffset,
    type: account.kind,
    active: account.open,
    bio: account.bio,
    reason: account.signUpReason,
    statusText: statusText(account),
    avatarETag: account.avatarTag,
  };
}

/** How much of an account a caller may read. */
export interface Sight {
  readonly status: Status;
  readonly statusConnection: Status;
  /** The account is the caller's own. */
  readonly own: boolean;
  /** The caller may read accounts in full. */
  readonly full: boolean;
  /** The setting `Accounts_CustomFields`: it names the fields that everybody may read. */
  readonly customFields: string;
}

/** How much of an account the call tells that made or changed it. */
type MadeSight = Pick<Sight, 'status' | 'full' | 'customFields'>;

/** An account as `users.info` tells it (rest.md §11.6). */
export function userInfo(account: Account, sight: Sight): Document {
  if (!sight.own && !sight.full) {
    return ofPresent({ ...forEverybody(account, sight.status), customFields: publicOf(account, sight.customFields) });
  }
  return ofPresent({
    ...forEverybody(account, sight.status),
    emails: account.emails.length === 0 ? undefined : account.emails,
    statusConnection: sight.statusConnection,
    createdAt: isoOf(account.createdAt),
    lastLogin: isoOf(account.lastLogInAt),
    requirePasswordChange: account.passwordChange === undefined ? undefined : true,
    requirePasswordChangeReason: account.passwordChange?.reason,
    roles: account.roles,
    customFields: given(account.customFields),
    services: sight.own ? (account.hasPassword ? { password: true } : {}) : undefined,
    canViewAllInfo: true,
  });
}

/** An account as a list of all tells it (rest.md §11.6). */
export function userInList(account: Account, status: Status): Document {
  return ofPresent({
    _id: account.id,
    name: account.name,
    username: account.username,
    emails: account.emails.length === 0 ? undefined : account.emails,
    roles: account.roles,
    status,
    active: account.open,
    avatarETag: account.avatarTag,
    lastLogin: isoOf(account.lastLogInAt),
    type: account.kind,
    nameInsensitive: account.name?.toLowerCase(),
  });
}

/** The same, where whoever approves accounts reads it. */
export function userInListByStatus(account: Account, status: Status): Document {
  return ofPresent({
    ...userInList(account, status),
    reason: account.signUpReason,
    inactiveReason: inactiveReasonOf(account),
  });
}

/** Why an account is closed, as clients call it; undefined for one that is open. */
export function inactiveReasonOf({
  open,
  closedBecause,
}: Pick<Account, 'open' | 'closedBecause'>): 'deactivated' | 'pending_approval' | 'idle_too_long' | undefined {
  if (open) return undefined;
  if (closedBecause === 'waits-for-approval') return 'pending_approval';
  return closedBecause === 'idle' ? 'idle_too_long' : 'deactivated';
}

/** An account as the call that made it tells it, in full or cut for a caller who may not read it all (rest.md §2.9). */
export function userMade(account: Account, { status, full, customFields }: MadeSight): Document {
  return ofPresent({
    _id: account.id,
    createdAt: full ? isoOf(account.createdAt) : undefined,
    username: account.username,
    emails: full && account.emails.length > 0 ? account.emails : undefined,
    type: account.kind,
    status,
    active: account.open,
    roles: full ? account.roles : undefined,
    name: account.name,
    bio: account.bio,
    nickname: account.nickname,
    statusText: statusText(account),
    requirePasswordChange: full && account.passwordChange !== undefined ? true : undefined,
    customFields: full ? given(account.customFields) : publicOf(account, customFields),
    settings: full
      ? Object.keys(account.preferences).length === 0
        ? {}
        : { preferences: account.preferences }
      : undefined,
    _updatedAt: full ? isoOf(account.updatedAt) : undefined,
  });
}

/** An account as others see who is there (rest.md §11.9). */
export function userPresent(account: Account, status: Status): Document {
  return ofPresent({
    _id: account.id,
    username: account.username,
    name: account.name,
    status,
    utcOffset: account.utcOffset ?? 0,
    statusText: statusText(account),
    avatarETag: account.avatarTag,
  });
}

/** An account as a field for names offers it (rest.md §11.6). */
export function userOffered(account: Account, status: Status): Document {
  const { id, name, username, nickname, avatarTag } = account;
  return ofPresent({ _id: id, name, username, nickname, status, avatarETag: avatarTag });
}

/** The custom fields that everybody may read. */
function publicOf(account: Account, definition: string): Document | undefined {
  const shown = publicFields(definition);
  return given(Object.fromEntries(Object.entries(account.customFields).filter(([field]) => shown.has(field))));
}

function publicFields(definition: string): ReadonlySet<string> {
  try {
    const value: unknown = JSON.parse(definition);
    if (typeof value !== 'object' || value === null) return new Set();
    const shown = Object.entries(value).filter(
      ([, wanted]: [string, unknown]) =>
        typeof wanted === 'object' && wanted !== null && 'public' in wanted && wanted.public === true,
    );
    return new Set(shown.map(([field]) => field));
  } catch {
    return new Set();
  }
}
