import { wordsOf } from '../language.ts';
import { english } from './applications.en.ts';

/** What the screen of OAuth applications says. */
export const applications = wordsOf(english, {
  de: async () => await import('./applications.de.ts'),
  ar: async () => await import('./applications.ar.ts'),
});
