import { wordsOf } from '../language.ts';
import { english } from './shared.en.ts';

/** What every screen says. */
export const shared = wordsOf(english, {
  de: async () => await import('./shared.de.ts'),
  ar: async () => await import('./shared.ar.ts'),
});
