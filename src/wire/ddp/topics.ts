import type { Link } from './link.ts';

/** A subscription that listens. */
export interface Listener {
  readonly link: Link;
  /** Publishes its documents anew. */
  refresh(): void;
}

/** Who listens to what, so that an event costs only those who hear it. */
export class Topics {
  readonly #listeners = new Map<string, Listener | Set<Listener>>();
  #event = 0;

  listen(topic: string, listener: Listener): void {
    const there = this.#listeners.get(topic);
    if (there === undefined) this.#listeners.set(topic, listener);
    else if (there instanceof Set) there.add(listener);
    else this.#listeners.set(topic, new Set([there, listener]));
  }

  leave(topic: string, listener: Listener): void {
    const there = this.#listeners.get(topic);
    if (there === listener) this.#listeners.delete(topic);
    else if (there instanceof Set) {
      there.delete(listener);
      if (there.size === 0) this.#listeners.delete(topic);
    }
  }

  /** How many listen; an event that nobody hears need not be made. */
  count(topic: string): number {
    const there = this.#listeners.get(topic);
    if (there === undefined) return 0;
    return there instanceof Set ? there.size : 1;
  }

  of(topic: string): readonly Listener[] {
    const there = this.#listeners.get(topic);
    if (there === undefined) return [];
    return there instanceof Set ? [...there] : [there];
  }

  /** Sends an event to each connection that listens, once however many of its subscriptions do. */
  emit(topic: string, frame: string): void {
    this.emitTo(this.of(topic), frame);
  }

  emitTo(listeners: readonly Listener[], frame: string): void {
    this.#event += 1;
    for (const { link } of listeners) {
      if (link.lastEvent === this.#event) continue;
      link.lastEvent = this.#event;
      link.send(frame);
    }
  }
}
