import { randomBytes } from 'node:crypto';

/** Characters of ids: none that look alike (realtime.md §1). */
const idCharacters = '23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz';
const idLength = 17;

/** Bytes from here on are thrown away, so that every character is equally likely. */
const usable = 256 - (256 % idCharacters.length);

function id(): string {
  let text = '';
  while (text.length < idLength) {
    for (const byte of randomBytes(24)) {
      if (byte < usable && text.length < idLength) text += idCharacters[byte % idCharacters.length] ?? '';
    }
  }
  return text;
}

/** Ids and tokens from the system's cryptographic source. */
export const systemRandom = {
  /** 17 characters, about 98 bits. */
  id,
  /** 43 characters of base64url: 32 bytes. */
  token: (): string => randomBytes(32).toString('base64url'),
};
