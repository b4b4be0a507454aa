import { randomBytes, randomInt } from 'node:crypto';

/** Characters of ids: none that look alike (realtime.md §1). */
const idCharacters = '23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz';
const idLength = 17;

/** Ids and tokens from the system's cryptographic source. */
export const systemRandom = {
  /** 17 characters, about 98 bits. */
  id: (): string => Array.from({ length: idLength }, () => idCharacters[randomInt(idCharacters.length)]).join(''),
  /** 43 characters of base64url: 32 bytes. */
  token: (): string => randomBytes(32).toString('base64url'),
};
