import type { Moment } from '../ports.ts';

/** What was not brought in, or not wholly. */
export interface ImportProblem {
  readonly where: string;
  /** A word for programs, for example `username-taken`, or a sentence about the file. */
  readonly why: string;
}

/** How many accounts were looked at, and what became of them. */
export interface ImportedPeople {
  readonly seen: number;
  readonly brought: number;
  readonly there: number;
  readonly skipped: number;
}

/** A file that was sent, and how its last run goes or went: kept in the store, so that each node can tell. */
export interface ImportState {
  readonly id: string;
  readonly name: string;
  /** See `ImportFiles.place`. */
  readonly place: string;
  readonly state: 'uploaded' | 'running' | 'done' | 'failed' | 'stopped';
  readonly dryRun: boolean;
  readonly readBytes: number;
  readonly totalBytes: number;
  readonly people: ImportedPeople;
  /** The first of them. */
  readonly problems: readonly ImportProblem[];
  readonly problemsTotal: number;
  readonly uploadedAt: Moment;
  readonly startedAt: Moment | undefined;
  readonly endedAt: Moment | undefined;
  /** Who holds the lease while it runs, and when it was last renewed. */
  readonly holder: string | undefined;
  readonly beatAt: Moment;
}

const mostProblems = 100;
export const nobody: ImportedPeople = { seen: 0, brought: 0, there: 0, skipped: 0 };

/** The state with one more problem. */
export function withProblem(state: ImportState, problem: ImportProblem): ImportState {
  return {
    ...state,
    problems: [...state.problems, problem].slice(0, mostProblems),
    problemsTotal: state.problemsTotal + 1,
  };
}

/** What a run has come to so far. */
export class ImportTally {
  #people: ImportedPeople = nobody;
  readonly #problems: ImportProblem[] = [];
  #problemsTotal = 0;
  #share = 0;

  hear(share: number): void {
    this.#share = Math.min(1, share);
  }

  person(outcome: 'brought-in' | 'already-there' | 'skipped'): void {
    const { seen, brought, there, skipped } = this.#people;
    this.#people = {
      seen: seen + 1,
      brought: brought + Number(outcome === 'brought-in'),
      there: there + Number(outcome === 'already-there'),
      skipped: skipped + Number(outcome === 'skipped'),
    };
  }

  problem(problem: ImportProblem): void {
    this.#problemsTotal += 1;
    if (this.#problems.length < mostProblems) this.#problems.push(cut(problem));
  }

  /** Something about the file as a whole: it is told before all others. */
  remark(problem: ImportProblem): void {
    this.#problemsTotal += 1;
    this.#problems.unshift(cut(problem));
    this.#problems.splice(mostProblems);
  }

  /** `state` with what was counted in it. */
  into(state: ImportState): ImportState {
    return {
      ...state,
      readBytes: Math.round(this.#share * state.totalBytes),
      people: this.#people,
      problems: [...this.#problems],
      problemsTotal: this.#problemsTotal,
    };
  }
}

function cut({ where, why }: ImportProblem): ImportProblem {
  return { where: where.slice(0, 200), why: why.slice(0, 200) };
}
