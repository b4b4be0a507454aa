import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing, each with mode 0700. Level by level, since Node's own
 * `recursive` never comes back where a folder cannot be made though the one above it is there, as below `/proc`.
 * @throws Error of the file system when there is no such folder afterwards
 */
export function makeFolder(folder: string): void {
  const wanted = [folder];
  for (let above = dirname(folder); !existsSync(above) && above !== dirname(above); above = dirname(above)) {
    wanted.unshift(above);
  }
  for (const level of wanted) {
    try {
      mkdirSync(level, { mode: 0o700 });
    } catch (cause) {
      // It was there before, or another process made it at this moment.
      if (statSync(level, { throwIfNoEntry: false })?.isDirectory() !== true) throw cause;
    }
  }
}
