import type { Moment } from '../ports.ts';
import type { Entry } from './directory.ts';
import { textOf } from './entry.ts';

/** The attributes by which directories say that somebody may not sign in (providers.md §4.3.10). */
export const shutAttributes: readonly string[] = [
  'userAccountControl',
  'lockoutTime',
  'lockoutDuration',
  'pwdAccountLockedTime',
  'nsAccountLock',
  'loginDisabled',
  'orclIsEnabled',
];

/** Bit of `userAccountControl`: the account is disabled. */
const accountDisabled = 2;
/** Active Directory counts steps of 100 ns since 1601. */
const stepsPerMs = 10_000;
const from1601To1970Ms = 11_644_473_600_000;

/** Whether the directory has disabled or locked the person. */
export function isShut(entry: Entry, now: Moment): { readonly held: boolean } {
  const isTrue = (attribute: string): boolean => textOf(entry, attribute)?.toLowerCase() === 'true';
  const enabled = textOf(entry, 'orclIsEnabled');
  const held =
    (Number(textOf(entry, 'userAccountControl') ?? 0) & accountDisabled) !== 0 ||
    isTrue('loginDisabled') ||
    isTrue('nsAccountLock') ||
    (enabled !== undefined && enabled.toUpperCase() !== 'ENABLED') ||
    textOf(entry, 'pwdAccountLockedTime') !== undefined ||
    isLockedOut(entry, now);
  return { held };
}

function isLockedOut(entry: Entry, now: Moment): boolean {
  const since = Number(textOf(entry, 'lockoutTime') ?? 0);
  if (!(since > 0)) return false;
  const duration = Math.abs(Number(textOf(entry, 'lockoutDuration') ?? 0));
  // Without a duration nobody but an administrator unlocks it.
  if (!(duration > 0)) return true;
  return (since + duration) / stepsPerMs - from1601To1970Ms > now;
}
