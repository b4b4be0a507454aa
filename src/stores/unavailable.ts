import { Fault } from '../core/fault.ts';

/** The refusal for a store that does not answer: every wire knows it, and the log reads the driver's error as cause. */
export function unavailable(cause: unknown): Fault {
  return Object.assign(new Fault('unavailable'), { cause });
}
