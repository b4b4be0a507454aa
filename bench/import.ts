// Brings a hundred thousand people in from a dump, as the command line does it, and watches how much memory it takes.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bsonOf, person } from '../test/dump.ts';
import { runBench } from './measure/bench.ts';
import { pin, serverCore } from './measure/process.ts';
import { type Watched, watched } from './measure/watched.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
/** Of a password of nobody: nothing is hashed when people move in. */
const bcrypt = `$2b$10$${'a'.repeat(53)}`;

/** Writes `users.bson`, some people at a time. @returns its size in bytes */
function dump(file: string, people: number): number {
  const opened = openSync(file, 'w');
  let bytes = 0;
  for (let from = 0; from < people; from += 1_000) {
    const some = Array.from({ length: Math.min(1_000, people - from) }, (_, n) => from + n + 1);
    const now = Date.now();
    bytes += writeSync(opened, bsonOf(some.map((n) => person(n, { password: '', bcrypt, now }).document)));
  }
  closeSync(opened);
  return bytes;
}

interface Run extends Watched {
  readonly seconds: number;
}

async function importRun(folder: string, people: number, ...more: readonly string[]): Promise<Run> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [main, 'import', 'rocketchat', join(folder, 'users.bson'), '--json', ...more], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  pin(child.pid ?? 0, serverCore);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const seen = await watched(child);
  const seconds = (performance.now() - startedAt) / 1000;
  const told = JSON.parse(said) as { readonly account: Readonly<Record<string, number>> };
  const done = (told.account['brought-in'] ?? 0) + (told.account['already-there'] ?? 0);
  if (child.exitCode !== 0 || done !== people) throw new Error(`Not everybody came in:\n${said}`);
  return { seconds, ...seen };
}

await runBench('import', async (bench) => {
  const people = bench.short ? 2_000 : 100_000;
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-import-'));
  bench.atEnd(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const bytes = dump(join(folder, 'users.bson'), people);
  bench.figure(`a dump of ${people.toLocaleString('en')} people, each with two live tokens`, bytes / 1_048_576, 'MiB');
  const first = await importRun(folder, people);
  const again = await importRun(folder, people);
  bench.figure('seconds for all of them', first.seconds, 's');
  bench.figure('again, when all are there', people / again.cpuSeconds, 'people/core-second');
  bench.promise('brought in', people / first.cpuSeconds, 'people/core-second', { least: 1_000 });
  bench.promise('memory of its own', first.peakMiB, 'MiB', { most: 320 });
  bench.promise('memory beyond that of the first half', first.peakMiB - first.firstHalfMiB, 'MiB', { most: 64 });
});
