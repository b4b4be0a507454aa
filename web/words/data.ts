import { wordsOf } from '../language.ts';

/** What stands where people take their data along or end their account. */
export const data = wordsOf(async () => await import('./data.en.ts'), {
  de: async () => await import('./data.de.ts'),
  ar: async () => await import('./data.ar.ts'),
});
