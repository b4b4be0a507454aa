import { sha256Hex } from '../../lib/digest.ts';

/** Remembers texts by 52 bits of each: a million take some ten megabytes, and that two of them meet is one in ten thousand. */
export class Digests {
  readonly #all = new Set<number>();

  has(kind: string, key: string): boolean {
    return this.#all.has(digest(kind, key));
  }

  add(kind: string, key: string): void {
    this.#all.add(digest(kind, key));
  }
}

function digest(kind: string, key: string): number {
  return Number.parseInt(sha256Hex(`${kind} ${key}`).slice(0, 13), 16);
}
