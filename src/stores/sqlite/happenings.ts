import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Events, Happening } from '../../core/ports.ts';
import { happeningIn, textOf } from '../sql/happening-text.ts';
import { listeners } from '../sql/listeners.ts';

/** How often the file is asked whether another process has written, in milliseconds. */
const pollMs = 200;

/** How long a happening waits for the processes that have not read it, in milliseconds. */
const keptMs = 3_600_000;

/** How often the old ones are deleted, in milliseconds. */
const sweepMs = 600_000;

export interface SharedHappenings {
  readonly events: Events;
  /** Writes what a transaction announces into the transaction. */
  readonly before: (told: readonly Happening[]) => void;
  /** Tells this process, once the transaction is committed. */
  readonly after: (told: readonly Happening[]) => void;
  readonly stop: () => void;
}

/**
 * Lets the processes that have one file open hear of each other: the command line works on the file while the server
 * runs. Happenings are rows, written in the transaction that they tell of.
 * @param database the writer's connection: `data_version` there changes with the commits of others only
 */
export function sharedHappenings(database: DatabaseSync, clock: Clock): SharedHappenings {
  const here = listeners();
  const node = randomUUID();
  database.exec(`create table if not exists happenings (
    seq integer primary key autoincrement, at integer not null, node text not null, body text not null
  )`);
  const insert = database.prepare('insert into happenings (at, node, body) values (?, ?, ?)');
  const readAfter = database.prepare('select seq, node, body from happenings where seq > ? order by seq');
  const readLast = database.prepare(`select seq from sqlite_sequence where name = 'happenings'`);
  const removeOld = database.prepare('delete from happenings where at < ?');
  const version = database.prepare('pragma data_version');
  const versionNow = () => numberIn(version.get(), 'data_version');
  const lastNow = () => numberIn(readLast.get(), 'seq');

  let seenVersion = versionNow();
  let seen = lastNow();
  /** The last one of this process's own, where nothing of another process lies before it. */
  let pending: number | undefined;
  let sweptAt = clock.now();

  function poll(): void {
    // What is not committed yet must not be taken as read.
    if (database.isTransaction) return;
    const current = versionNow();
    if (current === seenVersion) return;
    const rows = readAfter.all(seen);
    // The counter outlives the rows: a gap means that they were swept while this process slept.
    const missed = Number(rows[0]?.['seq'] ?? lastNow() + 1) > seen + 1;
    for (const { seq, node: from, body } of rows) {
      seen = Number(seq);
      const happening = from === node ? undefined : happeningIn(String(body));
      if (happening !== undefined) here.tell(happening);
    }
    if (missed) {
      seen = Math.max(seen, lastNow());
      here.tellGap();
    }
    seenVersion = current;
  }

  const timer = setInterval(() => {
    try {
      poll();
    } catch {
      // The file is locked or gone for the moment; what was written since is read at the next look.
    }
  }, pollMs);
  timer.unref();

  return {
    events: {
      // One server to a file: what no table holds concerns nobody else.
      publish: (happening) => here.tell(happening),
      subscribe: here.subscribe,
      onGap: here.onGap,
    },
    before: (told) => {
      pending = undefined;
      if (told.length === 0) return;
      const now = clock.now();
      for (const happening of told) insert.run(now, node, textOf(happening));
      if (now - sweptAt >= sweepMs) {
        sweptAt = now;
        removeOld.run(now - keptMs);
      }
      // Inside the transaction nobody else writes: if nobody has since the last look, the own rows need no second one.
      if (versionNow() === seenVersion) pending = lastNow();
    },
    after: (told) => {
      if (pending !== undefined) seen = pending;
      for (const happening of told) here.tell(happening);
    },
    stop: () => clearInterval(timer),
  };
}

function numberIn(row: Record<string, unknown> | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === 'number' ? value : 0;
}
