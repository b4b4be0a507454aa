const storageKey = 'countersign.theme';

const themes = ['system', 'light', 'dark'] as const;

export type Theme = (typeof themes)[number];

/** The colours that the person chose; those of the device where they chose none. */
export function chosenTheme(): Theme {
  try {
    const stored = localStorage.getItem(storageKey);
    return themes.find((theme) => theme === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

/** Shows the pages in these colours. */
export function applyTheme(theme: Theme = chosenTheme()): void {
  document.documentElement.dataset['theme'] = theme;
}

/** Shows the pages in these colours, now and the next time. */
export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // Then for this visit.
  }
  applyTheme(theme);
}
