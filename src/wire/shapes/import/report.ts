import { closeSync, fchmodSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import type { Finding } from '../../../core/administration/newcomer.ts';
import type { Kind } from './dialect.ts';

/** What became of one document. */
export interface ReportLine {
  readonly kind: Kind;
  readonly id: string;
  readonly username?: string | undefined;
  readonly outcome: 'brought-in' | 'already-there' | 'skipped';
  readonly findings: readonly Finding[];
}

/** One run, whose lines follow in the report. */
export interface ReportedRun {
  readonly startedAt: number;
  readonly dryRun: boolean;
  readonly source: string;
}

/** What an administrator should know before people come back. */
export function mailNeeded(accounts: number): string {
  const who = accounts === 1 ? '1 account signs' : `${accounts} accounts sign`;
  return `${who} in with codes by e-mail only, and no mail server is set: set SMTP_Host or MAIL_URL first.`;
}

/** Counts what became of everything, and writes a line of JSON for each document where a file was asked for. */
export class Report {
  readonly #file: number | undefined;
  readonly #hear: (line: ReportLine) => void;
  readonly #outcomes = new Map<string, number>();
  readonly #reasons = new Map<string, number>();
  #tokens = 0;
  #pictures = 0;

  /**
   * @param path undefined to keep no file; the file is for the operator's eyes only. What stands in it stays, since a
   *   run that is taken up again tells nothing of those who came before
   * @param hear told of each line
   */
  constructor(path: string | undefined, hear: (line: ReportLine) => void = () => undefined) {
    this.#hear = hear;
    this.#file = path === undefined ? undefined : openSync(path, 'a+', 0o600);
    // Of a file that was there, the mode stays else.
    if (this.#file !== undefined) fchmodSync(this.#file, 0o600);
  }

  /** Says which run the lines are of that follow. */
  begin(run: ReportedRun): void {
    if (this.#file === undefined) return;
    // A run that was killed may have left half a line.
    const line = `${JSON.stringify({ kind: 'run', ...run })}\n`;
    writeSync(this.#file, endsInLine(this.#file) ? line : `\n${line}`);
  }

  add(lines: readonly ReportLine[]): void {
    for (const line of lines) {
      const { kind, outcome, findings } = line;
      this.#hear(line);
      count(this.#outcomes, `${kind} ${outcome}`);
      for (const { level, reason } of findings) count(this.#reasons, `${level} ${reason}`);
    }
    if (this.#file === undefined || lines.length === 0) return;
    writeSync(this.#file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  addTokens(number: number): void {
    this.#tokens += number;
  }

  /** One that stays behind: nobody is helped by a line for each. */
  addPicture(): void {
    this.#pictures += 1;
  }

  get pictures(): number {
    return this.#pictures;
  }

  /** How many of a kind have this outcome so far. */
  of(kind: Kind, outcome: ReportLine['outcome']): number {
    return this.#outcomes.get(`${kind} ${outcome}`) ?? 0;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** How often something was found so far. */
  countOf(level: Finding['level'], reason: string): number {
    return this.#reasons.get(`${level} ${reason}`) ?? 0;
  }

  /** `[level, reason, how often]`, the most frequent first. */
  reasons(): readonly (readonly [string, string, number])[] {
    return [...this.#reasons]
      .toSorted(([, one], [, other]) => other - one)
      .map(([key, number]) => {
        const [level = '', reason = ''] = key.split(' ', 2);
        return [level, reason, number] as const;
      });
  }

  close(): void {
    if (this.#file === undefined) return;
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

function endsInLine(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last.toString() === '\n');
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
