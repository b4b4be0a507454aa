import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, ConfigError } from '../config.ts';

/** Whether there is a database of Countersign already, and what to call it; nothing is made or changed. */
async function databaseThere(config: Config): Promise<{ readonly held: boolean; readonly name: string }> {
  const { database } = config;
  if (database.kind === 'sqlite') {
    const file = resolve(database.file);
    return { held: (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0, name: file };
  }
  const { examinePostgres } = await import('../stores/postgres/examine.ts');
  const { exists } = await examinePostgres(database.url);
  return { held: exists, name: 'the PostgreSQL database of DATABASE_URL' };
}

/**
 * Only what begins a store may make one: else a command in the wrong folder, or without its environment, makes an empty
 * database and says that all is well there.
 * @returns what was not there and may be made
 * @throws ConfigError
 */
export async function mustBeThere(config: Config, mayBeMade: boolean): Promise<string | undefined> {
  const { held, name } = await databaseThere(config);
  if (held) return undefined;
  if (mayBeMade) return name;
  throw new ConfigError(
    config.database.kind === 'sqlite'
      ? `There is no database at ${name}: look at DATABASE_URL, and at the folder that this was called in. countersign serve, countersign user create and countersign import make a new one.`
      : `There is nothing of Countersign in ${name}. countersign serve, countersign user create and countersign import make the tables.`,
  );
}
