import { wordsOf } from '../language.ts';

/** What is said where people come back by a link in a mail. */
export const recovery = wordsOf(async () => await import('./recovery.en.ts'), {
  de: async () => await import('./recovery.de.ts'),
  ar: async () => await import('./recovery.ar.ts'),
});
