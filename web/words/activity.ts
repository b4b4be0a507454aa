import { wordsOf } from '../language.ts';

/** What the screen says that lists the last sign-ins. */
export const activity = wordsOf(async () => await import('./activity.en.ts'), {
  de: async () => await import('./activity.de.ts'),
  ar: async () => await import('./activity.ar.ts'),
});
