#!/usr/bin/env node
// Starts Countersign on a Node.js it runs on: this one, or else the one that was installed beside it.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lowest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).config.node;

// A clone has the sources; what is published has only what was built from them.
const source = join(root, 'src', 'main.ts');
const main = existsSync(source) ? source : join(root, 'dist', 'main.js');

function isAtLeast(version, least) {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

function stop() {
  console.error(
    `Countersign runs on Node.js ${lowest} or later, and this is ${process.versions.node}: install a newer Node.js, ` +
      'or install Countersign with its optional packages on Linux (x64 or arm64, glibc), which bring one along.',
  );
  process.exit(1);
}

function bundledNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    return undefined;
  }
}

// What Node compiled is kept beside the package, never in a folder that others may write: it halves the start.
const compiled = join(root, 'node_modules', '.cache', 'node');

if (isAtLeast(process.versions.node, lowest)) {
  module.enableCompileCache(compiled);
  process.argv[1] = main;
  await import(pathToFileURL(main).href);
} else {
  const node = bundledNode();
  if (node === undefined) stop();
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compiled, ...process.env },
  });
  child.on('error', stop);
  // A terminal signals both processes, so the server may get a signal twice; it is ready for that.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
