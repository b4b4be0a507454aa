import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';

/** An entry as the database holds it, before anything is read into it: what a seal is made over. */
export interface AuditRow {
  /** Counts up in the order of writing; entries that are written at once may be seen in another order. */
  readonly seq: number;
  readonly at: Moment;
  readonly what: string;
  readonly outcome: string;
  readonly accountId: string | null;
  readonly actorId: string | null;
  readonly door: string;
  readonly address: string;
  readonly userAgent: string;
  /** JSON. */
  readonly factsText: string;
}

/** A place in the chain, from 1 on without gaps, and the seal over the entry there and all before it. */
export interface Link {
  readonly position: number;
  readonly seal: string;
}

/** An entry with its link. */
export interface SealedRow extends Link {
  readonly row: AuditRow;
}

/** An entry as lists show it. */
export interface KeptEntry {
  readonly entry: AuditEntry;
  /** Undefined until it is sealed, which is some seconds at most. */
  readonly link: Link | undefined;
}

/** Which entries are asked for; what is undefined, all. */
export interface AuditFilter {
  readonly accountId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly what?: readonly string[] | undefined;
  readonly outcome?: AuditEntry['outcome'] | undefined;
  /** From this moment on. */
  readonly since?: Moment | undefined;
  /** Before this moment. */
  readonly until?: Moment | undefined;
}

/** Which entries are counted. */
export interface AuditTallyOf {
  readonly what: readonly string[];
  readonly since: Moment;
  readonly until: Moment;
  /** How long a bucket is; the first begins at `since`. */
  readonly stepMs: number;
}

/** How many entries of one bucket are alike. */
export interface Tallied {
  /** From 0 on. */
  readonly bucket: number;
  readonly outcome: string;
  /** The fact `code`. */
  readonly code: string | undefined;
  /** What is told `times` in one entry counts so often. */
  readonly times: number;
}

/** Where a page ended. */
export interface AuditCursor {
  readonly at: Moment;
  readonly seq: number;
}

/** A part of the trail, newest first. */
export interface AuditPage {
  readonly entries: readonly KeptEntry[];
  /** Where to go on; undefined at the end. A page that looked at many entries in vain may be empty and go on. */
  readonly next: AuditCursor | undefined;
}

/**
 * What the audit trail needs from a store. Most entries are written by other stores, in the step they tell of, without
 * waiting for each other; `seal` links them afterwards. Nothing here changes an entry that is sealed, and `prune` alone
 * deletes any.
 */
export interface AuditStore {
  /** Appends entries that belong to no other write. */
  append(entries: readonly AuditEntry[]): Promise<void>;
  /** The newest entries, newest first; of one account if named. */
  newest(count: number, accountId?: string): Promise<readonly AuditEntry[]>;
  /** The entries that fit, newest first. Looks at some thousand entries at most, however few fit. */
  page(filter: AuditFilter, count: number, after?: AuditCursor): Promise<AuditPage>;
  /**
   * Counts the entries of a time by bucket, outcome and code: a walk along the index of times, which is as long as the
   * time that is asked for.
   */
  tally(asked: AuditTallyOf): Promise<readonly Tallied[]>;
  /**
   * Gives the oldest unsealed entries their places. One node at a time does so; what it throws leaves all as it was.
   * @param link makes the links of these entries, and the text that is kept of the new head, from that of the last one.
   *   It may be called again after a conflict.
   * @returns how many were sealed
   */
  seal(link: (head: string, rows: readonly AuditRow[]) => Linked, atMost: number): Promise<number>;
  /**
   * Writes both ends of a chain that has none, where that can be no trick: in a database without accounts, or one whose
   * schema knew no chain before it was opened.
   */
  begin(ends: Pick<ChainEnds, 'head' | 'anchor'>): Promise<void>;
  /** What is kept of both ends; nothing is written for it, so the head may be one that a power cut undoes. */
  kept(): Promise<Pick<ChainEnds, 'head' | 'anchor'>>;
  /** What is kept of both ends of the chain. When it returns, everything sealed up to this head is on the disk. */
  ends(): Promise<ChainEnds>;
  /** Sealed entries in the order of their places, from behind the one named; those that fit. */
  sealed(
    after: { readonly position: number; readonly seq: number },
    atMost: number,
    filter?: AuditFilter,
  ): Promise<readonly SealedRow[]>;
  /** How many entries from before a moment have no place yet. */
  unsealed(before: Moment): Promise<number>;
  /**
   * Deletes entries from the start of the chain, and writes the entry that says so in the same step.
   * @param cut says from the text of the anchor and the first entries what is to go; undefined for nothing
   * @returns whether anything went
   */
  prune(cut: (anchor: string, rows: readonly SealedRow[]) => Cut | undefined, atMost: number): Promise<boolean>;
}

export interface Linked {
  readonly head: string;
  /** One for each entry, in their order. */
  readonly links: readonly Link[];
}

export interface ChainEnds {
  /** What was kept of the last sealed entry; `''` where somebody took it away. */
  readonly head: string;
  /** What was kept of the last deleted entry, or of the beginning; `''` in chains that are older than that. */
  readonly anchor: string;
  /** The highest place that an entry has; 0 for none. It is read before the head, so it is never ahead of it. */
  readonly last: number;
}

export interface Cut {
  /** Everything up to this place goes. */
  readonly position: number;
  /** What is kept of it. */
  readonly anchor: string;
  readonly audit: AuditEntry;
}
