import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Report } from './report.ts';
import { rocketChat } from './rocketchat.ts';
import { type ImportRun, runImport } from './run.ts';

const nobody = async (): Promise<never> => await Promise.reject(new Error('There is nobody to bring in.'));
const mover: ImportRun['mover'] = {
  arrivals: async () => await Promise.resolve({ bringIn: nobody, end: async () => await Promise.resolve() }),
  bringInRole: nobody,
  bringInPermission: nobody,
  bringInSetting: nobody,
  bringInApplication: nobody,
};

describe('an import', () => {
  it('lets others come in between, however small the documents are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-import-run-'));
    const path = join(folder, 'users.bson');
    const count = 20_000;
    // Less than one chunk: reading it gives nobody else a turn.
    writeFileSync(path, Buffer.alloc(count * 5, Buffer.from([5, 0, 0, 0, 0])));
    let turns = 0;
    let over = false;
    const others = (): void => {
      turns += 1;
      if (!over) setImmediate(others);
    };
    setImmediate(others);
    try {
      let lines = 0;
      await runImport({
        mover,
        dialect: rocketChat(),
        sources: [{ path, bytes: count * 5 }],
        dryRun: true,
        source: 'rocketchat',
        caller: { door: 'rest', address: '203.0.113.9', userAgent: '', requestId: 'test' },
        report: new Report(undefined, () => (lines += 1)),
        hear: () => undefined,
      });
      assert.equal(lines, count);
      assert.ok(turns > count / 200, `others came in ${turns} times`);
    } finally {
      over = true;
      rmSync(folder, { recursive: true });
    }
  });
});
