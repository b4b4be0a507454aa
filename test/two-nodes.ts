import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import type { Clock } from '../src/core/ports.ts';
import type { OpenedStore } from '../src/core/store.ts';
import { openPostgres } from '../src/stores/postgres/open.ts';
import { openSqlite } from '../src/stores/sqlite/open.ts';
import { type Postgres, startPostgres } from './postgres.ts';

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
