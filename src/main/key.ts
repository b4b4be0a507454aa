import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Config, ConfigError } from '../config.ts';
import type { OpenedStore } from '../core/store.ts';
import { keyFromFile } from '../lib/key-file.ts';

/** Where the key lies beside an embedded database; undefined with a server, where the environment must give it. */
export function keyFileOf(config: Config): string | undefined {
  return config.database.kind === 'sqlite'
    ? join(dirname(resolve(config.database.file)), 'countersign.key')
    : undefined;
}

/** What is kept of the key in the store: enough to notice another key, not enough to learn it. */
export function markOf(key: Buffer): string {
  return createHmac('sha256', key).update('countersign key mark').digest('base64');
}

/** @throws ConfigError when there is no key, or when it is not the one that the store was first used with */
export async function fittingKey(config: Config, store: OpenedStore): Promise<Buffer> {
  const file = keyFileOf(config);
  let key: Buffer;
  if (config.key !== undefined) key = Buffer.from(config.key, 'base64');
  else if (file === undefined) throw new ConfigError('COUNTERSIGN_KEY is required with PostgreSQL.');
  else if (!existsSync(file) && (await store.noted('key-mark')) !== undefined) {
    throw new ConfigError(`The key file ${file} is missing: bring back the one that belongs to this database.`);
  } else key = keyFromFile(file);
  const mark = markOf(key);
  if ((await store.once('key-mark', mark)) !== mark) {
    throw new ConfigError(
      `${config.key === undefined ? `The key file ${file ?? ''}` : 'COUNTERSIGN_KEY'} is not the key that this database was first used with.`,
    );
  }
  return key;
}

/** The key that is there; none is made. */
export function storedKey(config: Config): Buffer | undefined {
  if (config.key !== undefined) return Buffer.from(config.key, 'base64');
  const file = keyFileOf(config);
  return file !== undefined && existsSync(file) ? keyFromFile(file) : undefined;
}
