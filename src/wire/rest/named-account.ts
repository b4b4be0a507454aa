import type { App } from '../../app.ts';
import type { Account } from '../../core/account/account.ts';
import { coded } from './refusal.ts';
import { type Optional, optional, text } from './schema.ts';

/** How a request names an account (rest.md §11.0). */
export interface NamedAccount {
  readonly userId?: string | undefined;
  readonly username?: string | undefined;
  readonly user?: string | undefined;
}

/** The members that name an account, for a schema. */
export const accountMembers: Readonly<Record<keyof NamedAccount, Optional<string>>> = {
  userId: optional(text()),
  username: optional(text()),
  user: optional(text({ description: 'A username.' })),
};

/**
 * The account that a request names: by id, else by username in any case of letters.
 * @throws Refusal 400 when it names none, or one that does not exist
 */
export async function namedAccount(app: App, named: NamedAccount): Promise<Account> {
  const account = await namedAccountIfAny(app, named);
  if (account === undefined) {
    throw coded('error-user-param-not-provided', 'The required "userId" or "username" param was not provided');
  }
  return account;
}

/**
 * The same where the request may name nobody.
 * @throws Refusal 400 when it names an account that does not exist
 */
export async function namedAccountIfAny(app: App, named: NamedAccount): Promise<Account | undefined> {
  const id = named.userId?.trim() ?? '';
  const username = [named.username, named.user].find((name) => (name?.trim() ?? '') !== '');
  if (id === '' && username === undefined) return undefined;
  const account = id === '' ? await accountOf(app, 'username', username ?? '') : await accountOf(app, 'id', id);
  if (account === undefined) {
    throw coded('error-invalid-user', 'The required "userId" or "username" param provided does not match any users');
  }
  return account;
}

/** The account of a name; undefined for none, and for a text that can be no name. */
export async function accountOf(
  app: App,
  by: 'id' | 'username' | 'email',
  value: string,
): Promise<Account | undefined> {
  // No store takes a NUL or half a surrogate pair, and nobody is called so.
  if (value.length > longestName || value.includes('\0') || !value.isWellFormed()) return undefined;
  return by === 'id' ? await app.account.byId(value) : await app.account.find({ by, value });
}

const longestName = 1024;
