import type { Clock } from '../ports.ts';
import { endOf, linkBehind, type Marker } from './chain.ts';
import { HeadForged, sealTrail } from './seal-trail.ts';
import type { AuditStore, Link, SealedRow } from './store.ts';

export interface VerifyNeeds {
  readonly audit: Pick<AuditStore, 'seal' | 'ends' | 'sealed' | 'unsealed'>;
  readonly sealer: Marker;
  readonly clock: Clock;
}

/** What is wrong with the trail; `position` is the first place that does not hold. */
export type Breach =
  /** What is kept of an end is gone, or was not written by a holder of the key. */
  | { readonly kind: 'head-forged' | 'anchor-forged' }
  /** Entries stand behind the end that was kept: it was set back, or they were put there. */
  | { readonly kind: 'behind-head'; readonly position: number }
  /** Entries stand before the start: they were put there. */
  | { readonly kind: 'before-start'; readonly position: number }
  | { readonly kind: 'missing' | 'twice' | 'changed'; readonly position: number }
  /** Everything from this place on is gone. */
  | { readonly kind: 'cut-off'; readonly position: number }
  /** The head that was kept elsewhere is not in the trail: another entry stands at its place. */
  | { readonly kind: 'other-trail'; readonly position: number };

export type Verified =
  | {
      readonly held: true;
      /** How many entries hold. */
      readonly entries: number;
      /** The place of the first one; the ones before were pruned. */
      readonly first: number;
      /** To be kept elsewhere; undefined where nothing has been sealed. */
      readonly head: Link | undefined;
      /** Entries of some age that could not be sealed. */
      readonly unsealed: number;
      /** False where the given head was pruned away, so that nothing can be said of it. */
      readonly compared: boolean;
    }
  | { readonly held: false; readonly breach: Breach };

/** Entries that one read brings. */
const readAtOnce = 1_000;

/** An entry that waits longer than this is told of. */
const patienceMs = 10_000;

class Broken extends Error {
  readonly breach: Breach;

  constructor(breach: Breach) {
    super(breach.kind);
    this.breach = breach;
  }
}

/**
 * Goes through the whole trail, from its start to its head, in reads of bounded size: every entry as it was written, each
 * at its place, none too many.
 * @param kept a head that was kept elsewhere: without it, nobody can tell a trail from an older copy of itself
 */
export async function verifyTrail(needs: VerifyNeeds, kept?: Link): Promise<Verified> {
  try {
    return await verified(needs, kept);
  } catch (cause) {
    if (cause instanceof Broken) return { held: false, breach: cause.breach };
    if (cause instanceof HeadForged) return { held: false, breach: { kind: 'head-forged' } };
    throw cause;
  }
}

async function verified(needs: VerifyNeeds, kept: Link | undefined): Promise<Extract<Verified, { held: true }>> {
  const { audit, clock } = needs;
  await sealTrail(needs);
  const head = await headWithNothingBehind(needs);
  if (kept !== undefined && kept.position > head.position) {
    throw new Broken({ kind: 'cut-off', position: head.position + 1 });
  }
  const { start, passed } = await walk(needs, head, kept);
  return {
    held: true,
    entries: Math.max(0, head.position - start.position),
    first: start.position + 1,
    head: head.position === 0 ? undefined : head,
    unsealed: await audit.unsealed(clock.now() - patienceMs),
    compared: kept === undefined || passed,
  };
}

async function headWithNothingBehind({ audit, sealer }: VerifyNeeds): Promise<Link> {
  const { head: text, last } = await audit.ends();
  const head = endOf(sealer, 'head', text);
  if (head === undefined) throw new Broken({ kind: 'head-forged' });
  if (last > head.position) throw new Broken({ kind: 'behind-head', position: head.position + 1 });
  return head;
}

/** Follows the chain to its head. @returns where it began, and whether the head that was kept elsewhere was passed */
async function walk(
  { audit, sealer }: VerifyNeeds,
  head: Link,
  kept: Link | undefined,
): Promise<{ readonly start: Link; readonly passed: boolean }> {
  let start = await startOf({ audit, sealer });
  let reached = start;
  let seq = Number.MAX_SAFE_INTEGER;
  let passed = mustFit(start, kept);
  // What is pruned was sealed long before: the start never overtakes the head.
  if (start.position > head.position) throw new Broken({ kind: 'behind-head', position: head.position + 1 });
  while (reached.position < head.position) {
    const rows = await audit.sealed({ position: reached.position, seq }, readAtOnce);
    const [first] = rows;
    if (first?.position !== reached.position + 1) {
      // The server may have pruned meanwhile; whatever is missing behind its new start was deleted by somebody else.
      const moved = await startOf({ audit, sealer });
      if (moved.position > reached.position) {
        [start, reached, seq] = [moved, moved, Number.MAX_SAFE_INTEGER];
        passed = mustFit(start, kept) || passed;
        continue;
      }
      if (first === undefined) throw new Broken({ kind: 'cut-off', position: reached.position + 1 });
    }
    for (const row of rows) {
      if (row.position > head.position) break;
      reached = mustFollow(sealer, reached, row);
      ({ seq } = row.row);
      passed = mustFit(reached, kept) || passed;
    }
    if (reached.position < head.position && rows.length < readAtOnce) {
      throw new Broken({ kind: 'cut-off', position: reached.position + 1 });
    }
  }
  if (reached.position === head.position && reached.seal !== head.seal) {
    throw new Broken({ kind: 'changed', position: head.position });
  }
  const [behind] = await audit.sealed({ position: reached.position, seq }, 1);
  if (behind?.position === reached.position) throw new Broken({ kind: 'twice', position: reached.position });
  return { start, passed };
}

/** The start, with nothing before it. */
async function startOf({ audit, sealer }: Pick<VerifyNeeds, 'audit' | 'sealer'>): Promise<Link> {
  const start = endOf(sealer, 'anchor', (await audit.ends()).anchor);
  if (start === undefined) throw new Broken({ kind: 'anchor-forged' });
  const [lowest] = await audit.sealed({ position: Number.MIN_SAFE_INTEGER, seq: 0 }, 1);
  if (lowest !== undefined && lowest.position <= start.position) {
    throw new Broken({ kind: 'before-start', position: lowest.position });
  }
  return start;
}

/** Whether this is the place of the head that was kept elsewhere; then it must be that very entry. */
function mustFit({ position, seal }: Link, kept: Link | undefined): boolean {
  if (position !== kept?.position) return false;
  if (seal !== kept.seal) throw new Broken({ kind: 'other-trail', position });
  return true;
}

function mustFollow(sealer: Marker, previous: Link, { position, seal, row }: SealedRow): Link {
  if (position === previous.position) throw new Broken({ kind: 'twice', position });
  const link = linkBehind(sealer, previous, row);
  if (position !== link.position) throw new Broken({ kind: 'missing', position: link.position });
  if (seal !== link.seal) throw new Broken({ kind: 'changed', position });
  return link;
}
