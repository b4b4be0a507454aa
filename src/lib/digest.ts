import { hash, timingSafeEqual } from 'node:crypto';

/** Lower-case hex of SHA-256 over the UTF-8 bytes of `text`. */
export function sha256Hex(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex');
}

/** base64 (padded, standard alphabet) of SHA-256 over the UTF-8 bytes of `text`: the stored form of a token. */
export function sha256Base64(text: string): string {
  return hash('sha256', text, 'base64');
}

/**
 * Compares two secrets in a time that depends on neither.
 * @returns an object, so that a forgotten check does not read as a yes
 */
export function equalSecrets(given: string, wanted: string): { readonly held: boolean } {
  const one = hash('sha256', given, 'buffer');
  const other = hash('sha256', wanted, 'buffer');
  return { held: timingSafeEqual(one, other) };
}
