import type { DatabaseSync } from 'node:sqlite';
import type { Moment } from '../../core/ports.ts';

/** How the past of a backup and of the database in place (attached as `present`) lie to each other. */
export type CommonPast =
  /** All that the backup knows, the present database has been through: what it lacks has ended since. */
  | { readonly kind: 'whole' }
  /**
   * They went apart after this entry of the trail: the present database came from an older backup, or has not gone on
   * since. What it lacks may have come later than that.
   */
  | { readonly kind: 'partly'; readonly seq: number; readonly until: Moment }
  /** They have no entry in common: another database, or a fresh one. */
  | { readonly kind: 'none' };

/**
 * Compares the two audit trails, which are never written anew: each change stands in them with its transaction, so that
 * two databases with the same last entry have been the same at that moment.
 */
export function commonPast(database: DatabaseSync): CommonPast {
  const number = (query: string): number | undefined => {
    const found = database.prepare(query).get()?.['n'];
    return typeof found === 'number' ? found : undefined;
  };
  const newest = number('select max(seq) as n from main.audit');
  if (newest === undefined) return { kind: 'whole' };
  // From the newest on: of two that followed each other, the first look finds it.
  const shared = database
    .prepare(
      `select b.seq as seq, b.at as at from main.audit b join present.audit p
        on p.seq = b.seq and p.at = b.at and p.what = b.what and p.outcome = b.outcome and p.door = b.door
        and p.account_id is b.account_id and p.actor_id is b.actor_id and p.json_facts = b.json_facts
      order by b.seq desc limit 1`,
    )
    .get();
  if (shared !== undefined) {
    const [seq, at] = [Number(shared['seq']), Number(shared['at'])];
    if (seq === newest) return { kind: 'whole' };
    const firstAfter = (trail: 'main' | 'present'): number =>
      number(`select min(at) as n from ${trail}.audit where seq > ${seq} and outcome = 'done'`) ?? at + 1;
    // What was made in the very moment at which they went apart may have been made on either side.
    return { kind: 'partly', seq, until: Math.min(at, firstAfter('main') - 1, firstAfter('present') - 1) };
  }
  // The present trail goes back no further than to entries that came after the backup: the rest was pruned.
  const oldest = number('select min(seq) as n from present.audit');
  return oldest !== undefined && oldest > newest ? { kind: 'whole' } : { kind: 'none' };
}
