/** So many requests to applications are under way at once: a slow one must not keep the others from being told. */
const atOnce = 8;
/** So many wait at most; whoever comes after them is not told. */
const mostWaiting = 10_000;

type Act = () => Promise<void>;

/** Work that nobody waits for, a few pieces of it at a time. No piece may throw. */
export class ToldLater {
  readonly #waiting: Act[] = [];
  readonly #running = new Set<Promise<void>>();
  #isClosed = false;

  /** @returns false where too much waits already, or nothing is begun any more */
  add(act: Act): boolean {
    if (this.#isClosed || this.#waiting.length >= mostWaiting) return false;
    this.#waiting.push(act);
    this.#next();
    return true;
  }

  /**
   * Begins nothing more after `ms`, and waits no longer for what is under way.
   * @returns how many pieces are left undone
   */
  async close(ms: number): Promise<number> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#isClosed = true;
      resolve();
    }, ms);
    while (!this.#isClosed && this.#running.size > 0) await Promise.race([late, ...this.#running]);
    clearTimeout(timer);
    this.#isClosed = true;
    const left = this.#waiting.splice(0).length + this.#running.size;
    return left;
  }

  #next(): void {
    while (!this.#isClosed && this.#running.size < atOnce) {
      const act = this.#waiting.shift();
      if (act === undefined) return;
      const run = act().finally(() => {
        this.#running.delete(run);
        this.#next();
      });
      this.#running.add(run);
    }
  }
}
