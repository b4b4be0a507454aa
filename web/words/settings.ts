import { wordsOf } from '../language.ts';

/** What the screen of all settings says. */
export const settings = wordsOf(async () => await import('./settings.en.ts'), {
  de: async () => await import('./settings.de.ts'),
  ar: async () => await import('./settings.ar.ts'),
});
