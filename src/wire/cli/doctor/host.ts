import { type Check, subject } from './check.ts';
import type { DoctorProbes, ProductProbes } from './probes.ts';

const wantedFiles = 10_000;
const leastFiles = 1_024;

export function nodeCheck({ version, least }: ProductProbes['node']): Check {
  const { ok, fail } = subject('node', 'Node.js');
  const found = `This is Node.js ${version}; ${least} or later is needed.`;
  return isAtLeast(version, least)
    ? ok(found)
    : fail(found, 'Install a newer Node.js, or start with npm start, which brings one along on Linux.');
}

export function openFilesCheck({ openFileLimit }: Pick<DoctorProbes, 'openFileLimit'>): Check {
  const { ok, warn, fail } = subject('open-files', 'Open files');
  const limit = openFileLimit();
  if (limit === undefined) return ok('No limit could be read.');
  const found = `A process started here may hold ${limit} files and sockets open.`;
  const advice = 'Each client takes one: raise it with ulimit -n, or LimitNOFILE= in the systemd unit.';
  if (limit < leastFiles) return fail(found, advice);
  return limit < wantedFiles ? warn(found, advice) : ok(found);
}

export function logLevelCheck(level: string): Check {
  const { ok, warn } = subject('log-level', 'Log level');
  const found = `LOG_LEVEL is ${level}.`;
  if (level === 'debug' || level === 'trace') return warn(found, 'It is slow and fills disks: use info when done.');
  if (level === 'silent' || level === 'fatal') return warn(found, 'Errors are not logged: use info, warn or error.');
  return ok(found);
}

function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string): readonly number[] => text.split('.').map((part) => Number.parseInt(part, 10));
  const wanted = numbers(least);
  for (const [at, number] of numbers(version).entries()) {
    const other = wanted[at] ?? 0;
    if (number !== other) return number > other;
  }
  return true;
}
