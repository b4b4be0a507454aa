import { wordsOf } from '../language.ts';

/** What the screen of the LDAP directory says. */
export const directory = wordsOf(async () => await import('./directory.en.ts'), {
  de: async () => await import('./directory.de.ts'),
  ar: async () => await import('./directory.ar.ts'),
});
