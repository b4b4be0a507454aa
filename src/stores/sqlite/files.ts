import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  realpathSync,
  statSync,
} from 'node:fs';
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

/**
 * Where a file really lies, through symbolic links: what takes its place must lie there.
 * @throws StoreFault `file-unusable` for a link to nothing, whose disk may be missing
 */
export function placeOf(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return file;
  throw new StoreFault('file-unusable', `${file} is a symbolic link to what is not there: is its disk mounted?`);
}

/**
 * Gives a new file the owner, the group and the mode of the one in whose place it comes; where there is none, the owner
 * of its folder. Else a database that root has restored could not be opened by the account that runs the server.
 * @throws StoreFault `file-unusable` where the file would belong to somebody else
 */
export function giveAway(part: string, file: string): void {
  const before = statSync(file, { throwIfNoEntry: false });
  const { uid, gid } = before ?? statSync(dirname(file));
  const own = statSync(part);
  if (before !== undefined) chmodSync(part, before.mode & 0o777);
  // Who is not root gives nothing away, and need not: a new file is their own.
  if (before === undefined && process.geteuid?.() !== 0) return;
  if (own.uid === uid && own.gid === gid) return;
  try {
    chownSync(part, uid, gid);
  } catch (cause) {
    // Of a group that this account is not in, the owner can still open it.
    if (own.uid === uid) return;
    throw new StoreFault(
      'file-unusable',
      `${file} belongs to another account (${codeOf(cause)}): restore as that account, or as root.`,
      cause,
    );
  }
}

/** What the system calls the reason: `EACCES`, `ENOENT`. */
export function codeOf(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}
