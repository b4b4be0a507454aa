import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Schema } from '../sql/schema.ts';

/** Texts of statements differ by the lengths of lists, so their number must be bounded. */
const mostPrepared = 200;

/** Called with the text of each statement before it runs. */
export type OnStatement = (sql: string) => void;

/** Kysely over one open connection of `node:sqlite`. Whoever makes it begins and ends transactions. */
export function kyselyOver(database: DatabaseSync, onStatement: OnStatement | undefined): Kysely<Schema> {
  const connection = new Connection(database, onStatement);
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driverOf(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<Schema>({ dialect });
}

function driverOf(connection: Connection): Driver {
  const notHere = async (): Promise<never> => {
    throw new Error('Transactions are begun by the writer alone.');
  };
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: notHere,
    commitTransaction: notHere,
    rollbackTransaction: notHere,
    releaseConnection: async () => {},
    destroy: async () => {},
  };
}

interface Prepared {
  readonly statement: StatementSync;
  readonly givesRows: boolean;
}

class Connection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #onStatement: OnStatement | undefined;
  /** The least recently used one comes first. */
  readonly #prepared = new Map<string, Prepared>();

  constructor(database: DatabaseSync, onStatement: OnStatement | undefined) {
    this.#database = database;
    this.#onStatement = onStatement;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.#onStatement?.(query.sql);
    const { statement, givesRows } = this.#prepare(query.sql);
    const parameters = query.parameters as readonly SQLInputValue[];
    if (!givesRows) {
      const { changes } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes) };
    }
    const rows = statement.all(...parameters) as R[];
    return { rows, numAffectedRows: BigInt(rows.length) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Nothing is streamed from SQLite.');
  }

  #prepare(sql: string): Prepared {
    const kept = this.#prepared.get(sql);
    if (kept !== undefined) {
      this.#prepared.delete(sql);
      this.#prepared.set(sql, kept);
      return kept;
    }
    const statement = this.#database.prepare(sql);
    const prepared = { statement, givesRows: statement.columns().length > 0 };
    this.#prepared.set(sql, prepared);
    if (this.#prepared.size > mostPrepared) {
      const oldest = this.#prepared.keys().next();
      if (oldest.done !== true) this.#prepared.delete(oldest.value);
    }
    return prepared;
  }
}
