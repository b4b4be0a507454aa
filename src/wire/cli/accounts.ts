import type { Account, Claim } from '../../core/account/account.ts';
import { Fault } from '../../core/fault.ts';
import type { Moment } from '../../core/ports.ts';
import type { Token } from '../../core/session/token.ts';
import type { CliApp } from './needs.ts';
import { Refusal } from './refusal.ts';
import { isoMoment } from './text.ts';

/** What `--help` says of an argument that names an account. */
export const userArgument = {
  name: 'user',
  about: 'username, e-mail address or id; username:, email: or id: before it says which is meant',
} as const;

const ways: readonly Claim['by'][] = ['username', 'email', 'id'];

/**
 * The account that an operator named.
 * @throws Fault `account-unknown`; Refusal `account-ambiguous` where the text names two accounts in two ways, since
 *   people choose their usernames, and one could be chosen to be the id of another account
 */
export async function namedAccount(app: CliApp, text: string): Promise<Account> {
  const prefixed = /^(username|email|id):(.+)$/su.exec(text);
  const asked = ways.filter((by) => prefixed === null || prefixed[1] === by);
  const value = prefixed?.[2] ?? text;
  const found = new Map<string, Account>();
  const foundBy: Claim['by'][] = [];
  for (const by of asked) {
    const account = await app.account.find({ by, value });
    if (account === undefined) continue;
    if (!found.has(account.id)) foundBy.push(by);
    found.set(account.id, account);
  }
  const [account, other] = found.values();
  if (account === undefined) throw new Fault('account-unknown', { user: text });
  if (other === undefined) return account;
  throw new Refusal(
    'account-ambiguous',
    `${value} names several accounts: write ${foundBy.map((by) => `${by}:${value}`).join(' or ')}.`,
  );
}

/** What an operator calls the account. */
export function nameOf(account: Account): string {
  return account.username ?? account.id;
}

/** An account in the documents of `--json`. */
export function accountDocument(account: Account) {
  const { id, username, name, kind, emails, roles, open, hasPassword } = account;
  return {
    id,
    username: username ?? null,
    name: name ?? null,
    kind,
    emails,
    roles,
    enabled: open,
    hasPassword,
    createdAt: isoMoment(account.createdAt),
    lastLogInAt: isoMoment(account.lastLogInAt),
  };
}

/** When it was last used; a personal token that nobody has used yet bears the moment at which it was made. */
export function lastUseOf({ pool, createdAt, usedAt }: Token): Moment | undefined {
  return pool === 'personal' && usedAt === createdAt ? undefined : usedAt;
}

/** A token in the documents of `--json`: never its text, nor the hash that stands for it. */
export function tokenDocument(token: Token) {
  const { id, pool, name, door, address, userAgent } = token;
  return {
    id,
    pool,
    name: name ?? null,
    skipsSecondFactor: token.skipsSecondFactor,
    ...(token.scopes === undefined ? {} : { scopes: token.scopes }),
    ...(token.addresses === undefined ? {} : { addresses: token.addresses }),
    createdAt: isoMoment(token.createdAt),
    usedAt: isoMoment(lastUseOf(token)),
    endsAt: isoMoment(token.endsAt),
    door,
    address,
    userAgent,
  };
}
