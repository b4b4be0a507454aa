// Runs every program here, one after the other, and says which promises hold. Exit code 1 when one does not.
//
//   node bench/all.ts [--short] [--json <file>] [--patience <seconds>] [names ...]
//
// With --patience it waits before each program, at most so long, until nothing else keeps the machine busy.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Outcome } from './measure/bench.ts';
import { shown } from './measure/figures.ts';
import { pause, watchOthers } from './measure/process.ts';

const programs = [
  'start',
  'token-check',
  'password-logins',
  'login-flood',
  'resume',
  'reconnect-storm',
  'idle-socket',
  'growth',
  'sweep',
  'list-pages',
  'import',
  'ldap-login',
  'ldap-sync',
  'audit-cost',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'string' },
    patience: { type: 'string', default: '0' },
  },
});
const unknown = positionals.filter((name) => !programs.includes(name));
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}; there are ${programs.join(', ')}.`);

/** Waits until everything else took less than a fifth of a core for three seconds. */
async function quiet(atMostSeconds: number): Promise<void> {
  const until = performance.now() + atMostSeconds * 1000;
  while (performance.now() < until) {
    const others = watchOthers();
    await pause(3_000);
    if (others() < 0.2) return;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const outcomes: Outcome[] = [];
const failed: string[] = [];
for (const name of positionals.length > 0 ? positionals : programs) {
  const json = join(folder, `${name}.json`);
  await quiet(Number(values.patience));
  const words = [join(import.meta.dirname, `${name}.ts`), '--json', json, ...(values.short ? ['--short'] : [])];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit', timeout: 900_000 });
  if (existsSync(json)) outcomes.push(JSON.parse(readFileSync(json, 'utf8')) as Outcome);
  else failed.push(`${name} (${status === null ? 'took too long' : `exit code ${status}`})`);
}
rmSync(folder, { recursive: true });

const rows = outcomes.flatMap(({ bench, verdicts }) =>
  verdicts.map(({ what, value, unit, budget, held }) => [
    held ? 'held' : 'MISSED',
    bench,
    what,
    `${shown(value)} ${unit}`,
    budget,
  ]),
);
const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
console.log(`\n${outcomes[0]?.machine ?? ''}\n`);
for (const row of rows) {
  const line = row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join('  ');
  console.log(line.trimEnd());
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(outcomes, null, 2)}\n`);

const missed = rows.filter(([verdict]) => verdict === 'MISSED').length;
console.log(`\n${rows.length} promises, ${missed} missed${values.short ? ' (a short pass decides nothing)' : ''}.`);
if (failed.length > 0) console.log(`Programs that failed: ${failed.join('; ')}.`);
if (failed.length > 0 || (!values.short && missed > 0)) process.exitCode = 1;
