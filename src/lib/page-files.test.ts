import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openPageFiles, type PageFiles } from './page-files.ts';

describe('the files of the pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-pages-'));
  let files: PageFiles;

  before(() => {
    mkdirSync(join(folder, 'assets', 'deep'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<!doctype html>é');
    writeFileSync(join(folder, 'secret.js'), 'not to be served');
    for (const name of ['a.js', 'a.js.br', 'a.js.gz', 'b.css', 'b.css.gz', 'c.woff2', 'd.map', 'deep/e.js']) {
      writeFileSync(join(folder, 'assets', name), `bytes of ${name}`);
    }
    files = openPageFiles(folder) ?? assert.fail('the folder was not opened');
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (name: string, accepted = ''): string | undefined => {
    const found = files.file(name, accepted);
    return found === undefined ? undefined : `${found.encoding ?? 'plain'}: ${Buffer.from(found.bytes).toString()}`;
  };

  it('are none where nothing was built', () => {
    assert.equal(openPageFiles(join(folder, 'nowhere')), undefined);
    assert.equal(openPageFiles(join(folder, 'assets')), undefined);
  });

  it('begin with the document, as text', () => {
    assert.equal(files.document, '<!doctype html>é');
  });

  it('are given as small as the browser takes them', () => {
    for (const [accepted, found] of [
      ['', 'plain: bytes of a.js'],
      ['identity', 'plain: bytes of a.js'],
      ['gzip', 'gzip: bytes of a.js.gz'],
      ['gzip, deflate, br, zstd', 'br: bytes of a.js.br'],
      ['GZIP;q=0.5, BR ; q=0.1', 'br: bytes of a.js.br'],
      ['br;q=0, gzip', 'gzip: bytes of a.js.gz'],
      ['br; q=0.000 , gzip;q=0', 'plain: bytes of a.js'],
      ['brotli, xgzip', 'plain: bytes of a.js'],
    ] as const) {
      assert.equal(read('a.js', accepted), found, accepted);
    }
    assert.equal(read('b.css', 'br, gzip'), 'gzip: bytes of b.css.gz');
    assert.equal(read('c.woff2', 'br, gzip'), 'plain: bytes of c.woff2');
  });

  it('say what they are', () => {
    const types = ['a.js', 'b.css', 'c.woff2'].map((name) => files.file(name, '')?.mediaType);
    assert.deepEqual(types, ['text/javascript; charset=utf-8', 'text/css; charset=utf-8', 'font/woff2']);
  });

  it('are those that lie there by their very name, of the kinds that pages load', () => {
    for (const name of [
      '',
      '.',
      '..',
      'deep',
      'deep/e.js',
      '../secret.js',
      '..\\secret.js',
      'x/../a.js',
      './a.js',
      'a.js\0',
      'A.JS',
      'a.js.br',
      'a.js.gz',
      'd.map',
      'unknown.js',
      '__proto__',
      'a.constructor',
      'a.__proto__',
    ]) {
      assert.equal(read(name, 'br, gzip'), undefined, JSON.stringify(name));
    }
  });

  it('are read once: what comes later to the folder is not served', () => {
    assert.equal(read('b.css'), 'plain: bytes of b.css');
    writeFileSync(join(folder, 'assets', 'b.css'), 'changed');
    writeFileSync(join(folder, 'assets', 'late.js'), 'late');
    assert.equal(read('b.css'), 'plain: bytes of b.css');
    assert.equal(read('late.js'), undefined);
  });
});
