// Puts what the server loads at its start into a few files, since linking a thousand modules takes longer than all of
// the rest: `build/main.mjs`, with what is loaded on use in files beside it. Runs on the Node that the product runs on.
//
//   node scripts/bundle.mjs
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const build = join(root, 'build');
const builtin = new Set(builtinModules);

/** Packages that are loaded at the start, or so small that it does not matter. All others stay where they are. */
const bundled = new Set(['@fastify/formbody', 'commander', 'fastify', 'kysely', 'pino', 'secure-json-parse', 'ws']);

/** A server that runs loads files on use, so those of an older build stay for a while. */
const keptMs = 30 * 86_400_000;

function packageOf(id) {
  const [first, second] = id.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function isExternal(id, importer) {
  if (id.startsWith('node:') || builtin.has(id)) return true;
  if (id.startsWith('.') || id.startsWith('/')) return false;
  if (importer === undefined) return false;
  return importer.includes('/node_modules/') ? false : !bundled.has(packageOf(id));
}

const bundle = await rolldown({
  input: join(root, 'src', 'main.ts'),
  platform: 'node',
  external: isExternal,
  logLevel: 'silent',
});
const { output } = await bundle.generate({
  format: 'esm',
  entryFileNames: 'main.mjs',
  chunkFileNames: '[name]-[hash].mjs',
  // Names stay as they are, for whoever reads a stack trace.
  minify: false,
});
await bundle.close();

mkdirSync(build, { recursive: true });
const written = new Set(['main.mjs', 'entry.mjs', 'made-of.json']);
// The entry last, and in one step: whoever starts meanwhile gets the old one whole.
for (const { fileName, code } of output.toSorted((one) => (one.isEntry ? 1 : -1))) {
  const file = join(build, fileName);
  writeFileSync(`${file}.new`, code);
  renameSync(`${file}.new`, file);
  written.add(fileName);
}
for (const name of readdirSync(build)) {
  const file = join(build, name);
  if (!written.has(name) && Date.now() - statSync(file).mtimeMs > keptMs) rmSync(file, { force: true });
}
