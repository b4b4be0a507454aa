import type { App } from '../../app.ts';
import type { Log } from '../../core/setting/kept.ts';
import type { Link } from './link.ts';
import type { People } from './people.ts';
import type { Timers } from './timers.ts';

/** After a store that did not answer, it is asked again so soon. */
const retryMs = 250;
/** So many sockets are closed in one go, and then others get their turn. */
const closedAtOnce = 500;
/** So many accounts it remembers to have heard of, for log-ins that are under way. */
const remembered = 10_000;

/**
 * Closes the connections whose token is gone (realtime.md §9.4). What ends tokens only names the account: the store is
 * asked, once for all connections concerned, which of their tokens still live.
 */
export class Revocation {
  readonly #app: App;
  readonly #people: People;
  readonly #timers: Timers;
  readonly #log: Log;
  /** The connections to look at, with whether somebody else ended the session. */
  #pending = new Map<Link, boolean>();
  #running = false;
  readonly #heard = new Map<string, number>();
  #mark = 0;
  /** Announcements up to this mark may have been forgotten. */
  #forgotten = 0;

  constructor(needs: { readonly app: App; readonly people: People; readonly timers: Timers; readonly log: Log }) {
    this.#app = needs.app;
    this.#people = needs.people;
    this.#timers = needs.timers;
    this.#log = needs.log;
  }

  /** A point in time for `heardSince`. */
  get mark(): number {
    return this.#mark;
  }

  /** Tokens of an account may have ended. */
  heard(accountId: string, forced: boolean): void {
    this.#mark += 1;
    this.#heard.delete(accountId);
    this.#heard.set(accountId, this.#mark);
    if (this.#heard.size > remembered) {
      const oldest = this.#heard.entries().next().value;
      if (oldest !== undefined) {
        this.#heard.delete(oldest[0]);
        this.#forgotten = oldest[1];
      }
    }
    this.look(this.#people.of(accountId), forced);
  }

  /** Announcements may have been lost: every connection is looked at. */
  lost(): void {
    this.#mark += 1;
    this.#forgotten = this.#mark;
    this.look(this.#people.all(), false);
  }

  /**
   * Whether an announcement of the account came after the mark. A token that is bound to a connection only now may have
   * ended in between, unseen by those who look through the connections.
   */
  heardSince(accountId: string, mark: number): boolean {
    return this.#forgotten > mark || (this.#heard.get(accountId) ?? 0) > mark;
  }

  /** Asks soon whether the tokens of these connections live. */
  look(links: Iterable<Link>, forced: boolean): void {
    for (const link of links) this.#pending.set(link, forced || this.#pending.get(link) === true);
    if (this.#running || this.#pending.size === 0) return;
    this.#running = true;
    // One announcement seldom comes alone: those of the same moment share the question.
    setImmediate(() => {
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    while (this.#pending.size > 0) {
      const asked = this.#pending;
      this.#pending = new Map();
      try {
        await this.#close(asked);
      } catch (cause) {
        this.#log('The store did not say which sessions still live; it is asked again.', { cause });
        for (const [link, forced] of asked) this.#pending.set(link, forced || this.#pending.get(link) === true);
        await new Promise<void>((resolve) => {
          this.#timers.after(retryMs, resolve);
        });
      }
    }
    this.#running = false;
  }

  async #close(asked: ReadonlyMap<Link, boolean>): Promise<void> {
    const hashes = new Map<Link, string>();
    for (const link of asked.keys()) if (link.identity !== undefined) hashes.set(link, link.identity.tokenHash);
    if (hashes.size === 0) return;
    const alive = await this.#app.session.alive([...new Set(hashes.values())]);
    let closed = 0;
    for (const [link, hash] of hashes) {
      if (alive.has(hash)) continue;
      link.revoke(hash, asked.get(link) === true);
      closed += 1;
      if (closed % closedAtOnce === 0) await nextTurn();
    }
  }
}

async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
