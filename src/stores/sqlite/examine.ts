import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Examination } from '../examination.ts';
import { migrations } from '../sql/migrations.ts';
import { asOpeningFault } from './errors.ts';

/**
 * Looks at an embedded database, also while a server uses it.
 * @throws StoreFault with one sentence when the file is no database
 */
export function examineSqlite(file: string): Examination {
  const name = `SQLite ${process.versions['sqlite']}`;
  const known = migrations.length;
  const nothing = {
    name,
    exists: false,
    schema: { found: 0, known },
    damage: [],
    unwritable: undefined,
    keyMark: undefined,
  };
  if (!existsSync(file)) return nothing;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    const tables = database.prepare(`select name from sqlite_schema where name = 'migrations'`).all();
    if (tables.length === 0) return nothing;
    const found = Number(database.prepare('select max(number) as number from migrations').get()?.['number'] ?? 0);
    const mark = database.prepare(`select value from meta where name = 'key-mark'`).get()?.['value'];
    const damage = database
      .prepare('pragma quick_check')
      .all()
      .map((row) => String(row['quick_check']))
      .filter((line) => line !== 'ok');
    return {
      name,
      exists: true,
      schema: { found, known },
      damage,
      unwritable: whyUnwritable(file),
      keyMark: typeof mark === 'string' ? mark : undefined,
    };
  } catch (cause) {
    throw asOpeningFault(cause, file);
  } finally {
    database?.close();
  }
}

/** Takes the lock for writing and gives it back. */
function whyUnwritable(file: string): string | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 5_000 });
    database.exec('begin immediate; rollback;');
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  } finally {
    database?.close();
  }
}
