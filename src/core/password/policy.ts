import { sha256Hex } from '../../lib/digest.ts';
import { Fault } from '../fault.ts';
import { digestOf, type GivenPassword, isNone } from './password.ts';
import { shortOf } from './short-digests.ts';

/** What a password must be, as the settings have it. */
export interface PasswordPolicy {
  /** Whether the rules from `minLength` to `special` count at all. */
  readonly on: boolean;
  /** In code points; undefined for none. */
  readonly minLength: number | undefined;
  /** In code points; undefined for none. */
  readonly maxLength: number | undefined;
  /** How often one character may stand in a row; undefined for as often as one likes. */
  readonly longestRun: number | undefined;
  readonly lowercase: boolean;
  readonly uppercase: boolean;
  readonly number: boolean;
  readonly special: boolean;
  /** Whether common passwords, and the person's own names, are refused. */
  readonly refusesCommon: boolean;
  /** In code points; counts also while the policy is off, so that nobody keeps a server busy with megabytes. */
  readonly most: number;
  /** Names of this place, refused like those of the person. */
  readonly siteNames: readonly string[];
}

/** Why a password is refused. */
export type Violation =
  | 'too-short'
  | 'too-long'
  | 'repeats'
  | 'no-lowercase'
  | 'no-uppercase'
  | 'no-number'
  | 'no-special'
  | 'common'
  | 'names-oneself';

/** Whose password it is to be: names that it must not be. */
export interface About {
  readonly username?: string | undefined;
  readonly name?: string | undefined;
  readonly emails?: readonly (string | { readonly address: string })[];
}

/** Knows passwords that are tried first. */
export interface CommonPasswords {
  /** Whether one of them, in small letters, with a first capital or in capitals, has this SHA-256 (lower-case hex). */
  has(digest: string): Promise<{ readonly held: boolean }>;
}

export interface PolicyNeeds {
  readonly policy: () => PasswordPolicy;
  readonly common: CommonPasswords;
}

/**
 * Refuses a password that does not fit the policy. Everything that lets a person choose a password, or choose one for
 * another, calls this. A digest is held to what can be told of it: it may be no blank, common or own name, and none of one or
 * two characters that is too short; what else it is of cannot be known.
 * @param about whose it is to be
 * @throws Fault `password-unacceptable` with the fact `violations`, which is missing where it is no password at all
 */
export async function mustFitPolicy(needs: PolicyNeeds, given: GivenPassword, about: About): Promise<void> {
  if (digestOf(given) === undefined || isNone(given)) throw new Fault('password-unacceptable');
  const violations = await violationsOf(needs, given, about);
  if (violations.length > 0) throw new Fault('password-unacceptable', { violations });
}

/** The rules that a password breaks, in the order in which they are told; none where it fits, or is no password at all. */
export async function violationsOf(
  needs: PolicyNeeds,
  given: GivenPassword,
  about: About,
): Promise<readonly Violation[]> {
  const digest = digestOf(given);
  if (digest === undefined) return [];
  const policy = needs.policy();
  const plain = 'plain' in given ? given.plain : shortOf(digest);
  const broken: Violation[] = plain === undefined ? [] : [...shapeViolations(policy, plain)];
  if (policy.refusesCommon && !broken.includes('too-long')) {
    const names = namesOf(about, policy.siteNames);
    if (isName(given, names)) broken.push('names-oneself');
    const forms = 'plain' in given ? plainForms(given.plain) : [digest];
    for (const form of new Set(forms)) {
      if (!(await needs.common.has(form)).held) continue;
      broken.push('common');
      break;
    }
  }
  return broken;
}

/** The rules that a password breaks by its looks, in the order in which they are told. */
export function shapeViolations(policy: PasswordPolicy, plain: string): readonly Violation[] {
  // A code point has two units at most, and an NFC form three times as many code points: what is longer need not be read.
  if (plain.length > policy.most * 6) return ['too-long'];
  // As NIST SP 800-63B-4 counts: code points, of the composed form.
  const length = Array.from(plain.normalize('NFC')).length;
  const rules: readonly (readonly [Violation, boolean])[] = [
    ['too-short', policy.on && policy.minLength !== undefined && length < policy.minLength],
    ['too-long', length > Math.min(policy.most, policy.on ? (policy.maxLength ?? policy.most) : policy.most)],
    ['repeats', policy.on && policy.longestRun !== undefined && runsOn(plain, policy.longestRun)],
    ['no-lowercase', policy.on && policy.lowercase && !/[a-z]/u.test(plain)],
    ['no-uppercase', policy.on && policy.uppercase && !/[A-Z]/u.test(plain)],
    ['no-number', policy.on && policy.number && !/[0-9]/u.test(plain)],
    ['no-special', policy.on && policy.special && !/[^A-Za-z0-9 ]/u.test(plain)],
  ];
  return rules.filter(([, isBroken]) => isBroken).map(([violation]) => violation);
}

function runsOn(plain: string, longest: number): boolean {
  let run = 0;
  let last: string | undefined;
  for (const character of plain) {
    run = character === last ? run + 1 : 1;
    if (run > longest) return true;
    last = character;
  }
  return false;
}

/** As it came, and in small letters: the list is in small letters. */
function plainForms(plain: string): readonly string[] {
  return [plain, plain.trim(), plain.toLowerCase(), plain.trim().toLowerCase()].map(sha256Hex);
}

function namesOf({ username, name, emails }: About, siteNames: readonly string[]): readonly string[] {
  const addresses = (emails ?? []).map((email) => (typeof email === 'string' ? email : email.address));
  const locals = addresses.map((address) => address.slice(0, Math.max(0, address.lastIndexOf('@'))));
  const parts = name === undefined ? [] : name.split(/\s+/u);
  return [username ?? '', name ?? '', ...parts, ...addresses, ...locals, ...siteNames].filter((one) => one !== '');
}

function isName(given: GivenPassword, names: readonly string[]): boolean {
  if ('digest' in given) {
    const forms = names.flatMap((name) => [name, name.toLowerCase(), capital(name), name.toUpperCase()]);
    return forms.some((form) => sha256Hex(form) === given.digest);
  }
  const plain = folded(given.plain);
  const backwards = Array.from(plain).reverse().join('');
  // A year or so at either end makes no other word of it.
  const bare = plain.replace(/^\d{1,4}(?=\D)/u, '').replace(/(?<=\D)\d{1,4}$/u, '');
  return names.map(folded).some((name) => name !== '' && [plain, backwards, bare].includes(name));
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1).toLowerCase()}`;
}

/** Letters and digits alone, in small letters. */
function folded(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
