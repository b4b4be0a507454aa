import type { Compilable, Kysely } from 'kysely';
import type { Happening } from '../../core/ports.ts';
import type { SqlDialect } from './dialect.ts';
import type { Schema, Unique } from './schema.ts';

/** What a statement takes. */
export type Value = string | number | null;

/** The inside of one write. */
export interface Write {
  /** Sees what this write has done so far. */
  readonly db: Kysely<Schema>;
  /** Tells every node, when and only when this write is committed. */
  announce(happening: Happening): void;
  /** Runs what `SqlBackend.hot` compiled. */
  run(hot: { readonly name: string; readonly sql: string }, values: readonly Value[]): Promise<readonly unknown[]>;
}

/** A statement that was compiled once. It sees committed rows, or with `inside` what that write sees. */
export type Hot<Given, Row> = (given: Given, inside?: Write) => Promise<readonly Row[]>;

/** What the shared queries need from a database. */
export interface SqlBackend {
  readonly dialect: SqlDialect;
  /** Sees committed rows only. */
  readonly read: Kysely<Schema>;
  /**
   * A statement for the hot paths: compiled once, prepared once on each connection.
   * @param name unique for the statement; names it where it is prepared
   * @param build makes the query; `given.x` stands for the value that a call gives as `x`
   */
  hot<Given extends Readonly<Record<string, Value>>, Row>(
    name: string,
    build: (db: Kysely<Schema>, given: Given) => Compilable<Row>,
  ): Hot<Given, Row>;
  /**
   * Runs `act` as one atomic, durable write. When it returns, the write is on the disk and this node's subscribers have
   * heard what it announced. `act` may run again after a deadlock, so it does nothing but write; it awaits nothing else.
   * What it throws undoes the write and is thrown on.
   * @param how.mayBeLost true for what does no harm when a power cut undoes it: nobody waits for the disk then
   * @throws Fault `unavailable` when the database does not answer
   */
  write<T>(act: (write: Write) => Promise<T>, how?: { readonly mayBeLost: boolean }): Promise<T>;
  /** The unique constraint that was broken, if that is what the error says. */
  duplicate(error: unknown): Unique | undefined;
}
