import type { Clock, Events, Happening, Moment } from '../ports.ts';

/** Tells the operator something that stops nobody. */
export type Log = (sentence: string, facts: Readonly<Record<string, unknown>>) => void;

/** A copy in memory that follows the store. */
export interface Kept {
  /** Reads the store; what was committed before the call is in memory afterwards. */
  readonly load: () => Promise<void>;
  /** To be called at each read from memory: tries again when the last reading failed. */
  look(): void;
  /** To be called when this node itself wrote: a reading that began earlier is thrown away. */
  wrote(): void;
  readonly close: () => void;
}

const retryMs = 1000;

/**
 * Follows the store: reads it again on each happening of one kind, and whenever happenings may have been lost. While the
 * store does not answer, the last known copy stays, and readers cause a new attempt at most once a second.
 * @param needs.read reads the store
 * @param needs.take puts what was read into memory
 */
export function keep<Rows>(needs: {
  readonly kind: Happening['kind'];
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly read: () => Promise<Rows>;
  readonly take: (rows: Rows) => void;
}): Kept {
  const { kind, events, clock, log, read, take } = needs;
  let writes = 0;
  let running: Promise<void> | undefined;
  let again = false;
  let failedAt: Moment | undefined;
  let complained = false;
  // A store that throws before it gives a promise would leave `running` set for ever.
  const answer = async (): Promise<Rows> => read();

  async function run(): Promise<void> {
    try {
      do {
        again = false;
        const before = writes;
        const rows = await answer();
        if (writes === before) take(rows);
        else again = true;
      } while (again);
      failedAt = undefined;
      complained = false;
    } catch (cause) {
      failedAt = clock.now();
      throw cause;
    } finally {
      // Not in a callback of the promise: a call that comes in between would be answered by a reading that is over.
      running = undefined;
    }
  }

  function load(): Promise<void> {
    // A reading that is under way may have begun before the write that the caller heard of.
    again = true;
    running ??= run();
    return running;
  }

  function follow(): void {
    load().catch((cause: unknown) => {
      if (complained) return;
      complained = true;
      log(`The ${kind} could not be read again; the last known ones stay until the store answers.`, { cause });
    });
  }

  const stopHearing = events.subscribe((happening) => {
    if (happening.kind === kind) follow();
  });
  const stopGaps = events.onGap(follow);
  return {
    load,
    look() {
      if (failedAt === undefined || clock.now() - failedAt < retryMs) return;
      failedAt = undefined;
      follow();
    },
    wrote() {
      writes += 1;
    },
    close() {
      stopHearing();
      stopGaps();
    },
  };
}
