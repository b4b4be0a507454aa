import type { AuditStore } from '../audit/store.ts';
import type { Clock, Moment } from '../ports.ts';
import type { Settings } from '../setting/settings.ts';

/** What looking for the first sign-in needs. */
export interface FirstVisitNeeds {
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'get'>;
  readonly audit: Pick<AuditStore, 'page'>;
}

/** The page that asks is open to everybody: the store is looked at this often, whoever asks. */
const freshMs = 2_000;

/** Whether anybody has signed in since this server was set up. */
export class FirstVisit {
  readonly #needs: FirstVisitNeeds;
  #isOver = false;
  #lookedAt: Moment | undefined;

  constructor(needs: FirstVisitNeeds) {
    this.#needs = needs;
  }

  /**
   * Held while nobody has signed in, as far as the audit trail goes back. Once the first steps are done nothing is looked
   * at any more.
   */
  async isAhead(): Promise<{ readonly held: boolean }> {
    const { audit, clock, settings } = this.#needs;
    if (this.#isOver || settings.get('Countersign_Setup_Done')) return { held: false };
    const now = clock.now();
    // A clock that was set back must not keep this for long.
    if (this.#lookedAt !== undefined && Math.abs(now - this.#lookedAt) < freshMs) return { held: true };
    const { entries, next } = await audit.page({ what: ['log-in'], outcome: 'done' }, 1);
    // A trail that is too long to be looked through is none of a fresh server.
    this.#isOver = entries.length > 0 || next !== undefined;
    this.#lookedAt = now;
    return { held: !this.#isOver };
  }
}
