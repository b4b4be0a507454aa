import { endOf, type Marker } from './chain.ts';
import type { AuditStore, Link } from './store.ts';

export interface WatchNeeds {
  readonly audit: Pick<AuditStore, 'kept' | 'sealed'>;
  readonly sealer: Marker;
}

/** What somebody did to the trail of a running server. */
export interface HeadGoneBack {
  /** The place that the chain had reached. */
  readonly was: number;
  /** The place that it ends at now; undefined where what is kept of its end is none of ours. */
  readonly is: number | undefined;
}

/**
 * Remembers how far the chain had come, and looks whether it still has: what is written in the database is not all that
 * is known of it while a server runs.
 * @returns a look, which gives what it found once; a head that is behind is told at the second look only, since a
 *   database that fell over may have lost what is sealed again within the second
 */
export function headWatch({ audit, sealer }: WatchNeeds): () => Promise<HeadGoneBack | undefined> {
  let known: Link | undefined;
  let suspect = false;
  let lost = false;
  return async () => {
    const kept = await audit.kept();
    const head = endOf(sealer, 'head', kept.head);
    if (head === undefined) {
      if (lost) return undefined;
      lost = true;
      return { was: known?.position ?? 0, is: undefined };
    }
    lost = false;
    const was = known;
    if (was === undefined || (await isStillThere(was, head, kept.anchor))) {
      known = head;
      suspect = false;
      return undefined;
    }
    if (!suspect) {
      suspect = true;
      return undefined;
    }
    known = head;
    suspect = false;
    return { was: was.position, is: head.position };
  };

  async function isStillThere(was: Link, head: Link, anchorText: string): Promise<boolean> {
    if (head.position < was.position) return false;
    if (head.position === was.position) return head.seal === was.seal;
    const anchor = endOf(sealer, 'anchor', anchorText);
    if (anchor === undefined) return false;
    if (anchor.position >= was.position) return anchor.position > was.position || anchor.seal === was.seal;
    const [there] = await audit.sealed({ position: was.position - 1, seq: Number.MAX_SAFE_INTEGER }, 1);
    return there?.position === was.position && there.seal === was.seal;
  }
}
