import { fitsOne, type WholePattern, wholePattern } from '../../lib/whole-pattern.ts';
import { Fault } from '../fault.ts';
import { foldName } from './names.ts';

/** What settings say of the names and addresses an account may have. */
export interface NamingPolicy {
  /** A regular expression for the whole username. */
  readonly usernamePattern: string;
  /** Reserved usernames, each a pattern for the whole name, any case of letters. */
  readonly reserved: readonly string[];
  readonly nameRequired: boolean;
  /** Empty: all. */
  readonly allowedDomains: readonly string[];
  readonly blockedDomains: readonly string[];
}

const longestUsername = 128;
const longestName = 256;
const longestAddress = 254;
const alwaysReserved = ['all', 'here'];
const fallbackPattern: WholePattern = { source: '^(?:[0-9a-zA-Z-_.]+)$', flags: 'i' };

/**
 * Both settings are patterns that meet names of strangers: each name is looked at for a bounded time, and refused when it
 * takes longer.
 * @throws Fault `username-invalid` (facts `username`), `username-reserved` (facts `username`)
 */
export function mustBeUsername(username: string, policy: Pick<NamingPolicy, 'usernamePattern' | 'reserved'>): void {
  const wellFormed =
    username !== '' &&
    username.length <= longestUsername &&
    fitsOne(username, [wholePattern(policy.usernamePattern) ?? fallbackPattern]) === 'yes';
  // Two names that look alike would be two accounts if the folded form were empty or held separators of ours.
  if (!wellFormed || foldName(username) === '' || username.trim() !== username) {
    throw new Fault('username-invalid', { username });
  }
  const folded = foldName(username);
  if (isReserved(folded, policy.reserved)) throw new Fault('username-reserved', { username });
}

/**
 * @throws Fault `name-invalid`, `name-required`
 */
export function mustBeName(name: string, policy: Pick<NamingPolicy, 'nameRequired'>): void {
  if (forbiddenInNames.test(name) || forbiddenInNames.test(decodedOnce(name)) || name.length > longestName) {
    throw new Fault('name-invalid');
  }
  if (policy.nameRequired && name.trim() === '') throw new Fault('name-required', { field: 'Name' });
}

/** Whether a text has the form of an address. */
export function isEmail(text: string): { readonly held: boolean } {
  return { held: text.length <= longestAddress && addressForm.test(text) };
}

/**
 * @throws Fault `email-invalid`, `email-domain-not-allowed`, `email-domain-blocked` (facts `email`)
 */
export function mustBeEmail(email: string, policy: Pick<NamingPolicy, 'allowedDomains' | 'blockedDomains'>): void {
  if (!isEmail(email).held) throw new Fault('email-invalid', { email });
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const { allowedDomains, blockedDomains } = policy;
  if (allowedDomains.length > 0 && !allowedDomains.includes(domain)) {
    throw new Fault('email-domain-not-allowed', { email });
  }
  if (blockedDomains.includes(domain)) throw new Fault('email-domain-blocked', { email });
}

const forbiddenInNames = /[<>/\\\p{Cc}]/u;
// One @, no blanks or control characters, a dot in the domain: what mail itself needs, in time linear in the length.
const addressForm =
  /^[^\s@<>,;:"()[\]\\\p{Cc}\p{Cf}]{1,64}@[^\s@<>,;:"()[\]\\\p{Cc}\p{Cf}.]+(?:\.[^\s@<>,;:"()[\]\\\p{Cc}\p{Cf}.]+)+$/u;

function isReserved(folded: string, reserved: readonly string[]): boolean {
  const wanted = [...alwaysReserved, ...reserved].map((entry) => entry.trim()).filter((entry) => entry !== '');
  if (wanted.some((entry) => foldName(entry) === folded)) return true;
  return fitsOne(folded, patternsAmong(wanted)) !== 'no';
}

/** The reserved names that say more than their letters. */
export function patternsAmong(reserved: readonly string[]): readonly WholePattern[] {
  return reserved.flatMap((entry) => (/^[\p{L}\p{N}_ @-]*$/u.test(entry) ? [] : (wholePattern(entry) ?? [])));
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A comma-separated setting as a list, blanks and empty entries left out. */
export function listed(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
