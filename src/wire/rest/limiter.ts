import type { Clock, Moment } from '../../core/ports.ts';
import { addressKey } from '../../core/session/device.ts';

/** So many calls of one address in a window of this length. */
export interface RateLimit {
  readonly calls: number;
  readonly windowMs: number;
}

/** What a window says of one call. */
export interface Counted {
  readonly held: boolean;
  readonly limit: number;
  readonly left: number;
  readonly endsAt: Moment;
}

interface Window {
  calls: number;
  readonly endsAt: Moment;
}

/**
 * Counts calls in fixed windows, by address (an IPv6 one by its /64), route and verb (rest.md §5). In memory, and
 * bounded: what guards accounts is the count of failures in the store, this only spares the server. Routes that are
 * limited across nodes are counted in the store as well, as long as this node's own count holds.
 */
export class Limiter {
  readonly #windows = new Map<string, Window>();
  readonly #clock: Clock;
  readonly #most: number;

  constructor(clock: Clock, most = 100_000) {
    this.#clock = clock;
    this.#most = most;
  }

  /** How many windows are remembered. */
  get size(): number {
    return this.#windows.size;
  }

  /** Counts a call; a call beyond the limit counts, too, and changes nothing. */
  count(address: string, route: string, limit: RateLimit): Counted {
    const now = this.#clock.now();
    const key = `${addressKey(address)} ${route}`;
    let window = this.#windows.get(key);
    // A clock that was set back must not keep anybody out for longer than a window.
    if (window === undefined || window.endsAt <= now || window.endsAt > now + limit.windowMs) {
      window = { calls: 0, endsAt: now + limit.windowMs };
      this.#windows.delete(key);
      this.#makeRoom(now);
      this.#windows.set(key, window);
    }
    window.calls += 1;
    return {
      held: window.calls <= limit.calls,
      limit: limit.calls,
      left: Math.max(0, limit.calls - window.calls),
      endsAt: window.endsAt,
    };
  }

  /** Takes every call that is left in a window, which ends then: the nodes together have counted enough. */
  fill(address: string, route: string, limit: RateLimit, endsAt: Moment): void {
    const now = this.#clock.now();
    const key = `${addressKey(address)} ${route}`;
    this.#windows.delete(key);
    this.#makeRoom(now);
    this.#windows.set(key, { calls: limit.calls, endsAt: Math.min(endsAt, now + limit.windowMs) });
  }

  // In the order of insertion: windows are of nearly one length, so the first in the map is the next to end.
  #makeRoom(now: Moment): void {
    for (const [key, window] of this.#windows) {
      if (window.endsAt > now && this.#windows.size < this.#most) return;
      this.#windows.delete(key);
    }
  }
}
