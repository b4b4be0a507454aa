import { wordsOf } from '../language.ts';

/** What the screen says that brings people in. */
export const imports = wordsOf(async () => await import('./import.en.ts'), {
  de: async () => await import('./import.de.ts'),
  ar: async () => await import('./import.ar.ts'),
});
