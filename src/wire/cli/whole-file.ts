import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A file that comes under its name only once it is whole. */
export interface WholeFile {
  write(text: string): void;
  /** Gives it its name. @throws where a file has come there meanwhile */
  finish(): void;
  /** Leaves nothing behind; after `finish` it does nothing. */
  abandon(): void;
}

/** As shells have it for programs that a signal ended. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Makes a file (mode 0600) that is never seen half: it lies beside its place as `….part` until it is whole, and is
 * removed when the process is told to end. Of a process that was killed the part stays, and the next one replaces it.
 * @throws an error with code `EEXIST` where the file is there already, or that of the file system
 */
export function openWholeFile(path: string): WholeFile {
  if (existsSync(path)) throw Object.assign(new Error(`${path} is there`), { code: 'EEXIST' });
  const part = `${path}.part`;
  rmSync(part, { force: true });
  const file = openSync(part, 'wx', 0o600);
  const made = fstatSync(file);
  let open = true;
  const isOurs = (): boolean => {
    const there = statSync(part, { throwIfNoEntry: false });
    return there?.ino === made.ino && there.dev === made.dev;
  };
  const abandon = (): void => {
    if (!open) return;
    settle();
    // Somebody else may have begun the same file.
    if (isOurs()) rmSync(part, { force: true });
  };
  const stops = Object.entries(exitCodes).map(([signal, code]) => {
    const stop = (): void => {
      abandon();
      process.exit(code);
    };
    process.once(signal, stop);
    return () => process.removeListener(signal, stop);
  });
  function settle(): void {
    open = false;
    for (const forget of stops) forget();
    closeSync(file);
  }

  return {
    write: (text) => {
      writeSync(file, text);
    },
    finish: () => {
      try {
        fsyncSync(file);
        if (!isOurs()) throw new Error('Another process writes the same file.');
        give(part, path);
        onDisk(dirname(path));
      } finally {
        abandon();
      }
    },
    abandon,
  };
}

/** Unlike a renaming, a link never takes the place of a file that came meanwhile; some file systems have none. */
function give(part: string, path: string): void {
  try {
    linkSync(part, path);
  } catch (cause) {
    if (existsSync(path)) throw cause;
    renameSync(part, path);
  }
}

function onDisk(folder: string): void {
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
