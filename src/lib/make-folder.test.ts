import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { keyFromFile } from './key-file.ts';
import { makeFolder } from './make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'countersign-folder-'));
after(() => {
  rmSync(root, { recursive: true });
});

describe('a folder', () => {
  it('is made with those above it, for its owner alone, and left as it is from then on', () => {
    const folder = join(root, 'a', 'b', 'c');
    makeFolder(folder);
    makeFolder(folder);
    for (const level of [folder, join(root, 'a', 'b'), join(root, 'a')]) {
      assert.equal(statSync(level).mode & 0o777, 0o700, level);
    }
    makeFolder('.');
    makeFolder('/');
  });

  it('is not made where a file stands, or below one', () => {
    const file = join(root, 'a-file');
    writeFileSync(file, '');
    assert.throws(() => {
      makeFolder(file);
    }, /EEXIST/u);
    assert.throws(() => {
      makeFolder(join(file, 'x', 'y'));
    }, /ENOTDIR/u);
  });

  it('below /proc is refused in one sentence', { skip: process.platform !== 'linux' }, () => {
    assert.throws(() => keyFromFile('/proc/countersign/data/x.key'), {
      message: 'The key file /proc/countersign/data/x.key cannot be written.',
    });
  });
});
