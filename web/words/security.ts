import { wordsOf } from '../language.ts';

/** What the screen says on which people keep their second factors. */
export const security = wordsOf(async () => await import('./security.en.ts'), {
  de: async () => await import('./security.de.ts'),
  ar: async () => await import('./security.ar.ts'),
});
