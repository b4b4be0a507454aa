import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../lib/make-folder.ts';
import { StoreFault } from '../store-fault.ts';

/**
 * Makes the folder (mode 0700) and the file (mode 0600) where they are missing: only the operator's own account may read
 * them. SQLite gives the files beside it the same mode.
 * @throws StoreFault `folder-unwritable`, `file-unusable`
 */
export function makeFile(file: string): void {
  if (file === '' || file.startsWith(':')) {
    throw new StoreFault(
      'file-unusable',
      'The database must be a file: name one in DATABASE_URL (sqlite:./data/x.db).',
    );
  }
  const folder = dirname(file);
  try {
    makeFolder(folder);
    // SQLite makes further files beside the database, so write access to the file alone is not enough.
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new StoreFault(
      'folder-unwritable',
      `The folder ${folder} cannot be made or written (${codeOf(cause)}): give it to the account that runs Countersign.`,
      cause,
    );
  }
  try {
    closeSync(openSync(file, 'a', 0o600));
    if (!statSync(file).isFile()) throw new Error('not a regular file');
    accessSync(file, constants.R_OK | constants.W_OK);
  } catch (cause) {
    throw new StoreFault(
      'file-unusable',
      `${file} cannot be read and written (${codeOf(cause)}): give it to the account that runs Countersign.`,
      cause,
    );
  }
}

/** What the system calls the reason: `EACCES`, `ENOENT`. */
export function codeOf(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}
