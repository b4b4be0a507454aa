import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { CommonPasswords } from './policy.ts';

/** So many are hashed before others get their turn. */
const atOnce = 1_000;

let read: Promise<Float64Array> | undefined;

/**
 * An offline list of common passwords. It is read when it is first asked, once in a process, and kept as six bytes of
 * each digest: that is small, and takes another password for a common one once in two thousand million times.
 */
export const commonPasswords: CommonPasswords = {
  async has(digest) {
    read ??= readList();
    try {
      return { held: contains(await read, Number.parseInt(digest.slice(0, 12), 16)) };
    } catch (cause) {
      read = undefined;
      throw cause;
    }
  },
};

async function readList(): Promise<Float64Array> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const words = dictionary['passwords-common'];
  const prefixes = new Float64Array(words.length * 3);
  let at = 0;
  for (const word of words) {
    for (const form of [word, `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`, word.toUpperCase()]) {
      prefixes[at] = hash('sha256', form, 'buffer').readUIntBE(0, 6);
      at += 1;
    }
    if (at % (3 * atOnce) === 0) await setImmediate();
  }
  return prefixes.sort();
}

function contains(sorted: Float64Array, wanted: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = sorted[middle];
    if (found === undefined || found === wanted) return found === wanted;
    if (found < wanted) low = middle + 1;
    else high = middle;
  }
  return false;
}
