import type { Moment } from '../ports.ts';
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
  needs: Pick<SyncNeeds, 'clock' | 'sync' | 'times'>,
): Promise<Required<Pick<SyncOptions, 'delta' | 'onlyAfter'>> | undefined> {
  const times = needs.times();
  if (times.fullMs === undefined) return undefined;
  const progress = await progressOf(needs);
  const due = dueOf(progress, times, needs.clock.now());
  return due === undefined ? undefined : { delta: due === 'delta', onlyAfter: { triedAt: progress.triedAt } };
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
