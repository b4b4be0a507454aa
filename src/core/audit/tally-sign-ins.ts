import { setImmediate as turn } from 'node:timers/promises';
import type { Moment } from '../ports.ts';
import type { AuditStore } from './store.ts';

/** What came of the sign-ins of a while. */
export interface SignInBucket {
  readonly from: Moment;
  readonly done: number;
  readonly refused: number;
  /** The refused ones by the code of the fault. Those that the trail tells of together have none. */
  readonly byCode: ReadonlyMap<string, number>;
}

/**
 * Which sign-ins are counted, in buckets of one length: the first begins at `since`, the last ends at `until`, however
 * short it is then.
 */
export interface SignInSpan {
  readonly since: Moment;
  readonly until: Moment;
  /** A part of six hours, or so many times six hours. */
  readonly stepMs: number;
}

/** So much of the trail is walked through at once; the embedded database holds the server up meanwhile. */
const pieceMs = 6 * 3_600_000;

/** Sign-ins, and refusals that were too many to be told one by one; a second factor for an act is no sign-in. */
const signIns = ['log-in', 'attempt.refused'];

/** How many buckets a span has. */
export function bucketsOf({ since, until, stepMs }: SignInSpan): number {
  return Math.ceil((until - since) / stepMs);
}

/**
 * What came of the sign-ins of a span, bucket by bucket, the empty ones as well.
 * @param span at most some hundred buckets
 */
export async function tallySignIns(
  { audit }: { readonly audit: Pick<AuditStore, 'tally'> },
  span: SignInSpan,
): Promise<readonly SignInBucket[]> {
  const { since, until, stepMs } = span;
  const buckets = Array.from({ length: bucketsOf(span) }, (_none, n) => ({
    from: since + n * stepMs,
    done: 0,
    refused: 0,
    byCode: new Map<string, number>(),
  }));
  const shortMs = Math.min(stepMs, pieceMs);
  for (let from = since; from < until; from += pieceMs) {
    const piece = { what: signIns, since: from, until: Math.min(from + pieceMs, until), stepMs: shortMs };
    for (const { bucket: short, outcome, code, times } of await audit.tally(piece)) {
      const bucket = buckets[Math.floor((from + short * shortMs - since) / stepMs)];
      if (bucket === undefined) continue;
      if (outcome === 'done') bucket.done += times;
      else {
        bucket.refused += times;
        if (code !== undefined) bucket.byCode.set(code, (bucket.byCode.get(code) ?? 0) + times);
      }
    }
    await turn();
  }
  return buckets;
}
