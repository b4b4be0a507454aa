import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { shown } from './figures.ts';
import { loadCore, pin, watchOthers } from './process.ts';
import { hashMillis } from './speed.ts';

/** Something that was measured, for the reader. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

/** A promise of the design, and what became of it. */
export interface Verdict extends Figure {
  readonly budget: string;
  readonly held: boolean;
}

/** What a program leaves behind, as JSON. */
export interface Outcome {
  readonly bench: string;
  readonly short: boolean;
  readonly seconds: number;
  readonly machine: string;
  /** Cores that everything else on the machine used meanwhile, on average: the more, the less the figures say. */
  readonly others: number;
  /** How fast the machine was, before and after: see `hashMillis`. */
  readonly hashMillis: readonly [number, number];
  readonly figures: readonly Figure[];
  readonly verdicts: readonly Verdict[];
  readonly notes: readonly string[];
}

/** What a program speaks to while it measures. */
export interface Bench {
  /** A quick pass: it shows that the program works, and its numbers mean little. */
  readonly short: boolean;
  figure(what: string, value: number, unit: string): void;
  /** @param limit what the design promises: at least or at most so much */
  promise(
    what: string,
    value: number,
    unit: string,
    limit: { readonly least: number } | { readonly most: number },
  ): void;
  /** A promise that holds when either of two does. */
  promiseEither(what: string, value: number, unit: string, held: boolean, budget: string): void;
  /** A sentence that must stand beside the numbers. */
  note(sentence: string): void;
  /** Calls it when the program ends, however it ends; the last one first. */
  atEnd(act: () => Promise<void> | void): void;
}

/**
 * Runs one program: prints what it measures, writes it to the file that `--json` names, and sets the exit code to 1 when
 * a promise is broken. With `--short` only a failure of the program itself counts.
 */
export async function runBench(name: string, program: (bench: Bench) => Promise<void>): Promise<void> {
  const { values } = parseArgs({ options: { short: { type: 'boolean', default: false }, json: { type: 'string' } } });
  if (process.platform !== 'linux') {
    console.error('The programs in bench/ read /proc and bind to 127.0.0.0/8: they run on Linux only.');
    process.exitCode = 2;
    return;
  }
  // It only waits and reads along, and must not do so where something is measured.
  pin(process.pid, loadCore);
  const figures: Figure[] = [];
  const verdicts: Verdict[] = [];
  const notes: string[] = [];
  const ends: (() => Promise<void> | void)[] = [];
  const endAll = async (): Promise<void> => {
    for (const end of ends.splice(0)) await end();
  };
  let stopping = false;
  const stopped = (): void => {
    stopping = true;
    void endAll().finally(() => process.exit(130));
  };
  process.once('SIGINT', stopped).once('SIGTERM', stopped);
  const startedAt = performance.now();
  const others = watchOthers();
  const speedBefore = await hashMillis();
  const judge = (verdict: Verdict): void => {
    verdicts.push(verdict);
    const { what, value, unit, budget, held } = verdict;
    console.log(`  ${held ? 'held  ' : 'MISSED'} ${what}: ${shown(value)} ${unit} (promised: ${budget})`);
  };
  console.log(`${name}${values.short ? ' (short: shows that it runs, no more)' : ''}`);
  try {
    await program({
      short: values.short,
      figure: (what, value, unit) => {
        figures.push({ what, value, unit });
        console.log(`         ${what}: ${shown(value)} ${unit}`);
      },
      promise: (what, value, unit, limit) => {
        const held = 'least' in limit ? value >= limit.least : value <= limit.most;
        const budget = 'least' in limit ? `at least ${limit.least}` : `at most ${limit.most}`;
        judge({ what, value, unit, budget: `${budget} ${unit}`, held });
      },
      promiseEither: (what, value, unit, held, budget) => {
        judge({ what, value, unit, budget, held });
      },
      note: (sentence) => {
        notes.push(sentence);
        console.log(`         ${sentence}`);
      },
      atEnd: (act) => {
        ends.unshift(act);
      },
    });
  } catch (cause) {
    if (!stopping) throw cause;
    // What is taken down fails, which is no news; the process ends when all of it is down.
    await new Promise(() => {});
  } finally {
    await endAll();
  }
  const taken = others();
  const speed = [speedBefore, await hashMillis()] as const;
  console.log(
    `         (meanwhile everything else here used ${shown(taken)} of ${cpus().length} cores; ` +
      `one argon2id check took ${speed.map(shown).join(' ms of processor before and ')} ms after)`,
  );
  const outcome: Outcome = {
    bench: name,
    short: values.short,
    seconds: (performance.now() - startedAt) / 1000,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`,
    others: taken,
    hashMillis: speed,
    figures,
    verdicts,
    notes,
  };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(outcome, null, 2)}\n`);
  if (!values.short && verdicts.some(({ held }) => !held)) process.exitCode = 1;
}
