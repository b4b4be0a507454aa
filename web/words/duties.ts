import { wordsOf } from '../language.ts';

/** What is said to people who must do something before they are signed in. */
export const duties = wordsOf(async () => await import('./duties.en.ts'), {
  de: async () => await import('./duties.de.ts'),
  ar: async () => await import('./duties.ar.ts'),
});
