import { Fault } from '../../core/fault.ts';
import type { Moment } from '../../core/ports.ts';

/**
 * Reads the moment at which something shall end: ISO 8601 with an offset, or a day, which begins in UTC. Whether it lies
 * in the future is for the use-case to say.
 * @throws Fault `date-not-future` where it is no moment
 */
export function futureOf(text: string): Moment {
  const form = /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/u.exec(text);
  const [, year, month, day] = (form ?? []).map(Number);
  const at = Date.parse(text);
  // A day that the month has not would be taken for one of the next month.
  const isDay = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day)).getUTCDate() === day;
  if (form === null || !isDay || Number.isNaN(at)) throw new Fault('date-not-future');
  return at;
}
