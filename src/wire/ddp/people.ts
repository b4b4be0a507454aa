import type { Link } from './link.ts';

/** Which connections are whose. Most people have one, so that one stands for itself without a set around it. */
export class People {
  readonly #links = new Map<string, Link | Set<Link>>();
  #count = 0;

  /** How many connections are signed in. */
  get count(): number {
    return this.#count;
  }

  add(accountId: string, link: Link): void {
    const there = this.#links.get(accountId);
    this.#count += 1;
    if (there === undefined) this.#links.set(accountId, link);
    else if (there instanceof Set) there.add(link);
    else this.#links.set(accountId, new Set([there, link]));
  }

  remove(accountId: string, link: Link): void {
    const there = this.#links.get(accountId);
    if (there === link) this.#links.delete(accountId);
    else if (!(there instanceof Set) || !there.delete(link)) return;
    this.#count -= 1;
    if (there instanceof Set && there.size === 0) this.#links.delete(accountId);
  }

  of(accountId: string): Iterable<Link> {
    const there = this.#links.get(accountId);
    if (there === undefined) return [];
    return there instanceof Set ? there : [there];
  }

  *all(): Iterable<Link> {
    for (const there of this.#links.values()) {
      if (there instanceof Set) yield* there;
      else yield there;
    }
  }
}
