// What `npm start` runs: the few files that the sources are put into, and the sources where that fails.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from '../server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the files that the server starts from', () => {
  let clone: string;
  const prepare = (): string => {
    const done = spawnSync(process.execPath, [join(clone, 'scripts', 'ensure.mjs'), '--server'], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    return done.stderr;
  };
  const entry = (): string => join(clone, 'build', 'entry.mjs');
  const version = (): string =>
    execFileSync(process.execPath, [entry(), '--version'], { encoding: 'utf8', cwd: clone }).trim();

  before(() => {
    clone = mkdtempSync(join(tmpdir(), 'countersign-clone-'));
    for (const name of ['docs/guides', 'scripts', 'src', 'web', 'package.json', 'package-lock.json', 'tsconfig.json']) {
      cpSync(join(root, name), join(clone, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  });
  after(() => {
    rmSync(clone, { recursive: true, force: true });
  });

  it('serve as the sources do', async () => {
    assert.equal(prepare(), '');
    assert.match(readFileSync(entry(), 'utf8'), /\.\/main\.mjs/u);
    const { version: wanted } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as { version: string };
    assert.equal(version(), wanted);
    const server = await startServer({ main: entry() });
    try {
      const login = await fetch(`${server.url}/api/v1/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ user: server.administrator.username, password: server.administrator.password }),
      });
      assert.equal(login.status, 200);
      assert.equal((await fetch(`${server.url}/api-docs/openapi.json`)).status, 200);
      const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/u.exec(await (await fetch(`${server.url}/`)).text()) ?? [];
      assert.equal(
        (await fetch(`${server.url}${script}`)).headers.get('content-type'),
        'text/javascript; charset=utf-8',
      );
      assert.equal(await server.stop(), 0);
    } finally {
      await server.dispose();
    }
  });

  it('are made anew where a source has changed, and only then', () => {
    prepare();
    const main = join(clone, 'build', 'main.mjs');
    const { mtimeMs } = statSync(main);
    prepare();
    assert.equal(statSync(main).mtimeMs, mtimeMs);
    const source = join(clone, 'src', 'main.ts');
    appendFileSync(source, '\nexport const changed = 1;\n');
    prepare();
    assert.match(readFileSync(main, 'utf8'), /changed/u);
  });

  it('are left out where none can be made: the sources serve, and one sentence says so', () => {
    writeFileSync(join(clone, 'scripts', 'bundle.mjs'), "throw new Error('no bundler here');\n");
    assert.match(prepare(), /starts from its sources.*no bundler here/u);
    assert.match(version(), /^\d/u);
    // The next start tries again.
    assert.match(prepare(), /starts from its sources/u);
  });
});
