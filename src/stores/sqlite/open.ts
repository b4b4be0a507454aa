import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Clock } from '../../core/ports.ts';
import type { SqlBackend, Write } from '../sql/backend.ts';
import { migrate } from '../sql/migrate.ts';
import { compileSlots, slots } from '../sql/slots.ts';
import { type SqlStore, storeOver } from '../sql/store.ts';
import { StoreFault } from '../store-fault.ts';
import { kyselyOver, type OnStatement } from './driver.ts';
import { asOpeningFault, asRefusal, duplicateOf } from './errors.ts';
import { makeFile } from './files.ts';
import { sharedHappenings } from './happenings.ts';
import { rowShape } from './rows.ts';
import { sqliteWords } from './words.ts';
import { durable, groupWriter } from './writer.ts';

export interface SqliteOptions {
  /** The path of the database; it is made if it is missing. */
  readonly file: string;
  readonly clock: Clock;
  /** How long a write waits while another process writes, in milliseconds; default 5,000. Nobody is served meanwhile. */
  readonly lockWaitMs?: number;
  /** Hears of each statement before it runs; for tests that count round trips. */
  readonly onStatement?: OnStatement;
}

/**
 * Opens a SQLite database, brings its schema up to date, and gives the store over it. Several processes may have one
 * file open; they hear of each other's changes within 200 ms.
 * @throws StoreFault with one sentence for the operator
 */
export async function openSqlite(options: SqliteOptions): Promise<SqlStore> {
  const { file, clock, lockWaitMs = 5_000, onStatement } = options;
  makeFile(file);
  const opened: DatabaseSync[] = [];
  try {
    const writer = openConnection(file, 'writer', lockWaitMs);
    opened.push(writer);
    const { chainIsNew } = await migrateFile(writer, clock);
    // A connection of its own, so that reads never see what a write has not committed yet.
    const reader = openConnection(file, 'reader', lockWaitMs);
    opened.push(reader);
    return over({ writer, reader, clock, onStatement, chainIsNew });
  } catch (cause) {
    for (const database of opened) database.close();
    throw asOpeningFault(cause, file);
  }
}

/** So much of the file the reader sees through the page cache of the system. */
const mappedBytes = 1_073_741_824;

function openConnection(file: string, use: 'writer' | 'reader', lockWaitMs: number): DatabaseSync {
  const database = new DatabaseSync(file, {
    readOnly: use === 'reader',
    enableForeignKeyConstraints: true,
    timeout: lockWaitMs,
  });
  try {
    database.exec('pragma temp_store = memory; pragma cache_size = -16000;');
    // A page that is not in the cache is then found without a call of the system (decision 6).
    if (use === 'reader') database.exec(`pragma mmap_size = ${mappedBytes};`);
    if (use === 'writer') {
      // Asked before anything is changed: the next line would leave its mark on the file of another program.
      mustBeOurs(database, file);
      const mode = database.prepare('pragma journal_mode = wal').get()?.['journal_mode'];
      if (mode !== 'wal') {
        throw new StoreFault(
          'file-unusable',
          `${file} lies on a file system that SQLite's write-ahead log cannot use: put it on a local disk.`,
        );
      }
      database.exec(`${durable}; pragma journal_size_limit = 67108864;`);
    }
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

function tablesOf(database: DatabaseSync): ReadonlySet<string> {
  const tables = database.prepare(`select name from sqlite_schema where type = 'table'`).all();
  return new Set(tables.map(({ name }) => String(name)));
}

/** @throws StoreFault `foreign-database` */
function mustBeOurs(database: DatabaseSync, file: string): void {
  const names = tablesOf(database);
  if (names.size === 0 || names.has('migrations')) return;
  throw new StoreFault(
    'foreign-database',
    `${file} is the database of another program: name another file in DATABASE_URL.`,
  );
}

async function migrateFile(writer: DatabaseSync, clock: Clock): Promise<{ readonly chainIsNew: boolean }> {
  const names = tablesOf(writer);
  const db = kyselyOver(writer, undefined);
  return await migrate(
    {
      read: db,
      tables: sqliteWords,
      hasTable: async (name) => names.has(name),
      alone: async (act) => {
        writer.exec('begin immediate');
        try {
          await act(db);
          writer.exec('commit');
        } catch (cause) {
          if (writer.isTransaction) writer.exec('rollback');
          throw cause;
        }
      },
    },
    clock.now(),
  );
}

function over({
  writer,
  reader,
  clock,
  onStatement,
  chainIsNew,
}: {
  readonly writer: DatabaseSync;
  readonly reader: DatabaseSync;
  readonly clock: Clock;
  readonly onStatement: OnStatement | undefined;
  readonly chainIsNew: boolean;
}): SqlStore {
  const happenings = sharedHappenings(writer, clock);
  const db = kyselyOver(writer, onStatement);
  const read = kyselyOver(reader, onStatement);
  const [onReader, onWriter] = [preparedOn(reader, onStatement), preparedOn(writer, onStatement)];
  const run: Write['run'] = async ({ name, sql }, values) => onWriter(name, sql, values);
  const { write, idle } = groupWriter(writer, { db, run }, happenings);
  let open = true;

  const hot: SqlBackend['hot'] = (name, build) => {
    const { sql, fill } = compileSlots(build(read, slots()));
    return async (given, inside) => {
      if (inside !== undefined) return (await inside.run({ name, sql }, fill(given))) as never;
      try {
        return onReader(name, sql, fill(given)) as never;
      } catch (cause) {
        throw asRefusal(cause);
      }
    };
  };

  return storeOver(
    { dialect: sqliteWords, read, hot, duplicate: duplicateOf, write },
    {
      events: happenings.events,
      clock,
      chainIsNew,
      close: async () => {
        if (!open) return;
        open = false;
        await idle();
        happenings.stop();
        reader.close();
        writer.close();
      },
    },
  );
}

/** Runs statements on one connection, each of which is prepared at its first call. */
function preparedOn(
  database: DatabaseSync,
  onStatement: OnStatement | undefined,
): (name: string, sql: string, values: readonly SQLInputValue[]) => readonly unknown[] {
  const prepared = new Map<string, (values: readonly SQLInputValue[]) => readonly unknown[]>();
  const prepare = (sql: string) => {
    const statement = database.prepare(sql);
    const columns = statement.columns().map(({ name }) => name);
    if (columns.length === 0) {
      return (values: readonly SQLInputValue[]) => {
        statement.run(...values);
        return [];
      };
    }
    statement.setReturnArrays(true);
    const shape = rowShape(columns);
    return (values: readonly SQLInputValue[]) =>
      (statement.all(...values) as unknown as (readonly unknown[])[]).map(shape);
  };
  return (name, sql, values) => {
    onStatement?.(sql);
    const act = prepared.get(name) ?? prepare(sql);
    prepared.set(name, act);
    return act(values);
  };
}
