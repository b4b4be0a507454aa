import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../build/pages/', import.meta.url));

/** What a browser has loaded before somebody can sign in, compressed by gzip. */
const signInBudget = 60_000;

/** What each file may be, compressed by gzip: the list of common passwords is one, and comes when a password is chosen. */
const fileBudgets: readonly (readonly [name: RegExp, bytes: number])[] = [
  [/^password-strength/u, 60_000],
  [/^uplot|^u-plot|chart/iu, 30_000],
  [/./u, 32_000],
];

/** One of what Vite's manifest tells of. */
interface Chunk {
  readonly file: string;
  readonly src?: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

/** The size of a file as it is sent. */
function sizeOf(file: string): number {
  return readFileSync(join(built, `${file}.gz`)).length;
}

describe('the pages as they were built', () => {
  let manifest: Readonly<Record<string, Chunk>> = {};
  const chunk = (key: string): Chunk => manifest[key] ?? assert.fail(`the manifest has no ${key}`);

  /** Everything that comes along with these, without being asked for on demand. */
  const loadedBy = (...keys: readonly string[]): ReadonlySet<string> => {
    const found = new Set<string>();
    const follow = (key: string): void => {
      if (found.has(key)) return;
      found.add(key);
      for (const other of chunk(key).imports ?? []) follow(other);
    };
    for (const key of keys) follow(key);
    return found;
  };
  const filesOf = (keys: ReadonlySet<string>): readonly string[] => [
    ...new Set([...keys].flatMap((key) => [chunk(key).file, ...(chunk(key).css ?? [])])),
  ];

  before(() => {
    manifest = JSON.parse(readFileSync(join(built, '.vite', 'manifest.json'), 'utf8')) as typeof manifest;
  });

  it('are small where people sign in', (test) => {
    const keys = loadedBy('index.html', 'sign-in/sign-in.tsx');
    const files = filesOf(keys);
    const sizes = files.map((file) => [sizeOf(file), file] as const).toSorted(([one], [other]) => other - one);
    const sum = sizes.reduce((total, [size]) => total + size, 0);
    test.diagnostic(`the sign-in page: ${sum} bytes in ${files.length} files, at most ${signInBudget}`);
    assert.ok(sum <= signInBudget, `${sum} bytes:\n${sizes.map(([size, file]) => `${size} ${file}`).join('\n')}`);
    // The document names the very same files, and no other.
    const document = readFileSync(join(built, 'index.html'), 'utf8');
    const named = [...document.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/gu)].map(
      ([, file = '']) => file,
    );
    for (const file of named) assert.ok(files.includes(file), `${file} is loaded by the document`);
  });

  it('bring the administration, charts, the strength of passwords and other languages on demand', () => {
    for (const key of loadedBy('index.html', 'sign-in/sign-in.tsx')) {
      const { file, src = '' } = chunk(key);
      assert.doesNotMatch(`${key} ${src} ${file}`, /uplot|zxcvbn|password-strength|common-passwords/iu);
      assert.doesNotMatch(`${src} ${file}`, /\.(?:de|ar)(?:\.ts|-)/u);
      assert.doesNotMatch(key, /^(?:admin|account|setup)\//u);
      const text = readFileSync(join(built, file), 'utf8');
      // What the packages would bring in, whatever the file is called.
      assert.doesNotMatch(text, /uPlot|u-over|zxcvbn|adjacencyGraphs/u, file);
    }
    const onDemand = new Set(Object.values(manifest).flatMap(({ dynamicImports = [] }) => dynamicImports));
    for (const folder of ['admin', 'account']) {
      const screens = [...onDemand].filter((key) => key.startsWith(`${folder}/`));
      assert.ok(screens.length > 3, `${folder}: ${screens.join(', ')}`);
    }
    assert.ok(
      [...onDemand].some((key) => key.endsWith('.de.ts')) && [...onDemand].some((key) => key.endsWith('.ar.ts')),
    );
  });

  it('have no file that is larger than it may be', (test) => {
    const sizes = readdirSync(join(built, 'assets'))
      .filter((name) => /\.(?:js|css)$/u.test(name))
      .map((name) => [sizeOf(join('assets', name)), name] as const);
    for (const [size, name] of sizes) {
      const [, most = 0] = fileBudgets.find(([pattern]) => pattern.test(name)) ?? [];
      assert.ok(size <= most, `${name}: ${size} of ${most}`);
    }
    const largest = sizes.toSorted(([one], [other]) => other - one).slice(0, 5);
    test.diagnostic(`largest: ${largest.map(([size, name]) => `${name} ${size}`).join(', ')}`);
  });

  it('ask no other host for anything', () => {
    for (const name of readdirSync(join(built, 'assets')).filter((file) => /\.(?:js|css)$/u.test(file))) {
      const text = readFileSync(join(built, 'assets', name), 'utf8');
      assert.doesNotMatch(text, /sourceMappingURL|@import|url\(["']?(?:https?:)?\/\//u, name);
      assert.doesNotMatch(text, /\beval\(|new Function\(/u, name);
    }
  });
});
