import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { storedKey } from './key.ts';

/** Where something is tried that leaves nothing behind. */
export interface TrialPlace {
  readonly config: Config;
  readonly remove: () => void;
}

/**
 * Where there is no embedded database yet, a trial must not make one: it gets an empty one in the system's folder, and a
 * key for it, which are removed with it. Else it reads the one that is there.
 */
export function trialPlace(config: Config): TrialPlace {
  const { database } = config;
  if (database.kind !== 'sqlite' || existsSync(resolve(database.file))) return { config, remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'countersign-trial-'));
  const key = storedKey(config) ?? randomBytes(32);
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  // Also of a run that Ctrl-C ends.
  process.once('exit', remove);
  const file = join(folder, 'countersign.db');
  return {
    config: { ...config, key: key.toString('base64'), database: { ...database, file } },
    remove: () => {
      process.removeListener('exit', remove);
      remove();
    },
  };
}
