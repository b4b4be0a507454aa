import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreFault } from '../store-fault.ts';
import { asCopyingFault } from './errors.ts';
import { codeOf } from './files.ts';

/** Under this name the moment of a backup stands in its `meta`. */
export const madeAtName = 'backup-at';

/**
 * Copies an embedded database into a new file (mode 0600), also while a server writes: the copy is as it was at one
 * moment, and is checked before it gets its name.
 * @param now milliseconds since 1970
 * @returns the size of the copy in bytes
 * @throws StoreFault with one sentence for the operator; nothing is left behind then
 */
export function backUpSqlite(file: string, target: string, now: number): { readonly bytes: number } {
  if (!existsSync(file)) throw new StoreFault('file-unusable', `${file} is not there: nothing can be backed up.`);
  if (existsSync(target)) {
    const what = statSync(target).isDirectory()
      ? 'is a folder: name a file in it'
      : 'exists already: name another file';
    throw new StoreFault('file-unusable', `${target} ${what}.`);
  }
  const part = `${target}.${randomBytes(6).toString('hex')}.part`;
  try {
    closeSync(openSync(part, 'wx', 0o600));
  } catch (cause) {
    throw new StoreFault('folder-unwritable', `${target} cannot be made (${codeOf(cause)}).`, cause);
  }
  try {
    copyInto(file, part);
    const checked = new DatabaseSync(part);
    try {
      mustBeWhole(checked, part);
      checked.prepare(`insert or replace into meta (name, value) values (?, ?)`).run(madeAtName, String(now));
    } finally {
      checked.close();
    }
    toDisk(part);
    give(part, target);
    toDisk(dirname(target));
    return { bytes: statSync(target).size };
  } catch (cause) {
    throw asCopyingFault(cause, file, target);
  } finally {
    rmSync(part, { force: true });
  }
}

/** Unlike a renaming, a link never takes the place of a file that came meanwhile; some file systems have none. */
function give(part: string, target: string): void {
  try {
    linkSync(part, target);
  } catch (cause) {
    if (existsSync(target)) throw cause;
    renameSync(part, target);
  }
}

/** Copies a database into a file that is empty, in one read of one moment; whoever writes goes on. */
export function copyInto(file: string, part: string): void {
  const source = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    source.prepare('vacuum into ?').run(part);
  } finally {
    source.close();
  }
}

/** @throws StoreFault `not-a-database` */
export function mustBeWhole(database: DatabaseSync, file: string): void {
  const found = database.prepare('pragma integrity_check').all();
  const damage = found.map((row) => String(row['integrity_check'])).filter((line) => line !== 'ok');
  const strays = database.prepare('pragma foreign_key_check').all().length;
  if (damage.length === 0 && strays === 0) return;
  const what = damage[0] ?? `${strays} rows belong to nobody`;
  throw new StoreFault('not-a-database', `${file} is damaged: ${what}.`);
}

/** Waits until a file, or the names in a folder, are on the disk. */
export function toDisk(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
