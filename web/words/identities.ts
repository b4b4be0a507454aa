import { wordsOf } from '../language.ts';

/** What the screen says that shows identities at providers, and applications. */
export const identities = wordsOf(async () => await import('./identities.en.ts'), {
  de: async () => await import('./identities.de.ts'),
  ar: async () => await import('./identities.ar.ts'),
});
