import { wordsOf } from '../language.ts';

/** How people come in: doors, proofs, second factors, devices. */
export const ways = wordsOf(async () => await import('./ways.en.ts'), {
  de: async () => await import('./ways.de.ts'),
  ar: async () => await import('./ways.ar.ts'),
});
