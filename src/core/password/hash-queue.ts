import { Fault } from '../fault.ts';

/** Who waits where when there is more to hash than can be hashed. */
export type Lane = 'first' | 'last';

/**
 * Runs so many hashes at once and lets so many wait; further ones are refused at once (design §3.3). Each hash takes
 * memory and a core, so without a bound a flood of log-ins would take both from everybody else.
 */
export class HashQueue {
  readonly #atOnce: number;
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  /** Those who go first: nobody who only guesses can stand here. */
  readonly #first: (() => void)[] = [];
  #running = 0;

  constructor(size: { readonly atOnce: number; readonly waiting: number }) {
    this.#atOnce = size.atOnce;
    this.#most = size.waiting;
  }

  /**
   * @param lane `first` for who has shown something already (a known device, a live token): they go before all others,
   *   and a quarter of the places is theirs alone, so that a flood of strangers does not shut them out
   * @throws Fault `busy` when too much is waiting, and whatever `work` throws
   */
  async run<T>(work: () => Promise<T>, lane: Lane = 'last'): Promise<T> {
    if (this.#running >= this.#atOnce) {
      const most = lane === 'first' ? this.#most : Math.ceil(this.#most * 0.75);
      if (this.#first.length + this.#waiting.length >= most) throw new Fault('busy', { retryAfterMs: 1000 });
      await new Promise<void>((resolve) => {
        (lane === 'first' ? this.#first : this.#waiting).push(resolve);
      });
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      // The turn goes to the next in line, so that nobody who comes later can take it.
      const next = this.#first.shift() ?? this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  load(): { readonly waiting: number; readonly running: number; readonly most: number } {
    return { waiting: this.#first.length + this.#waiting.length, running: this.#running, most: this.#most };
  }
}
