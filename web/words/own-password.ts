import { wordsOf } from '../language.ts';

/** What stands where people change their own password. */
export const ownPassword = wordsOf(async () => await import('./own-password.en.ts'), {
  de: async () => await import('./own-password.de.ts'),
  ar: async () => await import('./own-password.ar.ts'),
});
