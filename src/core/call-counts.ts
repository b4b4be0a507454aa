import type { Moment } from './ports.ts';

/** What a window says after a call was counted in it. */
export interface CountedCalls {
  /** How many calls the window has seen, this one included. */
  readonly calls: number;
  readonly endsAt: Moment;
}

/**
 * Counts that all nodes share, in fixed windows that begin with the first call of a key. A power cut may lose the newest
 * ones: nothing that guards an account on its own may be counted here.
 */
export interface CallCounts {
  /** @param call.windowMs how long a window lasts that this call begins */
  count(call: { readonly key: string; readonly windowMs: number; readonly now: Moment }): Promise<CountedCalls>;
  /** How many calls the window of a key has seen, without counting one; none where no window is open. */
  seen(key: string, now: Moment): Promise<CountedCalls>;
  /** Forgets windows that have ended, `atMost` at a time; says how many. */
  sweep(now: Moment, atMost: number): Promise<number>;
}
