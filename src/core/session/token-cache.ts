import type { Clock, Events, Moment } from '../ports.ts';
import type { Signed } from './token.ts';

/**
 * Live tokens in memory, so that checking one costs no read. Bounded; an ended token leaves it with the announcement
 * of its end, and if that is lost, after `lifeMs` (design §3.5).
 */
export class TokenCache {
  readonly #kept = new Map<string, { readonly signed: Signed; readonly until: Moment }>();
  /** One hash for most accounts: a set only where there are more. */
  readonly #ofAccount = new Map<string, string | Set<string>>();
  readonly #clock: Clock;
  readonly #most: number;
  readonly #lifeMs: number;
  /** Grows with every announcement: what was read before one must not be kept after it. */
  #age = 0;

  constructor(clock: Clock, events: Events, size: { readonly most: number; readonly lifeMs: number }) {
    this.#clock = clock;
    this.#most = size.most;
    this.#lifeMs = size.lifeMs;
    events.subscribe((happening) => {
      if (happening.kind === 'account' || happening.kind === 'account-removed') this.#forget(happening.accountId);
    });
    events.onGap(() => {
      this.#age += 1;
      this.#kept.clear();
      this.#ofAccount.clear();
    });
  }

  /** The age to hand to `keep` with what is read after this call. */
  get age(): number {
    return this.#age;
  }

  get(hash: string): Signed | undefined {
    const found = this.#kept.get(hash);
    if (found === undefined) return undefined;
    const left = found.until - this.#clock.now();
    // More than a whole life left: the clock was set back, and the entry may be of any age.
    if (left > 0 && left <= this.#lifeMs) return found.signed;
    this.#drop(hash, found.signed.account.id);
    return undefined;
  }

  /** Keeps what was read, unless anything has been announced since the read began. */
  keep(hash: string, signed: Signed, age: number): void {
    if (age !== this.#age) return;
    this.tidy(2);
    if (this.#kept.size >= this.#most) {
      const oldest = this.#kept.entries().next().value;
      if (oldest !== undefined) this.#drop(oldest[0], oldest[1].signed.account.id);
    }
    // Behind all others: the oldest stand in front.
    this.#kept.delete(hash);
    this.#kept.set(hash, { signed, until: this.#clock.now() + this.#lifeMs });
    const { id } = signed.account;
    const others = this.#ofAccount.get(id);
    if (others === undefined) this.#ofAccount.set(id, hash);
    else if (typeof others !== 'string') others.add(hash);
    else if (others !== hash) this.#ofAccount.set(id, new Set([others, hash]));
  }

  /** Drops up to `most` tokens that no longer count: those of sockets that only wait would lie here for long. */
  tidy(most: number): void {
    const now = this.#clock.now();
    let dropped = 0;
    for (const [hash, { signed, until }] of this.#kept) {
      if (until > now || dropped === most) return;
      this.#drop(hash, signed.account.id);
      dropped += 1;
    }
  }

  #forget(accountId: string): void {
    this.#age += 1;
    const hashes = this.#ofAccount.get(accountId);
    if (typeof hashes === 'string') this.#kept.delete(hashes);
    else for (const hash of hashes ?? []) this.#kept.delete(hash);
    this.#ofAccount.delete(accountId);
  }

  #drop(hash: string, accountId: string): void {
    this.#kept.delete(hash);
    const hashes = this.#ofAccount.get(accountId);
    if (hashes === hash) this.#ofAccount.delete(accountId);
    if (hashes === undefined || typeof hashes === 'string') return;
    hashes.delete(hash);
    if (hashes.size === 0) this.#ofAccount.delete(accountId);
  }
}
