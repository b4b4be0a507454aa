import { existsSync, linkSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreFault } from '../store-fault.ts';
import { toDisk } from './backup.ts';
import { asOpeningFault } from './errors.ts';

/**
 * Nobody can leave the write-ahead log while somebody else has the file open: so this finds a server that runs, and
 * afterwards the file stands for itself.
 * @returns the connection, which holds the file until it is closed; undefined where there is no file, or a broken one
 * @throws StoreFault `locked`
 */
function held(file: string): DatabaseSync | undefined {
  if (!existsSync(file)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('pragma journal_mode = delete');
    database.exec('begin exclusive');
    return database;
  } catch (cause) {
    database?.close();
    const fault = asOpeningFault(cause, file);
    // What is broken is what a backup is for.
    if (fault instanceof StoreFault && fault.code === 'not-a-database') return undefined;
    if (fault instanceof StoreFault && fault.code === 'locked') {
      throw new StoreFault('locked', `${file} is in use: stop the server first, then restore.`, cause);
    }
    throw fault;
  }
}

/** @throws StoreFault `locked` where anybody has the database open */
export function mustBeAlone(file: string): void {
  held(file)?.close();
}

/** Puts the new file in the place of the old one, which keeps its content under another name. */
export function exchange(part: string, file: string, now: number): string | undefined {
  const hold = held(file);
  try {
    if (!existsSync(file)) {
      renameSync(part, file);
      toDisk(dirname(file));
      return undefined;
    }
    const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/gu, '');
    let aside = `${file}.before-restore-${stamp}`;
    while (existsSync(aside)) aside += '-again';
    try {
      linkSync(file, aside);
    } catch {
      // A file system without links: for a moment there is no database then.
      renameSync(file, aside);
    }
    // A log that a broken database left belongs to it, and must not be read with the new file.
    for (const ending of ['-wal', '-shm']) {
      if (existsSync(`${file}${ending}`)) renameSync(`${file}${ending}`, `${aside}${ending}`);
    }
    renameSync(part, file);
    toDisk(dirname(file));
    return aside;
  } finally {
    hold?.close();
  }
}
