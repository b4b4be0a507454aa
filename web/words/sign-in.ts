import { wordsOf } from '../language.ts';
import { english } from './sign-in.en.ts';

/** What the screen says on which people sign in. */
export const signIn = wordsOf(english, {
  de: async () => await import('./sign-in.de.ts'),
  ar: async () => await import('./sign-in.ar.ts'),
});
