import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Clock } from '../src/core/ports.ts';
import type { OpenedStore } from '../src/core/store.ts';
import { openPostgres } from '../src/stores/postgres/open.ts';

const template = 'world_template';

/**
 * Makes what every fresh database of the server begins as, so that its tables are made once.
 * @param server the address of any database on it
 */
export async function makePostgresTemplate(server: string, clock: Clock): Promise<void> {
  await onServer(server, `CREATE DATABASE ${template}`);
  const opened = await openPostgres({ url: addressOf(server, template), clock });
  // It can be copied only while nobody is connected to it.
  await opened.close();
}

/**
 * A store in a fresh database of the PostgreSQL server that a run of test files was given, in place of a file.
 * @param server the address of any database on it, after {@link makePostgresTemplate}
 */
export async function openFreshPostgres(server: string, clock: Clock): Promise<OpenedStore> {
  const name = `world_${randomBytes(8).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return await openPostgres({ url: addressOf(server, name), clock });
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function addressOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
