import type { SyncReport } from '../directory/directory.ts';
import type { Mailer } from '../mailer.ts';
import type { Clock, Moment } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import { type ListBlocksNeeds, listBlocks } from './blocks.ts';
import type { FigureStore, StoreFigures } from './figure-store.ts';
import { type Authority, mustHoldPermission } from './may.ts';

export interface OverviewNeeds {
  readonly clock: Clock;
  readonly blocking: ListBlocksNeeds;
  readonly authority: Authority;
  readonly figures: FigureStore;
  readonly mailer: Pick<Mailer, 'serverSet'>;
  /** Whether people of a directory sign in. */
  readonly directoryOn: () => boolean;
  readonly lastRun: () => Promise<SyncReport | undefined>;
}

/** How the installation stands, in numbers. */
export interface Overview extends StoreFigures {
  readonly mailServerSet: boolean;
  /** How many accounts, devices, addresses and names are blocked. */
  readonly blocks: number;
  readonly directory: {
    readonly on: boolean;
    readonly lastRunEndedAt: Moment | undefined;
    /** Undefined before the first run. */
    readonly lastRunFailed: boolean | undefined;
  };
}

/** For so long one count is shown to everybody: where there are a million accounts it costs some tens of milliseconds. */
const freshMs = 5_000;

/** Counts for the dashboard, once for all who look at it at the same time. */
export class Overviews {
  readonly #needs: OverviewNeeds;
  #kept: { readonly at: Moment; readonly overview: Promise<Overview> } | undefined;

  constructor(needs: OverviewNeeds) {
    this.#needs = needs;
  }

  /** @throws Fault `permission-missing` */
  async for(signed: Signed): Promise<Overview> {
    mustHoldPermission(this.#needs.authority, signed, 'view-statistics');
    const now = this.#needs.clock.now();
    const kept = this.#kept;
    // A clock that was set back must not show an old count for long.
    if (kept !== undefined && Math.abs(now - kept.at) < freshMs) return await kept.overview;
    const counting = { at: now, overview: this.#count(now) };
    this.#kept = counting;
    try {
      return await counting.overview;
    } catch (cause) {
      if (this.#kept === counting) this.#kept = undefined;
      throw cause;
    }
  }

  async #count(now: Moment): Promise<Overview> {
    const { figures, blocking, mailer, directoryOn, lastRun } = this.#needs;
    const [counted, { total }, run] = await Promise.all([
      figures.count(now),
      listBlocks(blocking, { offset: 0, count: 0 }),
      lastRun(),
    ]);
    return {
      ...counted,
      mailServerSet: mailer.serverSet().held,
      blocks: total,
      directory: {
        on: directoryOn(),
        lastRunEndedAt: run?.endedAt,
        lastRunFailed: run === undefined ? undefined : run.failed !== undefined || run.stopped !== undefined,
      },
    };
  }
}
