export interface Worker<Item> {
  /** How many items may wait, and how large they may be together. */
  readonly mostWaiting: { readonly items: number; readonly size: number };
  /** Must not reject. */
  work(item: Item): Promise<void>;
}

/** Work of one connection that is done strictly one after another (realtime.md §3.4). */
export class Queue<Item> {
  readonly #worker: Worker<Item>;
  /** Made when something has to wait for the first time, and given back when nothing does. */
  #waiting: { readonly item: Item; readonly size: number }[] | undefined;
  #size = 0;
  #busy = false;

  constructor(worker: Worker<Item>) {
    this.#worker = worker;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** @returns false when more waits than may; the item is not taken then */
  add(item: Item, size: number): boolean {
    const waiting = this.#waiting ?? [];
    if (!this.#busy) {
      this.#busy = true;
      this.#waiting = waiting;
      waiting.push({ item, size });
      this.#size += size;
      void this.#run();
      return true;
    }
    const most = this.#worker.mostWaiting;
    if (waiting.length >= most.items || this.#size + size > most.size) return false;
    waiting.push({ item, size });
    this.#waiting = waiting;
    this.#size += size;
    return true;
  }

  /** Forgets what waits; what runs goes on. */
  clear(): void {
    this.#waiting = undefined;
    this.#size = 0;
  }

  async #run(): Promise<void> {
    // No variable here holds an item: it would live until nothing waits any more.
    while ((this.#waiting?.length ?? 0) > 0) await this.#next();
    this.clear();
    this.#busy = false;
  }

  async #next(): Promise<void> {
    const next = this.#waiting?.shift();
    if (next === undefined) return;
    this.#size -= next.size;
    await this.#worker.work(next.item);
  }
}
