import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { keyFromFile } from './key-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-key-'));
after(() => {
  rmSync(folder, { recursive: true });
});

describe('a key file', () => {
  it('is made once, for its owner alone, and read from then on', () => {
    const file = join(folder, 'data', 'countersign.key');
    const key = keyFromFile(file);
    assert.equal(key.length, 32);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(keyFromFile(file), key);
    assert.equal(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64').equals(key), true);
  });

  it('that holds something else, or cannot be made, is told in one sentence', () => {
    const file = join(folder, 'broken.key');
    writeFileSync(file, 'too short');
    assert.throws(() => keyFromFile(file), /does not hold 32 bytes/u);
    assert.equal(readFileSync(file, 'utf8'), 'too short');
    writeFileSync(join(folder, 'a-file'), '');
    assert.throws(() => keyFromFile(join(folder, 'a-file', 'key')), /cannot be written/u);
  });
});
