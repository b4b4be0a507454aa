import { added, changed, type Document, removed } from './frames.ts';

interface Held {
  readonly document: Document;
  /** Who publishes it: subscriptions, and the connection itself for the own user. */
  readonly holders: object[];
}

/**
 * The documents one connection has been given. Each is sent once however many subscriptions publish it, and removed
 * when the last of them lets go (realtime.md §4.4).
 */
export class Box {
  readonly #held = new Map<string, Held>();

  /** @returns the frame to send, or undefined when the client has it already */
  add(holder: object, document: Document): string | undefined {
    const key = keyOf(document);
    const held = this.#held.get(key);
    if (held !== undefined) {
      if (!held.holders.includes(holder)) held.holders.push(holder);
      return undefined;
    }
    this.#held.set(key, { document, holders: [holder] });
    return added(document);
  }

  /** Lets go of all that a holder published. @returns the frames to send */
  drop(holder: object): readonly string[] {
    const frames: string[] = [];
    for (const [key, held] of this.#held) {
      const at = held.holders.indexOf(holder);
      if (at < 0) continue;
      held.holders.splice(at, 1);
      if (held.holders.length > 0) continue;
      this.#held.delete(key);
      frames.push(removed(held.document));
    }
    return frames;
  }

  /** Puts these in place of what a holder published. @returns the frames to send */
  replace(holder: object, documents: readonly Document[]): readonly string[] {
    const frames: string[] = [];
    const kept = new Set(documents.map(keyOf));
    for (const [key, held] of this.#held) {
      if (kept.has(key) || !held.holders.includes(holder)) continue;
      held.holders.splice(held.holders.indexOf(holder), 1);
      if (held.holders.length > 0) continue;
      this.#held.delete(key);
      frames.push(removed(held.document));
    }
    for (const document of documents) {
      const before = this.#held.get(keyOf(document));
      if (before === undefined) {
        frames.push(added(document));
        this.#held.set(keyOf(document), { document, holders: [holder] });
        continue;
      }
      const frame = changed(before.document, document);
      if (frame !== undefined) frames.push(frame);
      const holders = before.holders.includes(holder) ? before.holders : [...before.holders, holder];
      this.#held.set(keyOf(document), { document, holders });
    }
    return frames;
  }

  /** What turns the documents of `before` into those of this box: removals first. */
  since(before: Box): readonly string[] {
    const frames: string[] = [];
    for (const [key, { document }] of before.#held) if (!this.#held.has(key)) frames.push(removed(document));
    for (const [key, { document }] of this.#held) {
      const had = before.#held.get(key)?.document;
      if (had === undefined) frames.push(added(document));
      else if (had.fields !== document.fields) {
        const frame = changed(had, document);
        if (frame !== undefined) frames.push(frame);
      }
    }
    return frames;
  }
}

function keyOf({ collection, id }: Document): string {
  return `${collection}\n${id}`;
}
