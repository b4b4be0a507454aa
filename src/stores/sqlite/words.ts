import { sql } from 'kysely';
import type { SqlDialect, TableDialect } from '../sql/dialect.ts';

/** SQLite's words. One writer at a time has the whole file, so rows need no locks. */
export const sqliteWords: SqlDialect & TableDialect = {
  jsonOfRows: sql`json_group_array`,
  jsonOfValues: sql`json_array`,
  fact: (facts, name) => sql`json_extract(${facts}, ${`$.${name}`})`,
  lock: (rows) => rows,
  lockFree: (rows) => rows,
  exactText: sql`text`,
  countingKey: sql`integer primary key autoincrement`,
  nullsFirst: sql``,
  clustered: sql`without rowid`,
  forgettable: sql``,
};
