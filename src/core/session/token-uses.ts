import type { Moment } from '../ports.ts';
import type { TokenStore } from './store.ts';
import type { Token } from './token.ts';

/** Notes when tokens are used and writes it in batches: a check must not cost a write (attacks H18). */
export class TokenUses {
  readonly #noted = new Map<string, Moment>();
  readonly #write: TokenStore['touch'];
  readonly #everyMs: number;

  /** @param everyMs a token noted less than this ago is not written again */
  constructor(write: TokenStore['touch'], everyMs: number) {
    this.#write = write;
    this.#everyMs = everyMs;
  }

  note(token: Token, now: Moment): void {
    // The first use of a personal token is told at once: whoever looks for tokens that nobody uses goes by it.
    const isFirst = token.pool === 'personal' && token.usedAt === token.createdAt && now > token.usedAt;
    if (isFirst || now - token.usedAt >= this.#everyMs) this.#noted.set(token.hash, now);
  }

  /** Writes what was noted since the last call. */
  async flush(): Promise<void> {
    if (this.#noted.size === 0) return;
    const uses = new Map(this.#noted);
    this.#noted.clear();
    await this.#write(uses);
  }
}
