// Runs every gate, in order, and names the ones that failed.
//
//   npm test                          static gates, then all tests
//   npm test -- --only-checks         the static gates alone (also: npm run check)
//   npm test -- --only-tests          all tests, no static gate
//   npm test -- src/lib/x.test.ts     these files alone, no static gate
//
// What begins with --test- goes to Node's test runner, for example --test-name-pattern=resume.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const asked = process.argv.slice(2);
const onlyTests = asked.includes('--only-tests');
const onlyChecks = asked.includes('--only-checks');
const forNode = asked.filter((word) => word.startsWith('--test-'));
const files = asked.filter((word) => !word.startsWith('--'));
const unknown = asked.filter(
  (word) => word.startsWith('--') && !word.startsWith('--test-') && !['--only-tests', '--only-checks'].includes(word),
);
if (unknown.length > 0 || (onlyTests && onlyChecks)) {
  console.error(`test: cannot make sense of ${asked.join(' ')}`);
  process.exit(2);
}

/** True if the program ran and was content. */
function run(program, words, more = {}) {
  const done = spawnSync(program, words, { cwd: root, stdio: 'inherit', env: { ...process.env, ...more } });
  if (done.error !== undefined) console.error(`test: ${program}: ${done.error.message}`);
  return done.status === 0;
}

const tool = (name) => join(root, 'node_modules', '.bin', name);

/** node:test ends well when it found no test; here that is a failure. */
function runTests(patterns) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  const tap = join(folder, 'tap');
  try {
    // Each test file, and each server of a test, is a process that would compile the same sources anew.
    const cache = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled') };
    const words = [
      '--test',
      // One more than cores, so that none idles: with many more, clients give up by their own clocks.
      `--test-concurrency=${availableParallelism() + 1}`,
      '--test-timeout=900000',
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=tap',
      `--test-reporter-destination=${tap}`,
      ...forNode,
      ...patterns,
    ];
    const ended = run(process.execPath, words, cache);
    const counts = existsSync(tap) ? [...readFileSync(tap, 'utf8').matchAll(/^# tests (\d+)$/gm)] : [];
    if (Number(counts.at(-1)?.[1] ?? 0) > 0) return ended;
    console.error('test: no test ran, which counts as a failure.');
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const staticGates = [
  ['format, imports and cycles (biome)', () => run(tool('biome'), ['check', '--error-on-warnings', '.'])],
  ['types (tsc)', () => run(tool('tsc'), ['--noEmit'])],
  // What is published has declarations, which ask for more.
  ['types of what is published (tsc)', () => run(tool('tsc'), ['--noEmit', '-p', 'tsconfig.build.json'])],
  ['types of the pages (tsc)', () => run(tool('tsc'), ['--noEmit', '-p', 'web'])],
  ['promises, booleans and any (oxlint)', () => run(tool('oxlint'), ['--type-aware', '--deny-warnings'])],
  ['dead code (knip)', () => run(tool('knip'), [])],
  // In a full run this one is among the tests.
  ['import rules (self test)', () => !onlyChecks || runTests(['src/import-rules.test.ts'])],
  [
    'generated reference',
    () => !existsSync(join(root, 'scripts/reference.ts')) || run(process.execPath, ['scripts/reference.ts', '--check']),
  ],
];

if (!onlyTests && files.length === 0) {
  const failed = staticGates.filter(([name, gate]) => {
    const passed = gate();
    if (!passed) console.error(`test: FAILED: ${name}`);
    return !passed;
  });
  if (failed.length > 0) {
    console.error(
      `test: ${failed.length} of ${staticGates.length} static gates failed: ${failed.map(([name]) => name).join('; ')}`,
    );
    process.exit(1);
  }
  console.log(`test: all ${staticGates.length} static gates passed.`);
}

if (!onlyChecks && !runTests(files.length > 0 ? files : ['src/**/*.test.ts', 'test/**/*.test.ts'])) process.exit(1);
