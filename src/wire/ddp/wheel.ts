import type { Clock } from '../../core/ports.ts';
import type { Link } from './link.ts';
import type { Timers } from './timers.ts';

const steps = 60;
/** Once around is the interval of the heartbeat (realtime.md §3.2). */
export const beatMs = 15_000;
const stepMs = beatMs / steps;

/**
 * Gives every connection its turn once in 15 s, with one timer for all of them: a timer each would cost more memory
 * than the connection's own state.
 */
export class Wheel {
  readonly #slots: readonly Set<Link>[] = Array.from({ length: steps }, () => new Set<Link>());
  readonly #clock: Clock;
  readonly #onDue: (links: readonly Link[]) => void;
  #at = 0;
  readonly stop: () => void;

  /** @param onDue hears of the connections whose tokens should be looked at again */
  constructor(clock: Clock, timers: Timers, onDue: (links: readonly Link[]) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
    this.stop = timers.every(stepMs, () => {
      this.#turn();
    });
  }

  /** Starts, or starts anew, the interval of a connection. */
  add(link: Link): void {
    this.remove(link);
    link.slot = this.#at;
    this.#slots[this.#at]?.add(link);
  }

  remove(link: Link): void {
    if (link.slot >= 0) this.#slots[link.slot]?.delete(link);
    link.slot = -1;
  }

  #turn(): void {
    this.#at = (this.#at + 1) % steps;
    const now = this.#clock.now();
    const due: Link[] = [];
    for (const link of this.#slots[this.#at] ?? []) if (link.beat(now)) due.push(link);
    if (due.length > 0) this.#onDue(due);
  }
}
