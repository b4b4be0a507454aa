import type { ImportWork } from '../../../core/administration/import-run.ts';
import { mailNeeded, Report, type ReportLine } from './report.ts';
import { rocketChat } from './rocketchat.ts';
import { runImport } from './run.ts';

/** So many people are written in one step: others who sign in meanwhile hardly wait. */
const batchSize = 20;
/** Nobody else is served while one is read: a person with ten thousand tokens is smaller than that. */
const bounds = { bytes: 2 * 1_048_576, values: 50_000 };
/** Dumps become ten times as large when they are unpacked; of zeros it would be a thousand times, and take hours. */
const unpackedOf = (bytes: number): number => Math.min(32 * 1_073_741_824, Math.max(268_435_456, bytes * 50));

/**
 * Reads a file that somebody sent, whatever its form (see `documentsOf`), and brings in what it holds.
 * @returns sentences about what could not be read to its end
 */
export async function readUpload(work: ImportWork): Promise<readonly string[]> {
  const { path, name, bytes, mover, dryRun, caller, signal, tally } = work;
  const report = new Report(undefined, (line) => {
    if (line.kind === 'account') tally.person(line.outcome);
    for (const { level, reason, part, value } of line.findings) {
      if (level === 'note') continue;
      const where = [`${line.kind} ${nameOf(line, value)}`, ...(part === undefined ? [] : [part])].join(': ');
      tally.problem({ where, why: reason });
    }
  });
  const broken = await runImport({
    mover,
    dialect: rocketChat(),
    sources: [{ path, bytes, name }],
    dryRun,
    source: 'rocketchat',
    caller,
    report,
    hear: (share) => {
      tally.hear(share);
    },
    batchSize,
    bounds: { ...bounds, unpacked: unpackedOf(bytes) },
    signal,
  });
  if (report.pictures > 0) tally.remark({ where: name, why: `Pictures that stay behind: ${report.pictures}.` });
  const mailless = report.countOf('note', 'mail-needed');
  if (mailless > 0) tally.remark({ where: name, why: mailNeeded(mailless) });
  return broken.map((sentence) => sentence.replace(`${name}: `, ''));
}

/** What cannot be read has no name, and its finding tells where it stands. */
function nameOf({ username, id }: ReportLine, value: string | undefined): string {
  return username ?? (id === '' ? (value ?? '') : id);
}
