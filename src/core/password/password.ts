import { sha256Hex } from '../../lib/digest.ts';

/** A password as a client sends it: in clear, or as the SHA-256 hex that realtime clients send. */
export type GivenPassword = { readonly plain: string } | { readonly digest: string };

const digestForm = /^[0-9a-f]{64}$/u;
const blankDigests: ReadonlySet<string> = new Set(['', ' '].map(sha256Hex));

/**
 * The one form that is compared and stored: lower-case hex of SHA-256 (design §3.3), over what was typed as it came.
 * @returns undefined where what was given cannot be the digest of any password
 */
export function digestOf(password: GivenPassword): string | undefined {
  if ('plain' in password) return sha256Hex(password.plain);
  return digestForm.test(password.digest) ? password.digest : undefined;
}

/**
 * Every digest under which a password may be stored. The same letters come composed or decomposed, as the device has
 * it, and a realtime client hashes what it has: so the other form of a password in clear is tried as well.
 * @returns one digest, and up to two more for a password in clear that is not the same in both forms
 */
export function digestsOf(password: GivenPassword): readonly string[] {
  const first = digestOf(password);
  if (first === undefined) return [];
  if (!('plain' in password)) return [first];
  const { plain } = password;
  return [...new Set([plain, plain.normalize('NFC'), plain.normalize('NFD')])].map(sha256Hex);
}

/** Whether it is nothing, blanks only, or no text: halves of characters, of which many would be the same in bytes. */
export function isNone(password: GivenPassword): boolean {
  if (!('plain' in password)) return blankDigests.has(password.digest);
  return password.plain.trim() === '' || !password.plain.isWellFormed();
}
