import { wordsOf } from '../language.ts';

/** What the screens of sign-in providers say. */
export const providers = wordsOf(async () => await import('./providers.en.ts'), {
  de: async () => await import('./providers.de.ts'),
  ar: async () => await import('./providers.ar.ts'),
});
