import { wordsOf } from '../language.ts';

/** What is said to people who could not be signed in: what happened, and what to do. */
export const notSignedIn = wordsOf(async () => await import('./not-signed-in.en.ts'), {
  de: async () => await import('./not-signed-in.de.ts'),
  ar: async () => await import('./not-signed-in.ar.ts'),
});
