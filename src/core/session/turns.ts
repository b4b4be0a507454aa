import { Fault } from '../fault.ts';

/** How many attempts may still fail under a key before it is blocked. */
export interface Allowance {
  readonly key: string;
  readonly left: number;
}

/** What goes on while somebody reads how many attempts may still fail. */
export interface Look {
  /** How many turns were given back under each key since it began: their failures may stand in no read of that time. */
  readonly givenBack: Map<string, number>;
}

/**
 * Lets only as many attempts on a key run at the same time as may still fail, so that a burst of guesses cannot all be
 * hashed before the first of them is counted. The others wait for their turn and are then judged anew.
 */
export class Turns {
  readonly #running = new Map<string, number>();
  /** Keys under which several run, or did since the last time that none ran. */
  readonly #crowded = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #looks = new Set<Look>();
  readonly #mostWaiting: number;
  #waitingNow = 0;

  /** @param mostWaiting how many may wait, over all keys; further ones are refused as busy */
  constructor(mostWaiting: number) {
    this.#mostWaiting = mostWaiting;
  }

  /** Begins a look at what is known. Whoever does not `take` after it must `forget` it. */
  look(): Look {
    const look: Look = { givenBack: new Map() };
    this.#looks.add(look);
    return look;
  }

  forget(look: Look): void {
    this.#looks.delete(look);
  }

  /**
   * Takes a turn under every key, or under none.
   * @param look began before the allowances were read
   * @returns `taken` with the way to give it back (once), the key that has no turn free, or that attempts have ended during
   *   the look whose failures would leave no turn: it is to be looked again then, without waiting
   */
  take(
    allowances: readonly Allowance[],
    look: Look,
  ): { readonly taken: () => void } | { readonly full: string } | { readonly overtaken: true } {
    this.forget(look);
    for (const { key, left } of allowances) {
      if ((this.#running.get(key) ?? 0) >= Math.max(1, left)) return { full: key };
    }
    for (const { key, left } of allowances) {
      const unseen = look.givenBack.get(key) ?? 0;
      if (unseen > 0 && (this.#running.get(key) ?? 0) + unseen >= Math.max(1, left)) return { overtaken: true };
    }
    for (const { key } of allowances) {
      const running = (this.#running.get(key) ?? 0) + 1;
      this.#running.set(key, running);
      if (running > 1) this.#crowded.add(key);
    }
    let given = false;
    return {
      taken: () => {
        if (given) return;
        given = true;
        for (const { key } of allowances) {
          const left = (this.#running.get(key) ?? 1) - 1;
          if (left > 0) this.#running.set(key, left);
          else {
            this.#running.delete(key);
            this.#crowded.delete(key);
          }
          for (const open of this.#looks) open.givenBack.set(key, (open.givenBack.get(key) ?? 0) + 1);
          this.wake(key);
        }
      },
    };
  }

  /** Whether others have had a turn under the key beside one that still has: they may have failed meanwhile. */
  isCrowded(key: string): boolean {
    return this.#crowded.has(key);
  }

  /** Waits until a turn under the key may be free. Whoever was woken and takes no turn must `wake` the next. */
  async wait(key: string): Promise<void> {
    if (this.#waitingNow >= this.#mostWaiting) throw new Fault('busy', { retryAfterMs: 1000 });
    this.#waitingNow += 1;
    await new Promise<void>((resolve) => {
      const line = this.#waiting.get(key) ?? [];
      line.push(resolve);
      this.#waiting.set(key, line);
    });
  }

  /** Wakes the one that has waited longest under the key, if any. */
  wake(key: string): void {
    const line = this.#waiting.get(key);
    const next = line?.shift();
    if (line !== undefined && line.length === 0) this.#waiting.delete(key);
    if (next === undefined) return;
    this.#waitingNow -= 1;
    next();
  }
}
