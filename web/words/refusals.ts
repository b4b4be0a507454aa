import { wordsOf } from '../language.ts';

/** Why a sign-in was refused, by the code in the audit trail. */
export const refusals = wordsOf(async () => await import('./refusals.en.ts'), {
  de: async () => await import('./refusals.de.ts'),
  ar: async () => await import('./refusals.ar.ts'),
});

/** A refusal in a few words; a code that has none is shown as it is. */
export function refusalText(code: string): string {
  return refusals.sayOr(code);
}
