import type { ImportWork } from '../../../core/administration/import-run.ts';
import { Report, type ReportLine } from './report.ts';
import { rocketChat } from './rocketchat.ts';
import { runImport } from './run.ts';

/** So many people are written in one step: others who sign in meanwhile hardly wait. */
const batchSize = 20;
/** Nobody else is served while one is read: a person with ten thousand tokens is smaller than that. */
const bounds = { bytes: 2 * 1_048_576, values: 50_000 };

/**
 * Reads a file that somebody sent, whatever its form (see `documentsOf`), and brings in what it holds.
 * @returns sentences about what could not be read to its end
 */
export async function readUpload(work: ImportWork): Promise<readonly string[]> {
  const { path, name, bytes, mover, dryRun, caller, signal, tally } = work;
  let lines = 0;
  const report = new Report(undefined, (line) => {
    lines += 1;
    if (line.kind === 'account') tally.person(line.outcome);
    for (const { level, reason, part, value } of line.findings) {
      if (level === 'note') continue;
      const where = [`${line.kind} ${nameOf(line, value)}`, ...(part === undefined ? [] : [part])].join(': ');
      tally.problem({ where, why: reason });
    }
  });
  const broken = await runImport({
    mover,
    dialect: rocketChat,
    sources: [{ path, bytes, name }],
    dryRun,
    source: 'rocketchat',
    caller,
    report,
    hear: (share) => {
      tally.hear(share);
    },
    batchSize,
    bounds,
    signal,
  });
  const told = broken.map((sentence) => sentence.replace(`${name}: `, ''));
  return lines === 0 && told.length === 0 ? ['Nothing of Rocket.Chat was found in the file.'] : told;
}

/** What cannot be read has no name, and its finding tells where it stands. */
function nameOf({ username, id }: ReportLine, value: string | undefined): string {
  return username ?? (id === '' ? (value ?? '') : id);
}
