import { added, changed, type Document, removed } from './frames.ts';

interface Held {
  document: Document;
  /** Who publishes it: subscriptions, and the connection itself for the own user. */
  holders: readonly object[];
}

/**
 * The documents one connection has been given. Each is sent once however many subscriptions publish it, and removed
 * when the last of them lets go (realtime.md §4.4). Most connections hold one, so there is no index.
 */
export class Box {
  #held: readonly Held[] = [];

  /** @returns the frame to send, or undefined when the client has it already */
  add(holder: object, document: Document): string | undefined {
    const held = this.#find(document);
    if (held === undefined) {
      this.#held = [...this.#held, { document, holders: [holder] }];
      return added(document);
    }
    if (!held.holders.includes(holder)) held.holders = [...held.holders, holder];
    return undefined;
  }

  /** Lets go of all that a holder published. @returns the frames to send */
  drop(holder: object): readonly string[] {
    return this.replace(holder, []);
  }

  /** Puts these in place of what a holder published. @returns the frames to send: removals first */
  replace(holder: object, documents: readonly Document[]): readonly string[] {
    const frames: string[] = [];
    for (const held of this.#held) {
      if (documents.some((document) => isSame(document, held.document))) continue;
      held.holders = held.holders.filter((one) => one !== holder);
      if (held.holders.length === 0) frames.push(removed(held.document));
    }
    this.#held = this.#held.filter(({ holders }) => holders.length > 0);
    for (const document of documents) {
      const held = this.#find(document);
      const frame = held === undefined ? undefined : changed(held.document, document);
      const fresh = this.add(holder, document);
      if (held !== undefined) held.document = document;
      if (frame !== undefined) frames.push(frame);
      if (fresh !== undefined) frames.push(fresh);
    }
    return frames;
  }

  /** What turns the documents of `before` into those of this box: removals first. */
  since(before: Box): readonly string[] {
    const frames: string[] = [];
    for (const { document } of before.#held) if (this.#find(document) === undefined) frames.push(removed(document));
    for (const { document } of this.#held) {
      const had = before.#find(document)?.document;
      const frame = had === undefined ? added(document) : changed(had, document);
      if (frame !== undefined) frames.push(frame);
    }
    return frames;
  }

  #find(document: Document): Held | undefined {
    return this.#held.find((held) => isSame(held.document, document));
  }
}

function isSame(one: Document, other: Document): boolean {
  return one.id === other.id && one.collection === other.collection;
}
