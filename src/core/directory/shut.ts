import type { Entry } from './directory.ts';
import { textOf } from './entry.ts';

/** The attributes by which directories say that somebody may not sign in any more (providers.md §4.3.10). */
export const shutAttributes: readonly string[] = [
  'userAccountControl',
  'pwdAccountLockedTime',
  'nsAccountLock',
  'loginDisabled',
  'orclIsEnabled',
];

/** Bit of `userAccountControl`: the account is disabled. */
const accountDisabled = 2;
/** In `pwdAccountLockedTime`: locked until an administrator unlocks it. Any other time is of a lock that passes. */
const lockedForGood = '000001010000Z';

/**
 * Whether the directory has disabled the person, or locked them for good. Locks that wrong passwords bring about pass by
 * themselves, and anybody can bring them about: they count only where a password is shown, and there the directory
 * itself refuses it.
 */
export function isShut(entry: Entry): { readonly held: boolean } {
  const isTrue = (attribute: string): boolean => textOf(entry, attribute)?.toLowerCase() === 'true';
  const enabled = textOf(entry, 'orclIsEnabled');
  const held =
    (Number(textOf(entry, 'userAccountControl') ?? 0) & accountDisabled) !== 0 ||
    isTrue('loginDisabled') ||
    isTrue('nsAccountLock') ||
    (enabled !== undefined && enabled.toUpperCase() !== 'ENABLED') ||
    textOf(entry, 'pwdAccountLockedTime') === lockedForGood;
  return { held };
}
