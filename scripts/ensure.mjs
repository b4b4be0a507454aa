// Makes node_modules fit package-lock.json, then makes sure that `node` is one the product runs on.
//
//   node scripts/ensure.mjs [--dev] [--server]
//
// With --server it also makes the few files that the server starts from, with either word the pages, each where its
// sources have changed.
//
// Runs on the host's Node, 20 or later, before anything is installed: so it imports nothing from npm. It is part of
// the npm scripts themselves, since npm skips "prestart" and "pretest" where install scripts are switched off.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkPostgres } from './postgres-links.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeModules = join(root, 'node_modules');
const dev = process.argv.includes('--dev');
const lowest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).config.node;

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

function packagesIn(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

/** What npm says it installed is compared, not a stamp of our own: an `npm ci` made by hand is not repeated. */
function isInstalled() {
  const installed = packagesIn(join(nodeModules, '.package-lock.json'));
  return Object.entries(packagesIn(join(root, 'package-lock.json')))
    .filter(([place, wanted]) => place !== '' && !wanted.optional && !wanted.link && (dev || !wanted.dev))
    .every(([place, wanted]) => installed[place]?.version === wanted.version);
}

function install() {
  // Below "error" npm says which packages want a newer Node.js than the host's: the bundled one, or `stop`, sees to it.
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund'];
  const order = ['ci', '--ignore-scripts', ...quiet, ...(dev ? ['--include=dev'] : ['--omit=dev'])];
  const npm = process.env.npm_execpath;
  // npm's own output goes to stderr, so that what the server prints stays alone on stdout.
  const how = { cwd: root, stdio: ['ignore', 2, 2] };
  const done = npm === undefined ? spawnSync('npm', order, how) : spawnSync(process.execPath, [npm, ...order], how);
  if (done.status !== 0) stop('Countersign could not install its packages: see what npm said above.');
}

function versionOf(node) {
  const asked = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

function isAtLeast(version, least) {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

if (!isInstalled()) install();
if (dev) linkPostgres(nodeModules);

const bundled = join(nodeModules, '.bin', 'node');
const seen = join(nodeModules, '.cache', 'countersign-node');

/** Names this very file: to start a Node only to ask for its version takes a tenth of a second. */
function markOf(path) {
  const { size, mtimeMs, ino } = statSync(path);
  return JSON.stringify([size, mtimeMs, ino, lowest]);
}

function isSeen() {
  try {
    return readFileSync(seen, 'utf8') === markOf(bundled);
  } catch {
    // Not there, or not yet looked at.
    return false;
  }
}

if (!isSeen()) look();
if (process.argv.includes('--server')) prepareServer();
if (dev || process.argv.includes('--server')) preparePages();

function look() {
  // The Node from npm needs glibc. Where it does not run it is put aside, and `node` means the host's own again.
  const ofBundled = versionOf(bundled);
  if (ofBundled === undefined) rmSync(bundled, { force: true });

  const found = versionOf('node');
  if (found !== undefined && found === ofBundled && isAtLeast(found, lowest)) {
    mkdirSync(dirname(seen), { recursive: true });
    writeFileSync(seen, markOf(bundled));
  }
  if (found === undefined || !isAtLeast(found, lowest)) {
    stop(
      `Countersign runs on Node.js ${lowest} or later, and \`node\` here is ${found ?? 'missing'}: ` +
        'install a newer Node.js, or start with `npm start` on Linux (x64 or arm64, glibc), where one is brought along.',
    );
  }
}

/** What is made of the files in these folders: each by size and time, and the packages. */
function sources(folders, others) {
  const files = folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/\.(?:test|suite)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return JSON.stringify(
    [...files, ...[...others, 'package-lock.json'].map((name) => join(root, name))].map((file) => {
      const { size, mtimeMs } = statSync(file);
      return [file.slice(root.length), size, mtimeMs];
    }),
  );
}

/** Makes `build/entry.mjs`, which starts the server from the bundle, or from the sources where none can be made. */
function prepareServer() {
  const build = join(root, 'build');
  const madeOf = join(build, 'made-of.json');
  const now = sources(['src'], ['scripts/bundle.mjs']);
  try {
    if (readFileSync(madeOf, 'utf8') === now) return;
  } catch {
    // None was made yet.
  }
  const done = spawnSync('node', [join(root, 'scripts', 'bundle.mjs')], { cwd: root, encoding: 'utf8' });
  const isMade = done.status === 0;
  if (!isMade) {
    const why = (done.stderr ?? '').split('\n').find((line) => line.includes('Error')) ?? 'the bundler did not run';
    console.error(`Countersign starts from its sources, which takes longer (${why.trim()}).`);
  }
  const main = isMade ? './main.mjs' : '../src/main.ts';
  mkdirSync(build, { recursive: true });
  writeFileSync(
    join(build, 'entry.mjs'),
    `import { fileURLToPath } from 'node:url';\n` +
      `process.argv[1] = fileURLToPath(new URL('${main}', import.meta.url));\n` +
      `await import('${main}');\n`,
  );
  if (isMade) writeFileSync(madeOf, now);
}

/** Builds the pages into `build/pages`; where they cannot be built, those without script are served. */
function preparePages() {
  const build = join(root, 'build');
  const madeOf = join(build, 'pages-made-of.json');
  const now = sources(['web', 'src/client'], ['docs/guides/audit.md']);
  try {
    if (readFileSync(madeOf, 'utf8') === now) return;
  } catch {
    // None were made yet.
  }
  const vite = join(nodeModules, 'vite', 'bin', 'vite.js');
  const done = spawnSync('node', [vite, 'build', join(root, 'web'), '--logLevel', 'error'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (done.status !== 0) {
    console.error(`The pages could not be built, so those without script are served:\n${done.stderr}${done.stdout}`);
    // Whoever develops must not test the pages of yesterday.
    if (dev) process.exit(1);
    return;
  }
  writeFileSync(madeOf, now);
}
