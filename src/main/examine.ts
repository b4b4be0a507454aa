import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { markOf, storedKey } from './key.ts';

/** What doctor wants to know of the database; nothing is made or changed. */
export async function examined(config: Config) {
  const { database } = config;
  const found =
    database.kind === 'sqlite'
      ? (await import('../stores/sqlite/examine.ts')).examineSqlite(resolve(database.file))
      : await (await import('../stores/postgres/examine.ts')).examinePostgres(database.url);
  return { ...found, key: fits(found.keyMark, storedKey(config)) };
}

function fits(mark: string | undefined, key: Buffer | undefined): 'fits' | 'differs' | 'unmarked' {
  if (mark === undefined) return 'unmarked';
  return key !== undefined && mark === markOf(key) ? 'fits' : 'differs';
}
