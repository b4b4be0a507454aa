// Completes package-lock.json. Run after every change of the lock file.
//
// npm leaves an optional platform package out of the lock file when the registry in use does not serve it, and then
// `npm ci` refuses the very file that `npm install` wrote ("Missing: … from lock file"). This adds what is missing: an
// entry without checksum that npm skips on every machine whose system, processor or C library is another one.
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = {
  arm: 'arm',
  armv7: 'arm',
  arm64: 'arm64',
  aarch64: 'arm64',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  powerpc64le: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
  wasm32: 'wasm32',
};

/** The entry that Node would find for `name` when the package at `from` asks for it: the nearest node_modules wins. */
function findEntry(packages, from, name) {
  const folders = from
    .split('/node_modules/')
    .map((_, index, parts) => parts.slice(0, index + 1).join('/node_modules/'));
  const places = [...folders.reverse(), ''].map((folder) => `${folder === '' ? '' : `${folder}/`}node_modules/${name}`);
  return places.find((place) => packages[place] !== undefined);
}

/** What a platform package's name says about where it runs, or undefined when it says nothing. */
function platformOf(name) {
  const words = name.split(/[/@_-]/).filter((word) => word !== '');
  const os = words.map((word) => (word === 'windows' ? 'win32' : word)).filter((word) => systems.includes(word));
  const cpu = words.map((word) => processors[word]).filter((word) => word !== undefined);
  if (os.length === 0 && cpu.length === 0) return undefined;
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return { cpu, os, libc: os.includes('linux') && libc !== undefined ? [libc] : [] };
}

/** The entry as npm itself would order it, so that its next run changes nothing. */
function entryOf(version, dev, { cpu, os, libc }) {
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev }),
    ...(libc.length > 0 && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

/** Without a checksum nothing may be installed where Countersign is meant to run; tools are another matter. */
function isServed({ cpu, os, libc }) {
  return os.includes('linux') && !libc.includes('musl') && cpu.some((name) => name === 'x64' || name === 'arm64');
}

const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = [];
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (findEntry(lock.packages, place, name) !== undefined) continue;
    const platform = platformOf(name);
    const dev = entry.dev === true;
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) || platform === undefined || (!dev && isServed(platform))) {
      console.error(
        `lock: ${name}@${version}, asked for by ${place}, is missing, and its name is not enough to add it.`,
      );
      process.exitCode = 1;
      continue;
    }
    lock.packages[`node_modules/${name}`] = entryOf(version, dev, platform);
    added.push(`${name}@${version}`);
  }
}

const hosts = Object.entries(lock.packages).filter(([, entry]) => /^(https?|git)/.test(entry.resolved ?? ''));
for (const [place] of hosts) console.error(`lock: ${place} names the host it came from.`);
if (hosts.length > 0) process.exitCode = 1;

if (added.length > 0) {
  const [root, ...rest] = Object.entries(lock.packages);
  rest.sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries([root, ...rest]);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(`lock: ${added.length} platform packages added.`);
