import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';
import type { Account, AccountKind, Claim, Email, Status } from './account.ts';

/** An account to be written for the first time. */
export interface NewAccount extends Account {
  /** The stored form of the password (see `core/password`), or undefined for none. */
  readonly passwordHash: string | undefined;
  /** Only codes by e-mail can be on from the start. */
  readonly secondFactors: Account['secondFactors'];
}

export type AddOutcome = 'added' | 'username-taken' | 'email-taken' | 'id-taken';

/** The fields that a sort of the list may name. */
export type AccountSortField = 'username' | 'name' | 'createdAt' | 'lastLogInAt' | 'open';

export interface AccountPage {
  readonly offset: number;
  /** 0 means all. */
  readonly count: number;
  /** Applied in order; ties are broken by username. */
  readonly sort: readonly { readonly field: AccountSortField; readonly ascending: boolean }[];
  /** Only the account with exactly this address (folded). */
  readonly email?: string | undefined;
  /** Only accounts of which all of this is true. */
  readonly only?: AccountFilter;
}

/** Where a search looks; each field from its beginning, in folded form. */
export type SearchField = 'username' | 'name' | 'email';

/** What an account must be; a missing key asks nothing. */
export interface AccountFilter {
  readonly open?: boolean | undefined;
  /** `untold`: closed, and no reason stands there that clients have a word for. */
  readonly closedBecause?: NonNullable<Account['closedBecause']> | 'untold' | undefined;
  readonly hasLoggedIn?: boolean | undefined;
  readonly kind?: AccountKind | undefined;
  /** Ids of roles, of which one is enough. */
  readonly roles?: readonly string[] | undefined;
  /** Ids that are left out. */
  readonly except?: readonly string[] | undefined;
  /** What one of the fields begins with. At most `mostFound` accounts are found by each field. */
  readonly search?: { readonly term: string; readonly fields: readonly SearchField[] } | undefined;
}

/** So many accounts a search finds by each field, and no more: then it should be narrowed. */
export const mostFound = 1_000;

/** The fields that `change` may write; a missing key stays as it is. */
export interface AccountChanges {
  readonly chosenStatus?: Status;
  readonly statusText?: string;
  readonly statusEndsAt?: Moment | undefined;
  readonly preferences?: Readonly<Record<string, unknown>>;
  readonly utcOffset?: number;
  readonly language?: string;
}

/** What a person saves of what their clients look and sound like. */
export interface SavedPreferences extends Pick<AccountChanges, 'language' | 'utcOffset'> {
  readonly preferences: Account['preferences'];
}

/** What `edit` may write beside; a missing key stays as it is, one that is there with `undefined` is cleared. */
export interface AccountEdit extends AccountChanges {
  readonly username?: string;
  readonly name?: string | undefined;
  /** All addresses, in their order. */
  readonly emails?: readonly Email[];
  /** All roles, in their order. */
  readonly roles?: readonly string[];
  readonly bio?: string | undefined;
  readonly nickname?: string | undefined;
  /** All of them. */
  readonly customFields?: Readonly<Record<string, unknown>>;
  readonly passwordChange?: Account['passwordChange'];
}

export type EditOutcome =
  | 'done'
  | 'unknown'
  | 'username-taken'
  | 'email-taken'
  | 'last-administrator'
  /** Codes by e-mail are the only second factor, and no verified address would be left. */
  | 'factor-needs-address';

/** The accounts that `closeIdle` looks at. */
export interface IdleAccounts {
  readonly since: Moment;
  /** Only holders of this role. */
  readonly role: string;
  /** Where the last step ended; undefined for the first. */
  readonly after: IdlePlace | undefined;
  readonly atMost: number;
  readonly mayClose: (account: Account) => { readonly held: boolean };
}

export interface IdlePlace {
  readonly lastLogInAt: Moment;
  readonly id: string;
}

export interface IdleClosed {
  /** As they were before. */
  readonly closed: readonly Account[];
  /** Undefined when there are no further ones. */
  readonly next: IdlePlace | undefined;
}

export type CloseOutcome = 'done' | 'unknown' | 'last-administrator';

/**
 * What accounts need from a store. Every method is one atomic step, and announces what it changed (`Happening`) to
 * every node when, and only when, it is committed.
 */
export interface AccountStore {
  byId(id: string): Promise<Account | undefined>;
  /** By id exactly; by username or address in folded form (`foldName`). */
  find(claim: Claim): Promise<Account | undefined>;
  /** The accounts of these ids, in no order; unknown ids are left out. At most 1,000 ids. */
  byIds(ids: readonly string[]): Promise<readonly Account[]>;
  list(page: AccountPage): Promise<{ readonly accounts: readonly Account[]; readonly total: number }>;
  /**
   * Whether somebody can administer: an open account of a person that holds the administrator's role and has a way in, be it
   * a password, an identity or a passkey that signs in alone. Whatever is "refused for the last open administrator" leaves
   * one of these.
   */
  administratorThere(): Promise<{ readonly held: boolean }>;
  /** How many accounts there are. Counts them all: not for a path that somebody waits on. */
  count(): Promise<number>;
  /**
   * Writes the account with its addresses and roles. Two at once for one name: one is added.
   * @throws Fault `role-unknown` for a role that was removed meanwhile
   */
  add(account: NewAccount, audit: AuditEntry): Promise<AddOutcome>;
  change(id: string, changes: AccountChanges, now: Moment): Promise<boolean>;
  /**
   * Puts preferences beside those that are there, key by key: two that save different ones at once both keep theirs.
   * @returns all of them as they are then; undefined when the account is gone
   */
  savePreferences(id: string, saved: SavedPreferences, now: Moment): Promise<Account['preferences'] | undefined>;
  /**
   * Changes who an account is, all of it or nothing. Two at once for one name: one gets it.
   * @throws Fault `role-unknown` for a role that was removed meanwhile
   */
  edit(id: string, edit: AccountEdit, now: Moment, audit: AuditEntry): Promise<EditOutcome>;
  /** @throws Fault `role-unknown` for a role that was removed meanwhile */
  /**
   * Uses up the link that was mailed to an address of the account, and marks the address as verified. Two at once: one
   * does it.
   */
  verifyEmail(
    link: {
      readonly accountId: string;
      readonly hash: string;
      readonly kind: string;
      readonly address: string;
      readonly now: Moment;
    },
    audit: AuditEntry,
  ): Promise<'done' | 'unknown' | 'address-gone'>;
  giveRole(id: string, role: string, now: Moment, audit: AuditEntry): Promise<'done' | 'unknown' | 'held'>;
  /** Refused for the last open administrator. */
  takeRole(
    id: string,
    role: string,
    now: Moment,
    audit: AuditEntry,
  ): Promise<'done' | 'unknown' | 'not-held' | 'last-administrator'>;
  /** Puts another role in the place of one, if it is still there. Refused for the last open administrator. */
  replaceRole(
    id: string,
    roles: { readonly from: string; readonly to: string },
    now: Moment,
    audit: AuditEntry,
  ): Promise<'done' | 'unknown' | 'not-held' | 'last-administrator'>;
  /** Gives up to `atMost` chosen statuses back whose time is over, and says how many. */
  endStatuses(now: Moment, atMost: number): Promise<number>;
  /**
   * Opens or closes the account. Closing ends all its tokens of every pool in the same step, and is refused for the
   * last open administrator. Opening forgets why it was closed, and so does an administrator who closes what a directory
   * had closed. What is so already is written to no trail.
   * @param because kept with an account that was open until now; an account is opened only where it was closed for that
   * @returns `unknown` as well where it was not
   */
  setOpen(id: string, open: boolean, now: Moment, audit: AuditEntry, because?: 'directory'): Promise<CloseOutcome>;
  /**
   * Closes open accounts that nobody signed in to since a moment, as `setOpen` does: of the next `atMost` in the order
   * of their last sign-in, those that `mayClose` lets go, and never the administrator who signed in last. Accounts that
   * never signed in stay.
   * @param audit makes the entry of one account
   */
  closeIdle(idle: IdleAccounts, now: Moment, audit: (accountId: string) => AuditEntry): Promise<IdleClosed>;
  /** Deletes the account with everything that hangs on it, refused for the last open administrator. */
  remove(id: string, audit: AuditEntry): Promise<CloseOutcome>;
}
