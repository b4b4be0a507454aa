import { sha256Hex } from '../../lib/digest.ts';

/** A password as a client sends it: in clear, or as the SHA-256 hex that realtime clients send. */
export type GivenPassword = { readonly plain: string } | { readonly digest: string };

const digestForm = /^[0-9a-f]{64}$/u;

/**
 * The one form that is compared and stored: lower-case hex of SHA-256 (design §3.3).
 * @returns undefined where what was given cannot be the digest of any password
 */
export function digestOf(password: GivenPassword): string | undefined {
  if ('plain' in password) return sha256Hex(password.plain);
  return digestForm.test(password.digest) ? password.digest : undefined;
}
