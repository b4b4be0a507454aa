import type { Account } from '../account/account.ts';
import { foldName } from '../account/names.ts';
import { mustBeUsername, type NamingPolicy } from '../account/rules.ts';
import type { AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Random } from '../ports.ts';

export interface UsernameNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'bytes'>;
  readonly accounts: Pick<AccountStore, 'find' | 'edit'>;
  readonly policy: () => Pick<NamingPolicy, 'usernamePattern' | 'reserved'>;
  /** Whether people may give up the username that they have. */
  readonly mayRename: () => boolean;
  /** What a suggestion begins with where nothing else is known. */
  readonly prefix: () => string;
}

/**
 * Gives an account that has none its username, or another one where the settings let people rename themselves. Of two at
 * once for one name, one gets it.
 * @throws Fault `switched-off`, `username-invalid`, `username-reserved`, `username-taken`, `account-unknown`
 */
export async function chooseUsername(
  needs: UsernameNeeds,
  account: Account,
  username: string,
  caller: Caller,
): Promise<void> {
  if (account.username === username) return;
  mustBeLetRename(needs, account);
  mustBeUsername(username, needs.policy());
  const at = needs.clock.now();
  const who = { at, caller, actorId: account.id, accountId: account.id };
  const facts = { username, ...(account.username === undefined ? {} : { from: account.username }) };
  const outcome = await needs.accounts.edit(account.id, { username }, at, recordOf('account.rename', who, facts));
  if (outcome === 'username-taken') throw new Fault('username-taken', { username });
  if (outcome !== 'done') throw new Fault('account-unknown');
}

/**
 * Whether an account could take a username now; its own is free for it.
 * @throws Fault `switched-off` where it could take none at all, `username-reserved`
 */
export async function usernameIsFree(
  needs: UsernameNeeds,
  account: Account,
  username: string,
): Promise<{ readonly held: boolean }> {
  if (account.username !== undefined && foldName(account.username) === foldName(username)) return { held: true };
  mustBeLetRename(needs, account);
  return await isFree(needs, username);
}

/** A username that is free now, made of what is known of the account (rest.md §11.8). */
export async function suggestUsername(
  needs: UsernameNeeds,
  account: Pick<Account, 'name' | 'emails'>,
): Promise<string> {
  for (const candidate of candidatesOf(account)) if (await mayBe(needs, candidate)) return candidate;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const number = needs.random.bytes(3).readUIntBE(0, 3);
    const candidate = `${needs.prefix()}-${number}`;
    if (await mayBe(needs, candidate)) return candidate;
  }
  return `${needs.prefix()}-${needs.random.bytes(6).readUIntBE(0, 6)}`;
}

/**
 * For somebody who has no account yet: whether they could take the username that they typed, and one that is free.
 * @param asked.username undefined where none was typed
 */
export async function offerUsername(
  needs: UsernameNeeds,
  asked: { readonly username: string | undefined; readonly name: string; readonly email: string },
): Promise<{ readonly free: { readonly held: boolean } | undefined; readonly suggestion: string }> {
  const { username, name, email } = asked;
  const free = username === undefined ? undefined : { held: await mayBe(needs, username) };
  // Nobody is told of it but whoever typed it, so it need not be proven.
  return { free, suggestion: await suggestUsername(needs, { name, emails: [{ address: email, verified: true }] }) };
}

const mostTries = 5;

function mustBeLetRename(needs: UsernameNeeds, account: Account): void {
  if (account.username !== undefined && !needs.mayRename()) throw new Fault('switched-off');
}

async function isFree(needs: UsernameNeeds, username: string): Promise<{ readonly held: boolean }> {
  try {
    mustBeUsername(username, needs.policy());
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'username-invalid') return { held: false };
    throw cause;
  }
  return { held: (await needs.accounts.find({ by: 'username', value: username })) === undefined };
}

async function mayBe(needs: UsernameNeeds, username: string): Promise<boolean> {
  try {
    return (await isFree(needs, username)).held;
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'username-reserved') return false;
    throw cause;
  }
}

/** Slug of the name, first initial with last name, first name with last initial, and what a verified address is called. */
function candidatesOf({ name, emails }: Pick<Account, 'name' | 'emails'>): readonly string[] {
  const words = slugOf(name ?? '')
    .split('.')
    .filter((word) => word !== '');
  const [first = '', last = ''] = [words[0], words.at(-1)];
  const local = emails.find(({ verified }) => verified)?.address.split('@')[0] ?? '';
  const initials = words.length < 2 ? [] : [`${first.slice(0, 1)}${last}`, `${first}${last.slice(0, 1)}`];
  return [words.join('.'), ...initials, slugOf(local)].filter((candidate) => candidate !== '');
}

function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '.')
    .replaceAll(/^\.|\.$/gu, '');
}
