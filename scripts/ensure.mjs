// Makes node_modules fit package-lock.json, then makes sure that `node` is one the product runs on.
//
//   node scripts/ensure.mjs [--dev]
//
// Runs on the host's Node, 20 or later, before anything is installed: so it imports nothing from npm. It is part of
// the npm scripts themselves, since npm skips "prestart" and "pretest" where install scripts are switched off.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

if (isSeen()) process.exit(0);
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
