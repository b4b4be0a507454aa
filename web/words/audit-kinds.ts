import { wordsOf } from '../language.ts';

/** What each kind of entry in the audit trail is called. */
export const auditKindWords = wordsOf(async () => await import('./audit-kinds.en.ts'), {
  de: async () => await import('./audit-kinds.de.ts'),
  ar: async () => await import('./audit-kinds.ar.ts'),
});

/** The name of a kind; one that an older or newer version wrote is shown as it is. */
export function auditKindText(kind: string): string {
  return auditKindWords.sayOr(kind);
}
