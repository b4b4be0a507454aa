import { wordsOf } from '../language.ts';

/** What fields of settings say, wherever they stand. */
export const settingsForm = wordsOf(async () => await import('./settings-form.en.ts'), {
  de: async () => await import('./settings-form.de.ts'),
  ar: async () => await import('./settings-form.ar.ts'),
});
