import { hash } from 'node:crypto';

/** The first six bytes of each digest, and what has it; made when a digest is first asked for: some 9,000 of them. */
let known: ReadonlyMap<number, string> | undefined;

/**
 * What a digest is of, where that has one or two characters of a keyboard (U+0020 to U+007E).
 * @param digest SHA-256, lower-case hex
 * @returns undefined for all others
 */
export function shortOf(digest: string): string | undefined {
  known ??= new Map(shortOnes().map((plain) => [hash('sha256', plain, 'buffer').readUIntBE(0, 6), plain]));
  return known.get(Number.parseInt(digest.slice(0, 12), 16));
}

function shortOnes(): readonly string[] {
  const keys = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
  return [...keys, ...keys.flatMap((first) => keys.map((second) => `${first}${second}`))];
}
