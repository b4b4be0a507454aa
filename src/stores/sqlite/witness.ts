import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../core/ports.ts';
import { migrations } from '../sql/migrations.ts';
import { copyInto } from './backup.ts';
import { makeFile } from './files.ts';
import { openSqlite } from './open.ts';

/**
 * The database in place as a file that a backup can be compared with: it must be whole enough, and of the same key.
 * @param copy where a copy of it may be made, which the caller removes: one of an older version is brought up to date there
 * @returns its path; undefined where there is none that can be read, or one of a newer version
 */
export async function witnessOf(
  file: string,
  copy: string,
  { keyMark, clock }: { readonly keyMark: string; readonly clock: Clock },
): Promise<string | undefined> {
  if (!existsSync(file)) return undefined;
  try {
    const schema = schemaOf(file, keyMark);
    if (schema === undefined || schema > migrations.length) return undefined;
    if (schema === migrations.length) return file;
    makeFile(copy);
    copyInto(file, copy);
    await (await openSqlite({ file: copy, clock })).close();
    return copy;
  } catch {
    // Damaged, or no database: what a backup is for.
    return undefined;
  }
}

function schemaOf(file: string, keyMark: string): number | undefined {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const mark = database.prepare(`select value from meta where name = 'key-mark'`).get()?.['value'];
    if (mark !== keyMark) return undefined;
    return Number(database.prepare('select max(number) as number from migrations').get()?.['number'] ?? 0);
  } finally {
    database.close();
  }
}
