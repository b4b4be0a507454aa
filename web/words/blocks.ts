import { wordsOf } from '../language.ts';

/** What the screen says about blocks and limits. */
export const blocks = wordsOf(async () => await import('./blocks.en.ts'), {
  de: async () => await import('./blocks.de.ts'),
  ar: async () => await import('./blocks.ar.ts'),
});
