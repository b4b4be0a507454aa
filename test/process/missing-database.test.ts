import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commands } from '../../src/wire/cli/commands/index.ts';
import { inherited } from '../inherited.ts';
import { run } from './run.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

describe('the command line where no database is', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-nowhere-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes one for nothing but what begins with one', () => {
    assert.deepEqual(
      commands.filter(({ begins }) => begins === true).map(({ words }) => words),
      ['user create', 'import rocketchat', 'import countersign'],
    );
  });

  it('refuses, says where it looked, and leaves no folder, no file and no key', async () => {
    const cwd = join(folder, 'wrong');
    mkdirSync(cwd);
    for (const words of [
      ['audit', 'verify'],
      ['user', 'list', '--json'],
      ['setting', 'set', 'Site_Name', 'x'],
    ]) {
      const { code, stderr, stdout } = await run(words, {}, { cwd });
      assert.deepEqual([code, stdout], [1, ''], words.join(' '));
      assert.ok(stderr.includes(`There is no database at ${join(cwd, 'data', 'countersign.db')}`), stderr);
      assert.match(stderr, /look at DATABASE_URL/u);
    }
    const env = { DATABASE_URL: `sqlite:${join(folder, 'not', 'there', 'x.db')}` };
    assert.equal((await run(['user', 'list'], env, { cwd })).code, 1);
    assert.deepEqual(readdirSync(cwd), []);
    assert.equal(existsSync(join(folder, 'not')), false);
  });

  it('takes an empty file for none', async () => {
    const file = join(folder, 'empty.db');
    writeFileSync(file, '');
    const { code } = await run(['audit', 'verify'], { DATABASE_URL: `sqlite:${file}` }, { cwd: folder });
    assert.equal(code, 1);
  });

  it('says what is lost where standard output takes nothing', async () => {
    const file = join(folder, 'full', 'x.db');
    const made = await new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
      const child = spawn(process.execPath, [main, 'user', 'create', 'ada'], {
        cwd: folder,
        env: { ...inherited, DATABASE_URL: `sqlite:${file}` },
        stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      });
      let stderr = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.once('error', reject);
      child.once('close', (code) => {
        resolve({ code, stderr });
      });
    });
    assert.equal(made.code, 1);
    assert.match(
      made.stderr,
      /takes no more \(ENOSPC\)\. ada is made .* Its password is lost: countersign user set-password/u,
    );
  });

  it('makes one with the first account, and says so', async () => {
    const file = join(folder, 'first', 'x.db');
    const env = { DATABASE_URL: `sqlite:${file}` };
    const made = await run(['user', 'create', 'ada', '--role', 'admin'], env, { cwd: folder });
    assert.equal(made.code, 0, made.stderr);
    assert.ok(made.stderr.includes(`There was no database: ${file} is made.`), made.stderr);
    const again = await run(['user', 'create', 'bob', '--json'], env, { cwd: folder });
    assert.deepEqual([again.code, again.stderr], [0, '']);
    assert.equal((await run(['audit', 'verify'], env, { cwd: folder })).code, 0);
  });
});
