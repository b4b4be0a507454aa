import type { Account } from '../../core/account/account.ts';

/** How authenticator apps name the entry of an account (rest.md §9.4). */
export function appLabelOf({ username, id }: Pick<Account, 'username' | 'id'>): string {
  return `Rocket.Chat:${username ?? id}`;
}
