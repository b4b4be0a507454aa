import { wordsOf } from '../language.ts';

/** What the menus of all areas say. */
export const menu = wordsOf(async () => await import('./menu.en.ts'), {
  de: async () => await import('./menu.de.ts'),
  ar: async () => await import('./menu.ar.ts'),
});
