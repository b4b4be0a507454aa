import { wordsOf } from '../language.ts';

/** What the mail outbox says. */
export const mail = wordsOf(async () => await import('./mail.en.ts'), {
  de: async () => await import('./mail.de.ts'),
  ar: async () => await import('./mail.ar.ts'),
});
