import type { Moment } from '../../core/ports.ts';

/**
 * Reads a moment as people type it: ISO 8601 with an offset, or a day, which begins in UTC; years of four figures.
 * @returns undefined where it is none, and where there is no such day: it would be taken for one of the next month
 */
export function momentOf(text: string): Moment | undefined {
  const form = /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/u.exec(text);
  if (form === null) return undefined;
  const [, year, month, day] = form.map(Number);
  const isDay = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day)).getUTCDate() === day;
  const at = Date.parse(text);
  return isDay && !Number.isNaN(at) ? at : undefined;
}
