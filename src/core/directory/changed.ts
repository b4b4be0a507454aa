import type { Entry } from './directory.ts';
import { textOf } from './entry.ts';

/** So far back a run looks before the last change that the one before it saw: copies of a directory lag behind. */
const overlapMs = 300_000;

/** When an entry was last changed, by the directory's own clock: 14 digits of a GeneralizedTime; undefined where it is not told. */
export function changedAt(entry: Entry, attribute: string): string | undefined {
  return /^\d{14}/u.exec(textOf(entry, attribute) ?? '')?.[0];
}

/** A filter for what was changed since then, with some overlap. @param since 14 digits, as `changedAt` gives them */
export function changedSince(attribute: string, since: string): string {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/u.exec(since);
  const [year = 1970, month = 1, day = 1, hours = 0, minutes = 0, seconds = 0] = (digits?.slice(1) ?? []).map(Number);
  const from = new Date(Date.UTC(year, month - 1, day, hours, minutes, seconds) - overlapMs);
  const text = from.toISOString().replace(/[-:T]/gu, '').slice(0, 14);
  // Active Directory wants the fraction.
  return `(${attribute}>=${text}${attribute === 'whenChanged' ? '.0' : ''}Z)`;
}
