import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { filesIn } from './import-files.ts';

const never = new AbortController().signal;

async function* chunks(...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield await Promise.resolve(Buffer.alloc(size));
}

async function withFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const above = mkdtempSync(join(tmpdir(), 'countersign-files-'));
  try {
    await act(join(above, 'imports'));
  } finally {
    rmSync(above, { recursive: true, force: true });
  }
}

describe('files that are sent', () => {
  it('are kept for the eyes of this user, up to a size', async () => {
    await withFolder(async (folder) => {
      const files = filesIn(folder);
      assert.deepEqual(files.ids(), []);
      assert.equal(await files.receive('one', chunks(10, 20), 30, never), 30);
      assert.equal(statSync(files.pathOf('one')).mode & 0o777, 0o600);
      assert.equal(await files.receive('two', chunks(10, 20), 29, never), 'too-large');
      assert.deepEqual([files.ids(), files.has('one').held, files.has('two').held], [['one'], true, false]);
      await assert.rejects(files.receive('one', chunks(1), 9, never), 'what is there is not written over');
      files.remove('one');
      files.remove('one');
      assert.deepEqual(readdirSync(folder), []);
    });
  });

  it('leave nothing where they break off', async () => {
    await withFolder(async (folder) => {
      const files = filesIn(folder);
      const ending = new AbortController();
      const endless = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(10);
        ending.abort();
        await Promise.withResolvers<undefined>().promise;
      };
      await assert.rejects(files.receive('one', endless(), 100, ending.signal), { name: 'AbortError' });
      assert.deepEqual(readdirSync(folder), []);
    });
  });

  it('go into no folder that others may look into or have made, and under no name that leads elsewhere', async () => {
    await withFolder(async (folder) => {
      const files = filesIn(folder);
      await files.receive('one', chunks(1), 9, never);
      chmodSync(folder, 0o755);
      await assert.rejects(files.receive('two', chunks(1), 9, never), /mode 0700/u);
      symlinkSync(tmpdir(), `${folder}.link`);
      await assert.rejects(filesIn(`${folder}.link`).receive('two', chunks(1), 9, never), /must be a folder/u);
      for (const id of ['', '../one', 'a/b', 'a.b', 'x'.repeat(65)]) assert.throws(() => files.pathOf(id));
    });
  });
});
