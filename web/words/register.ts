import { wordsOf } from '../language.ts';

/** What is said where people make themselves an account. */
export const register = wordsOf(async () => await import('./register.en.ts'), {
  de: async () => await import('./register.de.ts'),
  ar: async () => await import('./register.ar.ts'),
});
