import { wordsOf } from '../language.ts';

/** Why something was not brought in, by the word that the report has for it. */
export const importProblems = wordsOf(async () => await import('./import-problems.en.ts'), {
  de: async () => await import('./import-problems.de.ts'),
  ar: async () => await import('./import-problems.ar.ts'),
});

/** A problem in a sentence; sentences of the server, and words that have none, are shown as they are. */
export function problemText(why: string): string {
  return importProblems.sayOr(why);
}
