// A backup takes every hash along: the trail of the database tells that one was made, and by whom.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { it } from 'node:test';
import { readConfig } from '../src/config.ts';
import { backUp } from '../src/main/backup.ts';
import { openSqlite } from '../src/stores/sqlite/open.ts';
import { caller, handClock, openWorld } from './world.ts';

it('a backup stands in the trail of the database that it was made of, while a server writes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-told-'));
  const file = join(folder, 'countersign.db');
  const clock = handClock();
  const world = await openWorld({ clock, open: async () => await openSqlite({ file, clock }) });
  try {
    await world.add('ada');
    const target = join(folder, 'monday.db');
    const config = readConfig({
      DATABASE_URL: `sqlite:${file}`,
      COUNTERSIGN_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    const { noted, bytes } = await backUp(config, target, caller({ door: 'cli', address: '', operator: 'jo' }));
    assert.equal(noted, true);
    const [entry] = await world.store.audit.newest(1);
    assert.deepEqual(
      [entry?.what, entry?.outcome, entry?.door, entry?.facts],
      ['store.backup', 'done', 'cli', { file: target, bytes, operator: 'jo' }],
    );
    await world.signIn('ada');
    const verified = await world.app.audit.verify();
    assert.equal(verified.held && verified.unsealed, 0, JSON.stringify(verified));
    // Who cannot be told is told of, and the backup is there all the same.
    const database = new DatabaseSync(file);
    database.exec('alter table audit rename to audit_elsewhere');
    const other = await backUp(config, join(folder, 'tuesday.db'), caller({ door: 'cli', address: '' }));
    database.exec('alter table audit_elsewhere rename to audit');
    database.close();
    assert.deepEqual([other.noted, other.bytes > 0], [false, true]);
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
