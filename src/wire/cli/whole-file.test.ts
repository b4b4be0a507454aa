import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openWholeFile } from './whole-file.ts';

describe('a file that comes whole', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-whole-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has no name until it is whole, and is for its owner alone', () => {
    const path = join(folder, 'one');
    const file = openWholeFile(path);
    file.write('first\n');
    assert.equal(existsSync(path), false);
    file.write('last\n');
    file.finish();
    file.abandon();
    assert.equal(readFileSync(path, 'utf8'), 'first\nlast\n');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['one']);
    assert.equal(process.listenerCount('SIGINT'), 0);
  });

  it('is never made over another, also where that came meanwhile', () => {
    const path = join(folder, 'two');
    const file = openWholeFile(path);
    file.write('mine');
    writeFileSync(path, 'theirs');
    assert.throws(() => file.finish(), { code: 'EEXIST' });
    assert.throws(() => openWholeFile(path), { code: 'EEXIST' });
    assert.equal(readFileSync(path, 'utf8'), 'theirs');
    assert.equal(existsSync(`${path}.part`), false);
  });

  it('replaces what one before has left, and takes nothing of one beside it', () => {
    const path = join(folder, 'three');
    writeFileSync(`${path}.part`, 'half');
    const first = openWholeFile(path);
    const second = openWholeFile(path);
    first.write('first');
    second.write('second');
    assert.throws(() => first.finish(), /Another process/u);
    second.finish();
    assert.equal(readFileSync(path, 'utf8'), 'second');
    const abandoned = openWholeFile(join(folder, 'four'));
    abandoned.write('x');
    abandoned.abandon();
    assert.deepEqual(readdirSync(folder).toSorted(), ['one', 'three', 'two']);
  });
});
