import { Fault } from '../../core/fault.ts';
import type { Moment } from '../../core/ports.ts';
import { momentOf } from './moment.ts';

/**
 * Reads the moment at which something shall end, see `momentOf`. Whether it lies in the future is for the use-case to say.
 * @throws Fault `date-not-future` where it is no moment
 */
export function futureOf(text: string): Moment {
  const at = momentOf(text);
  if (at === undefined) throw new Fault('date-not-future');
  return at;
}
