import { wordsOf } from '../language.ts';

/** What the administration of roles says. */
export const roles = wordsOf(async () => await import('./roles.en.ts'), {
  de: async () => await import('./roles.de.ts'),
  ar: async () => await import('./roles.ar.ts'),
});
