import type { Caller, Clock, Moment } from '../ports.ts';
import { endOf, endText, linkBehind, type Marker } from './chain.ts';
import { recordOf } from './record.ts';
import type { AuditStore, Cut, Link, SealedRow } from './store.ts';

export interface PruneNeeds {
  readonly audit: Pick<AuditStore, 'prune'>;
  readonly sealer: Marker;
  readonly clock: Clock;
  /** For how many days entries are kept; 0 for ever. */
  readonly keepDays: () => number;
}

const dayMs = 86_400_000;

/** Entries that one step deletes, at most. */
const prunedAtOnce = 500;

const bySystem: Caller = { door: 'server', address: '', userAgent: '', requestId: '' };

/**
 * Deletes some of the entries that are old enough, from the start of the trail on. Whole days go at a time, so that the
 * entry which tells of it does not come every hour. Whether the deleted ones were as they had been written is looked at
 * first and stands in that entry: retention must not be a way to make changes unseen.
 * @returns whether there may be more
 */
export async function pruneTrail(needs: PruneNeeds): Promise<boolean> {
  const days = needs.keepDays();
  if (days <= 0) return false;
  const now = needs.clock.now();
  const before = Math.floor((now - days * dayMs) / dayMs) * dayMs;
  return await needs.audit.prune((anchor, rows) => cutOf(needs, { anchor, rows, before, now }), prunedAtOnce);
}

function cutOf(
  { sealer }: PruneNeeds,
  given: {
    readonly anchor: string;
    readonly rows: readonly SealedRow[];
    readonly before: Moment;
    readonly now: Moment;
  },
): Cut | undefined {
  const young = given.rows.findIndex(({ row }) => row.at >= given.before);
  const old = young === -1 ? given.rows : given.rows.slice(0, young);
  const [first] = old;
  const last = old.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const whole = isWhole(sealer, endOf(sealer, 'anchor', given.anchor), old).held;
  const who = { at: given.now, caller: bySystem, actorId: undefined, accountId: undefined };
  const facts = { entries: old.length, first: first.position, last: last.position, whole };
  return {
    position: last.position,
    anchor: endText(sealer, 'anchor', last),
    audit: recordOf('audit.prune', who, facts),
  };
}

function isWhole(sealer: Marker, anchor: Link | undefined, rows: readonly SealedRow[]): { readonly held: boolean } {
  let previous = anchor;
  for (const { position, seal, row } of rows) {
    if (previous === undefined) return { held: false };
    const link = linkBehind(sealer, previous, row);
    previous = link.position === position && link.seal === seal ? link : undefined;
  }
  return { held: previous !== undefined };
}
