import { statSync } from 'node:fs';
import type { Answer, Command, Desk, Given } from '../command.ts';
import type { CliApp } from '../needs.ts';
import { Refusal } from '../refusal.ts';
import { counted, printable } from '../text.ts';
import type { Dialect } from './dialect.ts';
import { type Source, sourcesOf } from './documents.ts';
import { openProgress } from './progress.ts';
import { Report } from './report.ts';
import { runImport } from './run.ts';

/** A command that brings people in; they differ in how files are read. */
export function importCommand(
  about: Pick<Command, 'words' | 'summary' | 'about' | 'example'> & {
    readonly dialect: (app: CliApp) => Dialect;
  },
): Command {
  const { dialect: dialectFor, ...told } = about;
  return {
    ...told,
    arguments: [{ name: 'file', about: 'a file, or a folder with files of a dump', many: true }],
    options: [
      { flags: '--dry-run', about: 'write nothing, and tell what would become of everybody' },
      { flags: '--report <file>', about: 'write a line of JSON for each document, with what was left out and why' },
      { flags: '--quiet', about: 'no progress' },
    ],
    run: async (given, desk) =>
      await desk.withApp(async (app) => await imported(app, given, desk, about.words, dialectFor(app))),
  };
}

async function imported(app: CliApp, given: Given, desk: Desk, words: string, dialect: Dialect): Promise<Answer> {
  const dryRun = given.flag('dryRun');
  const sources = sourcesNamed(given.argumentList('file'), dialect);
  const report = openReport(given.text('report'), sources);
  const progress = await openProgress(dryRun ? 'Looking at everybody' : 'Bringing everybody in', {
    quiet: given.flag('quiet') || given.flag('json'),
    terminal: desk.needs.terminal,
    say: desk.needs.stderr,
  });
  let broken: readonly string[] = [];
  try {
    broken = await runImport({
      app,
      dialect,
      sources,
      dryRun,
      source: words.replace('import ', ''),
      caller: desk.caller,
      report,
      progress,
    });
  } finally {
    progress.end(dryRun ? 'Looked at' : 'Read');
    report.close();
  }
  const skipped = report.of('account', 'skipped');
  return {
    document: documentOf(report, dryRun, broken),
    text: textOf(report, dryRun, broken),
    ...(skipped > 0 && given.text('report') === undefined
      ? { note: 'Who stayed away, and why: --report <file> writes it down.' }
      : {}),
    code: broken.length > 0 ? 1 : 0,
  };
}

function sourcesNamed(paths: readonly string[], dialect: Dialect): readonly Source[] {
  let sources: readonly Source[];
  try {
    sources = sourcesOf(paths, dialect);
  } catch (cause) {
    throw new Refusal('file-unreadable', `A file cannot be read: ${reasonOf(cause)}.`);
  }
  if (sources.length === 0) throw new Refusal('nothing-to-import', 'No file of a dump was found there.');
  return sources;
}

function openReport(path: string | undefined, sources: readonly Source[]): Report {
  if (path !== undefined && sources.some((source) => isSameFile(source.path, path))) {
    throw new Refusal('report-unwritable', 'The report cannot be written over a file of the dump.');
  }
  try {
    return new Report(path);
  } catch (cause) {
    throw new Refusal('report-unwritable', `The report cannot be written: ${reasonOf(cause)}.`);
  }
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other, { throwIfNoEntry: false })];
  return a.ino === b?.ino && a.dev === b.dev;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

const kinds = ['account', 'role', 'permission', 'setting', 'other'] as const;
const outcomes = ['brought-in', 'already-there', 'skipped'] as const;

function documentOf(report: Report, dryRun: boolean, broken: readonly string[]) {
  return {
    dryRun,
    ...Object.fromEntries(
      kinds.map((kind) => [kind, Object.fromEntries(outcomes.map((outcome) => [outcome, report.of(kind, outcome)]))]),
    ),
    tokens: report.tokens,
    findings: report.reasons().map(([level, reason, count]) => ({ level, reason, count })),
    broken,
  };
}

function textOf(report: Report, dryRun: boolean, broken: readonly string[]): string {
  const done = dryRun ? 'would come in' : 'came in';
  const lines = kinds.flatMap((kind) => {
    const [came, there, skipped] = outcomes.map((outcome) => report.of(kind, outcome));
    if ((came ?? 0) + (there ?? 0) + (skipped ?? 0) === 0) return [];
    const tokens = kind === 'account' ? `, with ${counted(report.tokens, 'token')}` : '';
    return [`${nameOf(kind)}: ${came} ${done}${tokens}; ${there} there already; ${skipped} skipped.`];
  });
  const reasons = report.reasons().map(([level, reason, count]) => `  ${level.padEnd(8)}  ${reason}: ${count}`);
  return [
    ...(dryRun ? ['Nothing was written.'] : []),
    ...lines,
    ...(reasons.length > 0 ? ['What to look at:', ...reasons] : []),
    ...broken.map((sentence) => `Not read to the end: ${printable(sentence)}`),
  ].join('\n');
}

function nameOf(kind: (typeof kinds)[number]): string {
  return { account: 'Accounts', role: 'Roles', permission: 'Permissions', setting: 'Settings', other: 'Other' }[kind];
}
