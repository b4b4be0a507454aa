import { wordsOf } from '../language.ts';

/** What the screen says on which people make personal access tokens. */
export const tokens = wordsOf(async () => await import('./tokens.en.ts'), {
  de: async () => await import('./tokens.de.ts'),
  ar: async () => await import('./tokens.ar.ts'),
});
