import { wordsOf } from '../language.ts';

/** What the dashboard says. */
export const dashboard = wordsOf(async () => await import('./dashboard.en.ts'), {
  de: async () => await import('./dashboard.de.ts'),
  ar: async () => await import('./dashboard.ar.ts'),
});
