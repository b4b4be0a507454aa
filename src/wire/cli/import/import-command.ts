import { statSync } from 'node:fs';
import type { Dialect } from '../../shapes/import/dialect.ts';
import { type Source, sourcesOf } from '../../shapes/import/documents.ts';
import { BrokenFile } from '../../shapes/import/found.ts';
import { mailNeeded, Report } from '../../shapes/import/report.ts';
import { runImport } from '../../shapes/import/run.ts';
import type { Answer, Command, Desk, Given } from '../command.ts';
import type { CliApp } from '../needs.ts';
import { Refusal } from '../refusal.ts';
import { counted, printable } from '../text.ts';
import { openProgress } from './progress.ts';

/** A command that brings people in; they differ in how files are read. */
export function importCommand(
  about: Pick<Command, 'words' | 'summary' | 'about' | 'example'> & {
    readonly dialect: (app: CliApp) => Dialect;
  },
): Command {
  const { dialect: dialectFor, ...told } = about;
  return {
    ...told,
    begins: true,
    arguments: [{ name: 'file', about: 'a file, or a folder with files of a dump', many: true }],
    options: [
      { flags: '--dry-run', about: 'write nothing, and tell what would become of everybody' },
      {
        flags: '--report <file>',
        about: 'add a line of JSON to this file for each document, with what was left out and why',
      },
      { flags: '--db <name>', about: 'the database that is meant, of a dump that holds several' },
      { flags: '--quiet', about: 'no progress' },
    ],
    run: async (given, desk) =>
      await desk.withApp(async (app) => await imported(app, given, desk, about.words, dialectFor(app)), {
        trial: given.flag('dryRun'),
      }),
  };
}

async function imported(app: CliApp, given: Given, desk: Desk, words: string, dialect: Dialect): Promise<Answer> {
  const dryRun = given.flag('dryRun');
  const database = given.text('db');
  const sources = sourcesNamed(given.argumentList('file'), dialect, database);
  const report = openReport(given.text('report'), sources);
  const source = words.replace('import ', '');
  report.begin({ startedAt: app.moving.now(), dryRun, source });
  const progress = await openProgress(dryRun ? 'Looking at everybody' : 'Bringing everybody in', {
    quiet: given.flag('quiet') || given.flag('json'),
    terminal: desk.needs.terminal,
    say: desk.needs.stderr,
  });
  let broken: readonly string[] = [];
  const trial = dryRun ? await app.moving.trial() : undefined;
  try {
    broken = await runImport({
      mover: trial ?? app.moving,
      dialect,
      database,
      sources,
      dryRun,
      source,
      caller: desk.caller,
      report,
      hear: (share) => {
        progress.at(share, peopleSoFar(report, dryRun));
      },
    });
  } finally {
    trial?.close();
    progress.end(dryRun ? 'Looked at' : 'Read');
    report.close();
  }
  const notes = notesOn(report, given.text('report') !== undefined);
  return {
    document: documentOf(report, dryRun, broken),
    text: textOf(report, dryRun, broken),
    ...(notes.length > 0 ? { note: notes.join('\n') } : {}),
    code: broken.length > 0 ? 1 : 0,
  };
}

function notesOn(report: Report, isKept: boolean): readonly string[] {
  const mailless = report.countOf('note', 'mail-needed');
  return [
    ...(report.of('account', 'skipped') > 0 && !isKept
      ? ['Who stayed away, and why: --report <file> writes it down.']
      : []),
    ...(mailless > 0 ? [mailNeeded(mailless)] : []),
  ];
}

function sourcesNamed(paths: readonly string[], dialect: Dialect, database: string | undefined): readonly Source[] {
  let sources: readonly Source[];
  try {
    sources = sourcesOf(paths, dialect, database);
  } catch (cause) {
    if (cause instanceof BrokenFile) throw new Refusal('several-databases', cause.message);
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

function peopleSoFar(report: Report, dryRun: boolean): string {
  const [done, there] = [report.of('account', 'brought-in'), report.of('account', 'already-there')];
  return `${counted(done, 'account')} ${dryRun ? 'would come in' : 'brought in'}${there > 0 ? `, ${there} there already` : ''}`;
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other, { throwIfNoEntry: false })];
  return a.ino === b?.ino && a.dev === b.dev;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

const kinds = ['account', 'role', 'permission', 'setting', 'provider', 'application'] as const;
const outcomes = ['brought-in', 'already-there', 'skipped'] as const;

function documentOf(report: Report, dryRun: boolean, broken: readonly string[]) {
  return {
    dryRun,
    ...Object.fromEntries(
      kinds.map((kind) => [kind, Object.fromEntries(outcomes.map((outcome) => [outcome, report.of(kind, outcome)]))]),
    ),
    tokens: report.tokens,
    pictures: report.pictures,
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
    ...(report.pictures > 0 ? [`Pictures: ${report.pictures} stay behind.`] : []),
    ...(reasons.length > 0 ? ['What to look at:', ...reasons] : []),
    ...broken.map((sentence) => `Not read to the end: ${printable(sentence)}`),
  ].join('\n');
}

function nameOf(kind: (typeof kinds)[number]): string {
  const names = {
    account: 'Accounts',
    role: 'Roles',
    permission: 'Permissions',
    setting: 'Settings',
    application: 'Applications',
    provider: 'Providers',
  } as const;
  return names[kind];
}
