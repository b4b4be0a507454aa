import { resolve } from 'node:path';
import { type Config, ConfigError } from '../config.ts';
import type { Caller } from '../core/ports.ts';
import { systemClock } from '../lib/system-clock.ts';
import { keyFileOf, markOf, storedKey } from './key.ts';

/**
 * Backs the embedded database up into a file.
 * @throws Error with one sentence for the operator, for PostgreSQL the command that does it there
 */
export async function backUp(config: Config, target: string) {
  const { database } = config;
  if (database.kind === 'postgres') {
    throw new ConfigError(
      `PostgreSQL has a tool for it: pg_dump --format=custom --file='${target}' "$DATABASE_URL". Keep COUNTERSIGN_KEY apart from it.`,
    );
  }
  const { backUpSqlite } = await import('../stores/sqlite/backup.ts');
  const { bytes } = backUpSqlite(resolve(database.file), resolve(target), systemClock.now());
  return { file: resolve(target), bytes, keyFile: config.key === undefined ? keyFileOf(config) : undefined };
}

/**
 * Puts a backup in the place of the embedded database.
 * @throws Error with one sentence for the operator, for PostgreSQL the command that does it there
 */
export async function restore(config: Config, backup: string, keepSessions: boolean, caller: Caller) {
  const { database } = config;
  if (database.kind === 'postgres') {
    throw new ConfigError(
      `PostgreSQL has a tool for it: pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL" '${backup}'. ` +
        'It brings every token of then back: end them afterwards.',
    );
  }
  const key = storedKey(config);
  if (key === undefined) {
    throw new ConfigError(
      `The key is missing: bring back ${keyFileOf(config) ?? 'COUNTERSIGN_KEY'} first, without it no secret of the backup opens.`,
    );
  }
  const { restoreSqlite } = await import('../stores/sqlite/restore.ts');
  return await restoreSqlite({
    file: resolve(database.file),
    backup: resolve(backup),
    keyMark: markOf(key),
    keepSessions,
    clock: systemClock,
    caller,
  });
}
