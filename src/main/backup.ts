import { resolve } from 'node:path';
import { type Config, ConfigError } from '../config.ts';
import { beginTrail } from '../core/audit/begin-trail.ts';
import { recordOf } from '../core/audit/record.ts';
import type { Caller } from '../core/ports.ts';
import { sealerOf } from '../lib/seal.ts';
import { systemClock } from '../lib/system-clock.ts';
import { systemRandom } from '../lib/system-random.ts';
import { keyFileOf, markOf, storedKey } from './key.ts';

/**
 * Backs the embedded database up into a file.
 * @throws Error with one sentence for the operator, for PostgreSQL the command that does it there
 */
export async function backUp(config: Config, target: string, caller: Caller) {
  const { database } = config;
  if (database.kind === 'postgres') {
    throw new ConfigError(
      `PostgreSQL has a tool for it: pg_dump --format=custom --file='${target}' "$DATABASE_URL". Keep COUNTERSIGN_KEY apart from it.`,
    );
  }
  const { backUpSqlite } = await import('../stores/sqlite/backup.ts');
  const { noteInTrail } = await import('../stores/sqlite/note-in-trail.ts');
  const file = resolve(database.file);
  const { bytes } = backUpSqlite(file, resolve(target), systemClock.now());
  const who = { at: systemClock.now(), caller, actorId: undefined, accountId: undefined };
  const noted = noteInTrail(file, recordOf('store.backup', who, { file: resolve(target).slice(0, 512), bytes }));
  return { file: resolve(target), bytes, noted, keyFile: config.key === undefined ? keyFileOf(config) : undefined };
}

/**
 * Puts a backup in the place of the embedded database.
 * @throws Error with one sentence for the operator, for PostgreSQL the command that does it there
 */
export async function restore(
  config: Config,
  backup: string,
  how: { readonly keepSessions: boolean; readonly endPersonal: boolean },
  caller: Caller,
) {
  const { database } = config;
  if (database.kind === 'postgres') {
    throw new ConfigError(
      `PostgreSQL has a tool for it: pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL" '${backup}'. ` +
        'It brings every session and token of then back: with all servers stopped, run countersign restore --after-pg-restore behind it.',
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
    ...how,
    clock: systemClock,
    caller,
    ready: async ({ audit }) => {
      await beginTrail({ audit, sealer: sealerOf(key), random: systemRandom });
    },
  });
}

/**
 * Ends in a PostgreSQL database what its tools have brought back.
 * @throws Error with one sentence for the operator
 */
export async function settleRestored(config: Config, how: { readonly endPersonal: boolean }, caller: Caller) {
  const { database } = config;
  if (database.kind !== 'postgres') {
    throw new ConfigError('The database is a file: countersign restore <file> does all at once.');
  }
  const { examinePostgres } = await import('../stores/postgres/examine.ts');
  const { exists, keyMark } = await examinePostgres(database.url);
  if (!exists) throw new ConfigError('There is nothing of Countersign in this database: run pg_restore first.');
  const key = storedKey(config);
  if (key === undefined || (keyMark !== undefined && keyMark !== markOf(key))) {
    throw new ConfigError(
      'COUNTERSIGN_KEY is not the key of what was restored: bring back the one that belongs to it.',
    );
  }
  const { openPostgres } = await import('../stores/postgres/open.ts');
  // Brings the schema of an older version up to date.
  const store = await openPostgres({ url: database.url, clock: systemClock });
  await beginTrail({ audit: store.audit, sealer: sealerOf(key), random: systemRandom });
  await store.close();
  const { settleRestored: settle } = await import('../stores/postgres/after-restore.ts');
  return await settle(database.url, { ...how, now: systemClock.now(), caller });
}
