import type { Moment } from '../ports.ts';
import type { SyncReport } from './directory.ts';

const mostTold = 100;

/** Counts what a run comes to; what it tells by name is bounded. */
export class Tally {
  seen = 0;
  created = 0;
  updated = 0;
  closed = 0;
  opened = 0;
  unchanged = 0;
  pictures = 0;
  stopped: string | undefined;
  failed: string | undefined;
  readonly #skipped: { readonly dn: string; readonly because: string }[] = [];
  readonly #closing: string[] = [];
  #skippedCount = 0;

  skip(dn: string, because: string): void {
    this.#skippedCount += 1;
    if (this.#skipped.length < mostTold) this.#skipped.push({ dn: dn.slice(0, 500), because });
  }

  closing(name: string): void {
    if (this.#closing.length < mostTold) this.#closing.push(name);
  }

  report(run: {
    readonly startedAt: Moment;
    readonly endedAt: Moment;
    readonly full: boolean;
    readonly dryRun: boolean;
  }): SyncReport {
    const { seen, created, updated, closed, opened, unchanged, pictures, stopped, failed } = this;
    return {
      ...run,
      seen,
      created,
      updated,
      closed,
      closing: this.#closing,
      opened,
      unchanged,
      pictures,
      skipped: this.#skipped,
      skippedCount: this.#skippedCount,
      stopped,
      failed,
    };
  }
}
