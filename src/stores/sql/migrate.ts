import { type Kysely, sql } from 'kysely';
import { StoreFault } from '../store-fault.ts';
import type { TableDialect } from './dialect.ts';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';

/** How a backend runs the steps: alone among all servers that open this database, in one transaction. */
export interface MigrationGround {
  readonly read: Kysely<Schema>;
  readonly tables: TableDialect;
  hasTable(name: string): Promise<boolean>;
  alone(act: (db: Kysely<Schema>) => Promise<void>): Promise<void>;
}

/**
 * Brings the schema up to date, or leaves it untouched. Costs two reads when nothing is to be done.
 * @param now milliseconds since 1970
 * @returns whether the chain of the audit trail came with it
 * @throws StoreFault `newer-schema` when a later version of Countersign has been here
 */
export async function migrate(ground: MigrationGround, now: number): Promise<{ readonly chainIsNew: boolean }> {
  const known = migrations.length;
  if ((await ground.hasTable('migrations')) && (await reached(ground.read, known)) === known) {
    return { chainIsNew: false };
  }
  let before = known;
  await ground.alone(async (db) => {
    await sql`create table if not exists migrations (number integer not null primary key, at bigint not null)`.execute(
      db,
    );
    // Another server may have been faster while this one waited for the lock.
    before = await reached(db, known);
    for (let number = before; number < known; number += 1) {
      const step = migrations[number];
      for (const statement of step?.(ground.tables) ?? []) await statement.execute(db);
      await db
        .insertInto('migrations')
        .values({ number: number + 1, at: now })
        .execute();
    }
  });
  return { chainIsNew: before < chainStep };
}

/** The number of the step that brings the chain of the audit trail. */
const chainStep = 3;

async function reached(db: Kysely<Schema>, known: number): Promise<number> {
  const row = await db
    .selectFrom('migrations')
    .select(({ fn }) => fn.max('number').as('number'))
    .executeTakeFirst();
  // Of no rows the maximum is NULL, which kysely's types do not say.
  const number = (row?.number ?? 0) as number;
  if (number > known) {
    throw new StoreFault(
      'newer-schema',
      `The database was written by a newer version of Countersign (schema ${number}, this version knows ${known}): ` +
        'start that version, or restore a backup made before the upgrade.',
    );
  }
  return number;
}
