// Builds the product as it is published and uses its client as others do: by name, in plain Node.js, with its types.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '..', '..');

/** What the client may weigh, compressed, before a bundler shortens its names. */
const mostBytes = 6200;

describe('the published client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-package-'));
  const inside = join(folder, 'node_modules', 'countersign');
  const built = join(inside, 'dist', 'client');

  const run = (
    program: string,
    words: readonly string[],
  ): { readonly status: number | null; readonly text: string } => {
    const done = spawnSync(program, words, { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] } });
    return { status: done.status, text: `${done.stdout}${done.stderr}` };
  };
  const tsc = (...words: readonly string[]): ReturnType<typeof run> =>
    run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), ...words]);

  before(() => {
    mkdirSync(inside, { recursive: true });
    cpSync(join(root, 'package.json'), join(inside, 'package.json'));
    const { text } = tsc('-p', join(root, 'tsconfig.build.json'), '--outDir', join(inside, 'dist'));
    assert.ok(existsSync(join(built, 'index.js')), text);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is imported by its name in plain Node.js, and the server is not', () => {
    const program = `
      import { ClientError, createClient } from 'countersign/client';
      const answer = { status: 429, headers: new Headers({ 'Retry-After': '7' }), text: async () => '{"error":"later"}' };
      const client = createClient({ url: 'http://localhost:3000/', fetch: async () => answer });
      const cause = await client.get('me').catch((given) => given);
      console.log(cause instanceof ClientError, cause.status, cause.error, cause.retryAfter);
      console.log(await import('countersign/dist/main.js').catch(({ code }) => code));
    `;
    const { status, text } = run(process.execPath, ['--input-type=module', '--eval', program]);
    assert.equal(text, 'true 429 later 7\nERR_PACKAGE_PATH_NOT_EXPORTED\n');
    assert.equal(status, 0);
  });

  it('imports nothing but its own files', () => {
    for (const name of readdirSync(built).filter((file) => file.endsWith('.js'))) {
      const text = readFileSync(join(built, name), 'utf8');
      for (const [, from = ''] of text.matchAll(/(?:from|import)\s*\(?['"]([^'"]+)['"]/gu)) {
        assert.match(from, /^\.\/[\w-]+\.js$/u, name);
        assert.ok(existsSync(join(built, from)), from);
      }
    }
  });

  it('brings types that need neither those of Node.js nor our sources', () => {
    const use = `
      import { ClientError, createClient, type Session } from 'countersign/client';
      const client = createClient({ url: location.origin, fetch, WebSocket, storage: localStorage });
      export const session: Session = await client.login({ user: 'ada', password: 'secret' });
      export const secret: string = (await client.post('users.enableTotp')).secret;
      export const left: number = (await client.get('users.totpCodesRemaining')).remaining;
      export const other: unknown = (await client.post('some.endpoint', { any: 'thing' }))['member'];
      client.on('signedOut', ({ error }) => console.log(error instanceof ClientError));
      // @ts-expect-error a body is missing
      await client.post('users.validateTotp');
      // @ts-expect-error a code is text
      await client.post('users.validateTotp', { code: 123456 });
      // @ts-expect-error there is no such event
      client.on('nothing', () => undefined);
    `;
    writeFileSync(join(folder, 'use.ts'), use);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2024',
      lib: ['es2024', 'dom'],
      types: [],
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    const { status, text } = tsc('-p', '.');
    assert.equal(text, '');
    assert.equal(status, 0);
  });

  it('compiles as its guide shows it', () => {
    const guide = readFileSync(join(root, 'docs', 'guides', 'client.md'), 'utf8');
    const files = [...guide.matchAll(/^```ts\n(.*?)^```$/gmsu)].map(([, block = ''], n) => {
      writeFileSync(join(folder, `guide-${n}.ts`), block);
      return `guide-${n}.ts`;
    });
    assert.ok(files.length >= 4);
    writeFileSync(join(folder, 'guide.json'), JSON.stringify({ extends: './tsconfig.json', files }));
    const { status, text } = tsc('-p', 'guide.json');
    assert.equal(text, '');
    assert.equal(status, 0);
  });

  it('uses no global that browsers lack', () => {
    const tsconfig = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { lib: ['es2024', 'dom'], types: [] },
      files: [join(root, 'src', 'client', 'index.ts')],
      include: [],
    };
    writeFileSync(join(folder, 'browser.json'), JSON.stringify(tsconfig));
    const { status, text } = tsc('-p', 'browser.json');
    assert.equal(text, '');
    assert.equal(status, 0);
  });

  it(`weighs less than ${mostBytes} bytes, compressed`, () => {
    const lines = readdirSync(built)
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) => readFileSync(join(built, file), 'utf8').split('\n'))
      .map((line) => line.trim())
      .filter((line) => !/^(?:\/\*|\*|\/\/)/u.test(line));
    const bytes = gzipSync(lines.join('\n'), { level: 9 }).byteLength;
    assert.ok(bytes < mostBytes, `${bytes} bytes`);
  });
});
