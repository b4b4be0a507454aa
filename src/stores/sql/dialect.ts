import type { RawBuilder, SelectQueryBuilder } from 'kysely';

/** The few words in which the databases differ. A query that needs more than these belongs to its backend. */
export interface SqlDialect {
  /** Aggregates rows into a JSON array. */
  readonly jsonOfRows: RawBuilder<unknown>;
  /** Makes a JSON array of its arguments. */
  readonly jsonOfValues: RawBuilder<unknown>;
  /**
   * A fact of an audit entry by its name, from the JSON that is kept of all: the text of a code, the digits of a number;
   * NULL where it has none.
   */
  fact(facts: RawBuilder<unknown>, name: string): RawBuilder<string | number | null>;
  /** Keeps the rows from other writes until this one is committed. */
  lock<DB, TB extends keyof DB, O>(rows: SelectQueryBuilder<DB, TB, O>): SelectQueryBuilder<DB, TB, O>;
  /** The same, leaving out rows that another write holds: for chores that must never wait, so never deadlock. */
  lockFree<DB, TB extends keyof DB, O>(rows: SelectQueryBuilder<DB, TB, O>): SelectQueryBuilder<DB, TB, O>;
}

/** The words that only migrations need. */
export interface TableDialect {
  /** The type of text that is compared byte by byte. */
  readonly exactText: RawBuilder<unknown>;
  /** The type of a primary key that counts up. */
  readonly countingKey: RawBuilder<unknown>;
  /** How an index column puts NULL first, as SQLite always does. */
  readonly nullsFirst: RawBuilder<unknown>;
  /** Stands after a table of short rows, so that they are kept in the order of the primary key. */
  readonly clustered: RawBuilder<unknown>;
  /** Stands before `table` where a crash may empty it. */
  readonly forgettable: RawBuilder<unknown>;
}
