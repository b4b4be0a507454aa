import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Clock } from '../src/core/ports.ts';
import type { OpenedStore } from '../src/core/store.ts';
import { openPostgres } from '../src/stores/postgres/open.ts';

/**
 * A store in a fresh database of the PostgreSQL server that a run of test files was given, in place of a file.
 * @param server the address of any database on it
 */
export async function openFreshPostgres(server: string, clock: Clock): Promise<OpenedStore> {
  const name = `world_${randomBytes(8).toString('hex')}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(server);
  url.pathname = `/${name}`;
  return await openPostgres({ url: url.href, clock });
}
