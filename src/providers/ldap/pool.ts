import { DirectoryUnreachable } from '../../core/directory/directory.ts';

export interface PoolParts<T> {
  readonly open: () => Promise<T>;
  readonly close: (one: T) => void;
  /** Whether the other side has not gone away meanwhile. */
  readonly isOpen: (one: T) => { readonly held: boolean };
  /** So many at once. */
  readonly most: number;
  readonly mostWaiting: number;
  /** In ms, how long somebody waits for one that is free. */
  readonly waitMs: number;
  /** In ms, how long one that nobody uses is kept. */
  readonly idleMs: number;
}

/** One of a pool. */
export interface Taken<T> {
  readonly one: T;
  /** Whether somebody else has used it before: the other side may have let it go without a word. */
  readonly used: boolean;
}

interface Waiter {
  readonly wake: (taken: Taken<unknown> | 'again') => void;
}

/** Connections of which there are only so many: used again while they are good, closed when they are not. */
export class Pool<T> {
  readonly #parts: PoolParts<T>;
  readonly #idle: { readonly one: T; readonly timer: NodeJS.Timeout }[] = [];
  readonly #waiting: Waiter[] = [];
  /** Those that are open, or about to be. */
  #count = 0;
  #closed = false;

  constructor(parts: PoolParts<T>) {
    this.#parts = parts;
  }

  /**
   * One for the caller alone, who must give it back.
   * @throws DirectoryUnreachable where none comes free in time or too many wait, and what `open` throws
   */
  async take(): Promise<Taken<T>> {
    for (;;) {
      if (this.#closed) throw new DirectoryUnreachable('The settings of the directory have just changed.');
      const kept = this.#idle.pop();
      if (kept !== undefined) {
        clearTimeout(kept.timer);
        if (this.#parts.isOpen(kept.one).held) return { one: kept.one, used: true };
        this.#drop(kept.one);
        continue;
      }
      if (this.#count < this.#parts.most) return { one: await this.#open(), used: false };
      const handed = await this.#wait();
      if (handed !== 'again') return handed;
    }
  }

  /** @param good whether another may use it */
  giveBack(one: T, good: boolean): void {
    if (!good || this.#closed || !this.#parts.isOpen(one).held) {
      this.#drop(one);
      return;
    }
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next.wake({ one, used: true });
      return;
    }
    if (this.#parts.idleMs === 0) {
      this.#drop(one);
      return;
    }
    const timer = setTimeout(() => {
      const at = this.#idle.findIndex((kept) => kept.one === one);
      if (at < 0) return;
      this.#idle.splice(at, 1);
      this.#drop(one);
    }, this.#parts.idleMs);
    timer.unref();
    this.#idle.push({ one, timer });
  }

  /** Those that are in use end when they are given back. */
  close(): void {
    this.#closed = true;
    for (const { one, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      this.#drop(one);
    }
    for (const waiter of this.#waiting.splice(0)) waiter.wake('again');
  }

  async #open(): Promise<T> {
    this.#count += 1;
    try {
      return await this.#parts.open();
    } catch (cause) {
      this.#leave();
      throw cause;
    }
  }

  #drop(one: T): void {
    this.#parts.close(one);
    this.#leave();
  }

  /** There is room for one: whoever waits longest tries to open it. */
  #leave(): void {
    this.#count -= 1;
    this.#waiting.shift()?.wake('again');
  }

  async #wait(): Promise<Taken<T> | 'again'> {
    const { mostWaiting, waitMs } = this.#parts;
    if (this.#waiting.length >= mostWaiting) throw new DirectoryUnreachable('Too many wait for the directory.');
    return await new Promise((resolve, reject) => {
      const waiter: Waiter = {
        wake: (taken) => {
          clearTimeout(timer);
          resolve(taken as Taken<T> | 'again');
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(new DirectoryUnreachable('No connection to the directory came free in time.'));
      }, waitMs);
      this.#waiting.push(waiter);
    });
  }
}
