import { wordsOf } from '../language.ts';

/** What the audit log says. */
export const audit = wordsOf(async () => await import('./audit.en.ts'), {
  de: async () => await import('./audit.de.ts'),
  ar: async () => await import('./audit.ar.ts'),
});
