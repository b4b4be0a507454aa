import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../src/core/ports.ts';
import type { LoggedIn } from '../src/core/session/log-in.ts';
import type { OpenedStore } from '../src/core/store.ts';
import { openPostgres } from '../src/stores/postgres/open.ts';
import { openSqlite } from '../src/stores/sqlite/open.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { type HandClock, handClock, openWorld, type World } from './world.ts';

/** A database that several nodes open. */
export interface SharedGround {
  readonly open: (clock: Clock) => Promise<OpenedStore>;
  readonly end: () => void;
}

/** Declares a suite of several nodes twice: over one file, and over one PostgreSQL. */
export function onSharedStores(suite: (backend: string, make: () => Promise<SharedGround>) => void): void {
  suite('SQLite', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-nodes-'));
    return await Promise.resolve({
      open: async (clock) => await openSqlite({ file: join(folder, 'nodes.db'), clock }),
      end: () => {
        rmSync(folder, { recursive: true, force: true });
      },
    });
  });

  describe('on PostgreSQL', () => {
    let postgres: Postgres | undefined;
    after(async () => {
      await postgres?.stop();
    });
    suite('PostgreSQL', async () => {
      postgres = await startPostgres();
      const url = await postgres.freshDatabase();
      return { open: async (clock) => await openPostgres({ url, clock }), end: () => undefined };
    });
  });
}

/** Waits for what an announcement of the other node brings; the clock stands, so nothing comes by growing old. */
export async function soon(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await holds()) return;
    await sleep(5);
  }
  assert.fail(`it never came: ${what}`);
}

/** Two nodes over one store, and its administrator; both are there once the tests run. */
export interface TwoNodes {
  readonly clock: HandClock;
  pair(): readonly [World, World];
  /** Signed in at the first node. */
  root(): LoggedIn;
}

/** Opens two nodes for the suite that it is called in, and closes them behind it. */
export function twoNodesOf(openGround: () => Promise<SharedGround>): TwoNodes {
  const nodes: World[] = [];
  const clock = handClock();
  let end: () => void = () => undefined;
  let root: LoggedIn | undefined;
  const pair = (): readonly [World, World] => {
    const [one, two] = nodes;
    return one !== undefined && two !== undefined ? [one, two] : assert.fail('a node did not open');
  };
  before(async () => {
    const ground = await openGround();
    ({ end } = ground);
    nodes.push(await openWorld({ open: ground.open, clock }), await openWorld({ open: ground.open, clock }));
    await pair()[0].add('root', { roles: ['admin'] });
    root = await pair()[0].signIn('root');
  });
  after(async () => {
    for (const node of nodes) await node.close();
    end();
  });
  return { clock, pair, root: () => root ?? assert.fail('nobody has signed in') };
}
