import { wordsOf } from '../language.ts';
import { english } from './setup.en.ts';

/** What the first steps of a fresh server say. */
export const setup = wordsOf(english, {
  de: async () => await import('./setup.de.ts'),
  ar: async () => await import('./setup.ar.ts'),
});
