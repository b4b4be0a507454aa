import { wordsOf } from '../language.ts';

/** What the administration of people says. */
export const people = wordsOf(async () => await import('./people.en.ts'), {
  de: async () => await import('./people.de.ts'),
  ar: async () => await import('./people.ar.ts'),
});
