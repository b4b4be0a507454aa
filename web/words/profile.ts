import { wordsOf } from '../language.ts';

/** What the profile says. */
export const profile = wordsOf(async () => await import('./profile.en.ts'), {
  de: async () => await import('./profile.de.ts'),
  ar: async () => await import('./profile.ar.ts'),
});
