import { randomBytes, randomFillSync } from 'node:crypto';

/** Characters of ids: none that look alike (realtime.md §1). */
const idCharacters = '23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz';
const idLength = 17;

/** Bytes from here on are thrown away, so that every character is equally likely. */
const usable = 256 - (256 % idCharacters.length);

/** Fetched for many ids at once: each fetch costs as much as a few hundred bytes. Every byte is used once. */
const pool = Buffer.alloc(4096);
let used = pool.length;

function nextByte(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  pool[used] = 0;
  used += 1;
  return byte;
}

function id(): string {
  let text = '';
  while (text.length < idLength) {
    const byte = nextByte();
    if (byte < usable) text += idCharacters[byte % idCharacters.length] ?? '';
  }
  return text;
}

/** Ids and tokens from the system's cryptographic source. */
export const systemRandom = {
  /** 17 characters, about 98 bits. */
  id,
  bytes: (count: number): Buffer => randomBytes(count),
  /** 43 characters of base64url: 32 bytes. */
  token: (): string => randomBytes(32).toString('base64url'),
};
