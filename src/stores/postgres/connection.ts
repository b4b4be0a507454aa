import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import pg from 'pg';
import type { Schema } from '../sql/schema.ts';
import { asRefusal, isBroken } from './errors.ts';

/** Called with the text of each statement before it runs. */
export type OnStatement = (sql: string) => void;

/** How connections are made: nothing waits for ever. All times in milliseconds. */
export function connectionConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    fallback_application_name: 'countersign',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 15_000,
    // Longer than the server's own limit: it speaks only when the server has fallen silent.
    query_timeout: 12_000,
    types: { getTypeParser },
  };
}

/** Every `bigint` here is a moment or a count, and fits a number; only this program's connections read it so. */
const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8 && format !== 'binary'
    ? Number
    : (pg.types.getTypeParser(oid, format ?? 'text') as unknown)) as typeof pg.types.getTypeParser;

/** A connection of the pool, with kysely over it. */
export interface Connected {
  readonly client: pg.PoolClient;
  readonly db: Kysely<Schema>;
  /** Runs a statement that kysely has no part in; one with a name is prepared once on the connection. */
  run(text: string, values?: readonly unknown[], name?: string): Promise<pg.QueryResult>;
  /** Gives it back to the pool, or throws it away when its state is unknown. */
  release(): void;
}

/** The pool, and what is made of its connections. */
export function connections(pool: pg.Pool, onStatement: OnStatement | undefined) {
  const known = new WeakMap<pg.PoolClient, PooledConnection>();
  // A connection that dies says so by an event, which must not end the process; its next use fails, or the pool drops it.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {
      const connection = known.get(client);
      if (connection !== undefined) connection.broken = true;
    });
  });

  async function take(): Promise<PooledConnection> {
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (cause) {
      throw asRefusal(cause);
    }
    const connection = known.get(client) ?? new PooledConnection(client, onStatement);
    known.set(client, connection);
    return connection;
  }

  return {
    take: async (): Promise<Connected> => await take(),
    /** Kysely over whatever connection is free. */
    read: kyselyOver(take, (connection) => connection.release()),
  };
}

class PooledConnection implements DatabaseConnection, Connected {
  readonly client: pg.PoolClient;
  readonly db: Kysely<Schema>;
  readonly #onStatement: OnStatement | undefined;
  broken = false;

  constructor(client: pg.PoolClient, onStatement: OnStatement | undefined) {
    this.client = client;
    this.#onStatement = onStatement;
    this.db = kyselyOver(
      async () => this,
      () => {},
    );
  }

  async run(text: string, values: readonly unknown[] = [], name?: string): Promise<pg.QueryResult> {
    try {
      return await this.client.query({ name, text, values: values.map(withoutNul) });
    } catch (cause) {
      if (isBroken(cause)) this.broken = true;
      throw asRefusal(cause);
    }
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.#onStatement?.(query.sql);
    const { rows, rowCount } = await this.run(query.sql, query.parameters);
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Nothing is streamed from PostgreSQL.');
  }

  release(): void {
    this.client.release(this.broken);
  }
}

/** PostgreSQL's text holds no NUL. Nothing that is stored has one, so a key with one must match nothing, not fail. */
export function withoutNul(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}

function kyselyOver(
  take: () => Promise<PooledConnection>,
  release: (connection: PooledConnection) => void,
): Kysely<Schema> {
  const notHere = async (): Promise<never> => {
    throw new Error('Transactions are begun by the writer alone.');
  };
  const driver: Driver = {
    init: async () => {},
    acquireConnection: take,
    beginTransaction: notHere,
    commitTransaction: notHere,
    rollbackTransaction: notHere,
    releaseConnection: async (connection) => release(connection as PooledConnection),
    destroy: async () => {},
  };
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  return new Kysely<Schema>({ dialect });
}
