import type { Moment } from '../ports.ts';
import type { Entry } from './directory.ts';
import { textOf } from './entry.ts';

/** So far back a run looks before the last change that the one before it saw: copies of a directory lag behind. */
const overlapMs = 300_000;
/** So far clocks may differ: what lies further ahead was written by one that went wrong. */
export const skewMs = 300_000;

/** When an entry was last changed, by the directory's own clock: 14 digits of a GeneralizedTime; undefined where it is not told. */
export function changedAt(entry: Entry, attribute: string): string | undefined {
  return /^\d{14}/u.exec(textOf(entry, attribute) ?? '')?.[0];
}

/** A moment as `changedAt` gives it. */
export function digitsOf(moment: Moment): string {
  return new Date(moment).toISOString().replace(/[-:T]/gu, '').slice(0, 14);
}

/** A filter for what was changed since then, with some overlap. @param since 14 digits, as `changedAt` gives them */
export function changedSince(attribute: string, since: string): string {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/u.exec(since);
  const [year = 1970, month = 1, day = 1, hours = 0, minutes = 0, seconds = 0] = (digits?.slice(1) ?? []).map(Number);
  const text = digitsOf(Date.UTC(year, month - 1, day, hours, minutes, seconds) - overlapMs);
  // Active Directory wants the fraction.
  return `(${attribute}>=${text}${attribute === 'whenChanged' ? '.0' : ''}Z)`;
}

/** The later of two changes, each as `changedAt` gives it. */
export function laterOf(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

/** A change, or a moment where that is earlier: an entry may tell of the future. */
export function earlierOf(change: string | undefined, moment: Moment): string | undefined {
  const digits = digitsOf(moment);
  return change !== undefined && change > digits ? digits : change;
}
