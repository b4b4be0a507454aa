import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
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
    assert.deepEqual(readdirSync(dirname(file)), ['countersign.key']);
  });

  it('is there whole or not at all while somebody makes it', async () => {
    const script = `import { keyFromFile } from ${JSON.stringify(import.meta.resolve('./key-file.ts'))};
      process.stdout.write(keyFromFile(process.argv[1]).toString('base64'));`;
    for (let round = 0; round < 3; round += 1) {
      const file = join(folder, 'raced', `${round}.key`);
      const keys = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const words = ['--input-type=module', '--eval', script, file];
          return (await promisify(execFile)(process.execPath, words)).stdout;
        }),
      );
      assert.deepEqual(new Set(keys), new Set([readFileSync(file, 'utf8').trim()]));
    }
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
