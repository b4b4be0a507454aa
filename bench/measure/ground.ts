import { dirname, join } from 'node:path';
import type { Hasher } from '../../src/core/password/hasher.ts';
import { keyFromFile } from '../../src/lib/key-file.ts';
import { openSqlite } from '../../src/stores/sqlite/open.ts';
import { handClock, openWorld, type World } from '../../test/world.ts';

/** The product over a store, in this process: what a door adds to an act is not in the times. */
export interface Ground {
  readonly app: World['app'];
  readonly store: World['store'];
  /** Statements since the last call. */
  statements(): readonly string[];
  /** Runs an act so often, and gives the seconds that one took. What is in memory has grown stale before each. */
  time(times: number, act: (n: number) => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
}

/** Longer than what is in memory counts. */
const staleMs = 6_000;

/** Everybody who knows the name is let in, and nothing is hashed: what a hash costs is measured beside it. */
const noHasher: Hasher = {
  make: async () => await Promise.resolve('none'),
  check: async () => await Promise.resolve({ held: true }),
  isCurrent: () => ({ held: true }),
  load: () => ({ waiting: 0, running: 0, most: 1 }),
};

/** Opens the product over a file, with a clock that moves by hand. */
export async function openGround(file: string): Promise<Ground> {
  const clock = handClock(Date.now());
  let heard: string[] = [];
  const world = await openWorld({
    clock,
    open: async () => await openSqlite({ file, clock, onStatement: (sql) => heard.push(sql) }),
    env: { OVERWRITE_SETTING_Countersign_Token_Pool_Interactive: '20000' },
    parts: { hasher: noHasher },
    key: keyFromFile(join(dirname(file), 'countersign.key')),
  });
  return {
    app: world.app,
    store: world.store,
    statements: () => {
      const since = heard;
      heard = [];
      return since;
    },
    time: async (times, act) => {
      let seconds = 0;
      for (let n = 0; n < times; n += 1) {
        clock.move(staleMs);
        heard = [];
        const startedAt = performance.now();
        await act(n);
        seconds += (performance.now() - startedAt) / 1000;
      }
      return seconds / times;
    },
    close: world.close,
  };
}
