import type { Sealer } from '../ports.ts';
import type { AuditRow, Link } from './store.ts';

/** The keyed mark: whoever has the database and not the key can make none. */
export type Marker = Pick<Sealer, 'mark'>;

/** What stands before the first entry of a chain that was begun before its ends were written first. */
const beginning: Link = { position: 0, seal: '' };

/** The link of an entry behind another one. */
export function linkBehind(sealer: Marker, previous: Link, row: AuditRow): Link {
  const position = previous.position + 1;
  // An array, so that no two entries give the same text, wherever one field ends and the next begins.
  const text = JSON.stringify([
    previous.seal,
    position,
    row.seq,
    row.at,
    row.what,
    row.outcome,
    row.accountId,
    row.actorId,
    row.door,
    row.address,
    row.userAgent,
    row.factsText,
  ]);
  return { position, seal: sealer.mark(text, 'audit entry') };
}

type End = 'head' | 'anchor';

/** What is kept of an end of the chain: the mark keeps whoever deletes entries from moving the end to where they stop. */
export function endText(sealer: Marker, end: End, { position, seal }: Link): string {
  return `${headText({ position, seal })}:${markOf(sealer, end, { position, seal })}`;
}

/**
 * The end that a text tells of; undefined when the text is not one of ours. No text at all is no head: see `beginTrail`. It
 * is an anchor, since only a chain that begins with nothing fits it.
 */
export function endOf(sealer: Marker, end: End, text: string): Link | undefined {
  if (text === '') return end === 'anchor' ? beginning : undefined;
  const [position = '', seal = '', mark] = text.split(':');
  const link = { position: Number(position), seal };
  return mark === markOf(sealer, end, link) ? link : undefined;
}

function markOf(sealer: Marker, end: End, { position, seal }: Link): string {
  return sealer.mark(JSON.stringify([position, seal]), `audit ${end}`);
}

/** A head as people keep it outside: `<position>:<seal>`. */
export function headText({ position, seal }: Link): string {
  return `${position}:${seal}`;
}

/** The head that such a text names; undefined for none. */
export function headOf(text: string): Link | undefined {
  const [, position, seal] = /^([1-9]\d{0,14}):([A-Za-z0-9+/]{43}=)$/u.exec(text) ?? [];
  return position === undefined || seal === undefined ? undefined : { position: Number(position), seal };
}
