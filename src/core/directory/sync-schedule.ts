import type { Moment } from '../ports.ts';
import { skewMs } from './changed.ts';
import { type Progress, progressOf } from './sync.ts';
import type { SyncNeeds, SyncOptions } from './sync-needs.ts';
import type { SyncTimes } from './sync-policy.ts';

/** So long after a run that failed the next one is tried. */
const retryMs = 300_000;

/**
 * Which run is due. All nodes ask, and only one of them gets to run (`runSync`).
 * @returns undefined for none
 */
export async function dueRun(
  needs: Pick<SyncNeeds, 'clock' | 'sync' | 'times' | 'onTrouble'>,
): Promise<Required<Pick<SyncOptions, 'delta' | 'onlyAfter'>> | undefined> {
  const times = needs.times();
  if (times.fullMs === undefined) return undefined;
  const now = needs.clock.now();
  const progress = await progressOf(needs);
  const past = withoutFuture(progress, now);
  const due = dueOf(past, times, now);
  if (due === undefined) return undefined;
  if (past.fullAt !== progress.fullAt || past.doneAt !== progress.doneAt || past.triedAt !== progress.triedAt) {
    needs.onTrouble(new Error('The last run over the directory is said to lie in the future; it counts for nothing.'));
  }
  return { delta: due === 'delta', onlyAfter: { triedAt: progress.triedAt } };
}

/** What was written by a clock that was ahead is not known: else nothing would be due until the time has come. */
function withoutFuture(progress: Progress, now: Moment): Progress {
  const past = (moment: Moment | undefined): Moment | undefined =>
    moment === undefined || moment > now + skewMs ? undefined : moment;
  const { fullAt, doneAt, triedAt } = progress;
  return { ...progress, fullAt: past(fullAt), doneAt: past(doneAt), triedAt: past(triedAt) };
}

function dueOf(
  { fullAt, doneAt, triedAt }: Progress,
  { fullMs = Number.POSITIVE_INFINITY, deltaMs = Number.POSITIVE_INFINITY }: SyncTimes,
  now: Moment,
): 'full' | 'delta' | undefined {
  const failed = triedAt !== undefined && (doneAt === undefined || doneAt < triedAt);
  if (failed && now < triedAt + retryMs) return undefined;
  if (fullAt === undefined || now >= fullAt + fullMs) return 'full';
  return doneAt === undefined || now >= doneAt + deltaMs ? 'delta' : undefined;
}
