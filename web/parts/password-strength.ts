import { passwords, qwerty } from 'virtual:common-passwords';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** Of longer ones this much is looked at: what is behind it makes none weak, and takes long. */
const maxLength = 64;

const estimate = new ZxcvbnFactory({
  dictionary: { passwords: passwords.split(' ') },
  graphs: { qwerty: { ...qwerty } },
  maxLength,
});

/**
 * How hard a password is to guess.
 * @param about names of its owner, which make it easier
 * @returns 0 for the weakest, 4 for the strongest
 */
export function strengthOf(password: string, about: readonly string[]): number {
  return estimate.check(password, [...about]).score;
}
