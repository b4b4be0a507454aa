import { wordsOf } from '../language.ts';

/** What the field for a new password says. */
export const newPassword = wordsOf(async () => await import('./new-password.en.ts'), {
  de: async () => await import('./new-password.de.ts'),
  ar: async () => await import('./new-password.ar.ts'),
});
