import { Fault } from '../../core/fault.ts';
import { type Unique, uniques } from '../sql/schema.ts';
import { StoreFault } from '../store-fault.ts';
import { unavailable } from '../unavailable.ts';

/** SQLite's result codes that say something about the file and not about the statement. */
const codes = { busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 };

const aboutTheFile: ReadonlySet<number> = new Set(Object.values(codes));

/** SQLite's result code, cut to its primary part. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

/** Makes the refusal that wires know of an error that says the file cannot be used now; others stay as they are. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  return code !== undefined && aboutTheFile.has(code) ? unavailable(error) : error;
}

/** Makes one sentence for the operator of an error met while opening; others stay as they are. */
export function asOpeningFault(error: unknown, file: string): unknown {
  switch (codeOf(error)) {
    case codes.notADatabase:
    case codes.corrupt:
      return new StoreFault(
        'not-a-database',
        `${file} is not a SQLite database, or it is damaged: name another file in DATABASE_URL, or restore a backup.`,
        error,
      );
    case codes.busy:
    case codes.locked:
      return new StoreFault(
        'locked',
        `${file} is locked by another program: stop whatever holds it open for writing, and try again.`,
        error,
      );
    case codes.readOnly:
    case codes.cannotOpen:
    case codes.ioError:
    case codes.full:
      return new StoreFault(
        'file-unusable',
        `${file} cannot be read and written: check its permissions and the space left on its disk.`,
        error,
      );
    default:
      return error;
  }
}

/** Whether it was a write that failed, and not a read: SQLite's extended code. */
function isOfWriting(error: unknown): boolean {
  const extended = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  const reads: readonly unknown[] = [codes.ioError | (1 << 8), codes.ioError | (2 << 8)];
  return codeOf(error) === codes.full || (codeOf(error) === codes.ioError && !reads.includes(extended));
}

/**
 * The same of an error met while one database is copied into another: the disk that is full is that of the copy.
 * @param source where it was read from
 * @param target where it was written to
 */
export function asCopyingFault(error: unknown, source: string, target: string): unknown {
  const system = error instanceof Error && 'code' in error ? error.code : undefined;
  if (isOfWriting(error) || system === 'ENOSPC' || system === 'EDQUOT' || system === 'EIO') {
    return new StoreFault(
      'file-unusable',
      `${target} cannot be written: is there space left on its disk? Nothing has changed.`,
      error,
    );
  }
  return asOpeningFault(error, source);
}

const byColumns = new Map(Object.entries(uniques).map(([name, columns]) => [columns as string, name as Unique]));

/** The unique constraint that an error names by its columns. */
export function duplicateOf(error: unknown): Unique | undefined {
  if (codeOf(error) !== 19 || !(error instanceof Error)) return undefined;
  const columns = /^UNIQUE constraint failed: (.*)$/u.exec(error.message)?.[1];
  return columns === undefined ? undefined : byColumns.get(columns);
}
