import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** Ends a file that has become too large. */
class TooLarge extends Error {}

/**
 * Keeps files in a folder of their own that only this user can look into; each file has mode 0600. The folder is made with
 * the first of them.
 */
export function filesIn(folder: string) {
  const root = resolve(folder);
  const pathOf = (id: string): string => {
    // Ids are ours; that none leads elsewhere does not hang on it.
    if (!/^[A-Za-z0-9_-]{1,64}$/u.test(id)) throw new Error('An id cannot be the name of a file.');
    return join(root, `${id}.upload`);
  };
  const remove = (id: string): void => {
    rmSync(pathOf(id), { force: true });
  };

  return {
    place: `${hostname()}:${root}`,
    receive: async (
      id: string,
      chunks: AsyncIterable<Uint8Array>,
      most: number,
      signal: AbortSignal,
    ): Promise<number | 'too-large'> => {
      makeFolder(root);
      mustBeOurs(root);
      const path = pathOf(id);
      // `wx`: where something of this name is there, it is not ours.
      const file = await open(path, 'wx', 0o600);
      const coming = chunks[Symbol.asyncIterator]();
      let bytes = 0;
      try {
        for (let next = await nextOf(coming, signal); next.done !== true; next = await nextOf(coming, signal)) {
          bytes += next.value.length;
          if (bytes > most) throw new TooLarge();
          await file.writeFile(next.value);
        }
        return bytes;
      } catch (cause) {
        remove(id);
        // Not waited for: what has come to a standstill never answers.
        coming.return?.().catch(() => undefined);
        if (cause instanceof TooLarge) return 'too-large';
        throw cause;
      } finally {
        await file.close();
      }
    },
    pathOf,
    has: (id: string): { readonly held: boolean } => ({ held: existsSync(pathOf(id)) }),
    ids: (): readonly string[] => {
      if (!existsSync(root)) return [];
      return readdirSync(root).flatMap((name) => (name.endsWith('.upload') ? [name.slice(0, -'.upload'.length)] : []));
    },
    remove,
  };
}

/** The next chunk, unless it is broken off before: nothing hangs on whether the sender ever goes on. */
async function nextOf<T>(coming: AsyncIterator<T>, signal: AbortSignal): Promise<IteratorResult<T, unknown>> {
  signal.throwIfAborted();
  const { promise, resolve: settle, reject } = Promise.withResolvers<IteratorResult<T, unknown>>();
  const breakOff = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', breakOff, { once: true });
  coming.next().then(settle, reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', breakOff);
  }
}

/** In a folder that everybody may write to, somebody else may have made it before us. */
function mustBeOurs(folder: string): void {
  const { mode, uid } = lstatSync(folder);
  const isFolder = lstatSync(folder).isDirectory();
  if (!isFolder || (mode & 0o077) !== 0 || uid !== process.getuid?.()) {
    throw new Error(`${folder} must be a folder of this user with mode 0700.`);
  }
}
