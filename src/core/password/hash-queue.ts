import { Fault } from '../fault.ts';

/**
 * Runs so many hashes at once and lets so many wait; further ones are refused at once (design §3.3). Each hash takes
 * memory and a core, so without a bound a flood of log-ins would take both from everybody else.
 */
export class HashQueue {
  readonly #atOnce: number;
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(size: { readonly atOnce: number; readonly waiting: number }) {
    this.#atOnce = size.atOnce;
    this.#most = size.waiting;
  }

  /** @throws Fault `busy` when too much is waiting, and whatever `work` throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#most) throw new Fault('busy', { retryAfterMs: 1000 });
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      // The turn goes to the next in line, so that nobody who comes later can take it.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  load(): { readonly waiting: number; readonly running: number; readonly most: number } {
    return { waiting: this.#waiting.length, running: this.#running, most: this.#most };
  }
}
