import { wordsOf } from '../language.ts';

/** What the screen says that lists the sessions of whoever is signed in. */
export const sessions = wordsOf(async () => await import('./sessions.en.ts'), {
  de: async () => await import('./sessions.de.ts'),
  ar: async () => await import('./sessions.ar.ts'),
});
