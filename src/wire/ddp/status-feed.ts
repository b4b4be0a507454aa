import type { App } from '../../app.ts';
import type { Log } from '../../core/setting/kept.ts';
import { statusCode } from '../shapes/user-document.ts';
import { emit } from './emit.ts';
import type { Timers } from './timers.ts';
import { eventTopic } from './topic-names.ts';
import type { Topics } from './topics.ts';

/** Changes of the same moment are read from the store together. */
const gatherMs = 100;
/** So many accounts the store gives in one read. */
const readAtOnce = 1000;

export interface StatusFeedNeeds {
  readonly app: App;
  readonly topics: Topics;
  readonly timers: Timers;
  readonly log: Log;
  /** How many notices go out in one go, at most. */
  readonly most: number;
}

/** Tells clients who came, went, or chose another status (realtime.md §12.4). */
export class StatusFeed {
  readonly #needs: StatusFeedNeeds;
  readonly #noted = new Set<string>();
  #waiting = false;

  constructor(needs: StatusFeedNeeds) {
    this.#needs = needs;
  }

  /** The status of an account may have changed. */
  note(accountId: string): void {
    if (!this.#isHeard(accountId)) return;
    this.#noted.add(accountId);
    if (this.#waiting) return;
    this.#waiting = true;
    this.#needs.timers.after(gatherMs, () => {
      this.#waiting = false;
      const ids = [...this.#noted];
      this.#noted.clear();
      this.#tell(ids).catch((cause: unknown) => {
        this.#needs.log('A change of status could not be told to realtime clients.', { cause });
      });
    });
  }

  #isHeard(accountId: string): boolean {
    return this.#listeners > 0 || this.#needs.topics.count(eventTopic('stream-user-presence', accountId)) > 0;
  }

  /** How many hear of everybody. */
  get #listeners(): number {
    return this.#needs.topics.count(eventTopic('stream-notify-logged', 'user-status'));
  }

  async #tell(ids: readonly string[]): Promise<void> {
    const { app, topics, most } = this.#needs;
    let left = most;
    for (let from = 0; from < ids.length && left > 0; from += readAtOnce) {
      for (const account of await app.account.byIds(ids.slice(from, from + readAtOnce))) {
        const { id, username, statusText, name, roles } = account;
        const code = statusCode[app.presence.of(account)];
        left -= this.#listeners;
        if (left > 0) {
          emit(topics, 'stream-notify-logged', 'user-status', [[id, username, code, statusText, name, roles]]);
        }
        emit(topics, 'stream-user-presence', id, [[username, code, statusText]]);
      }
    }
  }
}
