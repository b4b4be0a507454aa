import type { Moment } from '../ports.ts';

/** What a store counts for whoever keeps an eye on the server. */
export interface StoreFigures {
  readonly accounts: {
    readonly total: number;
    /** Closed ones, whatever for; those that wait for approval are among them. */
    readonly closed: number;
    readonly waiting: number;
  };
  /** Live tokens of the pools of sessions. */
  readonly sessions: number;
  /** Live ones. */
  readonly personalTokens: number;
  readonly mails: {
    readonly waiting: number;
    readonly failed: number;
    readonly kept: number;
    /** When the oldest one that waits was made. */
    readonly oldestWaitingAt: Moment | undefined;
  };
}

/** Counts over the whole store. */
export interface FigureStore {
  /** All of them as they are at one moment. Costs a walk through small indexes: not to be asked in a row. */
  count(now: Moment): Promise<StoreFigures>;
}
