import type { AuditEntry } from '../audit-entry.ts';
import type { Clock } from '../ports.ts';
import type { AuditStore } from './store.ts';

/** So many kinds of refusals are told apart between two writes; the rest is told in one entry. */
const mostKinds = 100;
/** So many of them come from one address: whoever types ever new names must not hide what others do. */
const mostOfAddress = 10;

/**
 * Notes attempts that were refused without a look at a secret: during a block, with a token that has ended, without the
 * second factor. Whoever is refused like that may come again as often as they like, and must not be able to fill the
 * trail: what is alike becomes one entry, with how many times it came.
 */
export class RefusalNotes {
  readonly #clock: Clock;
  readonly #audit: Pick<AuditStore, 'append'>;
  #noted = new Map<string, { readonly entry: AuditEntry; times: number }>();
  #others = 0;
  #ofAddress = new Map<string, number>();

  constructor(needs: { readonly clock: Clock; readonly audit: Pick<AuditStore, 'append'> }) {
    this.#clock = needs.clock;
    this.#audit = needs.audit;
  }

  note(entry: AuditEntry): void {
    if (this.#count(entry)) return;
    const { address } = entry;
    const kinds = this.#ofAddress.get(address) ?? 0;
    if (this.#noted.size >= mostKinds) this.#others += 1;
    else if (kinds < mostOfAddress) {
      this.#noted.set(keyOf(entry), { entry, times: 1 });
      this.#ofAddress.set(address, kinds + 1);
    } else {
      const rest = this.#rest(address);
      if (!this.#count(rest)) this.#noted.set(keyOf(rest), { entry: rest, times: 1 });
    }
  }

  /** Writes what was noted since it was last called; on failure it stays noted. */
  async flush(): Promise<void> {
    const [noted, others] = [this.#noted, this.#others];
    if (noted.size === 0) return;
    this.#noted = new Map();
    this.#others = 0;
    this.#ofAddress = new Map();
    const entries = [...noted.values()].map(({ entry, times }) => ({ ...entry, facts: { ...entry.facts, times } }));
    if (others > 0) entries.push({ ...this.#rest(''), facts: { times: others } });
    try {
      await this.#audit.append(entries);
    } catch (cause) {
      for (const [key, { entry, times }] of noted) {
        const since = this.#noted.get(key);
        if (since !== undefined) since.times += times;
        else if (this.#noted.size < mostKinds) this.#noted.set(key, { entry, times });
        else this.#others += times;
      }
      this.#others += others;
      throw cause;
    }
  }

  /** @returns whether one like it was noted before */
  #count(entry: AuditEntry): boolean {
    const known = this.#noted.get(keyOf(entry));
    if (known !== undefined) known.times += 1;
    return known !== undefined;
  }

  #rest(address: string): AuditEntry {
    return {
      at: this.#clock.now(),
      what: 'attempt.refused',
      outcome: 'refused',
      accountId: undefined,
      actorId: undefined,
      door: 'server',
      address,
      userAgent: '',
      facts: {},
    };
  }
}

function keyOf({ what, accountId, door, address, facts }: AuditEntry): string {
  return JSON.stringify([what, accountId, door, address, facts]);
}
