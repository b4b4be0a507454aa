import { recordOf } from '../audit/record.ts';
import type { AuditStore } from '../audit/store.ts';
import type { SyncStore } from '../directory/sync-store.ts';
import { Fault } from '../fault.ts';
import type { Caller, Random } from '../ports.ts';
import type { Holder } from '../setting/permissions.ts';
import type { ImportFiles } from './import-files.ts';
import type { ImportLeaseNeeds } from './import-lease.ts';
import { type ImportMover, type ImportMoverNeeds, importMover } from './import-mover.ts';
import { type ImportState, ImportTally } from './import-state.ts';
import type { Trial } from './trial.ts';

export interface ImportRunNeeds extends ImportMoverNeeds, ImportLeaseNeeds {
  readonly random: Pick<Random, 'id'>;
  readonly store: Pick<SyncStore, 'state' | 'keepState' | 'lease' | 'renewLease' | 'endLease'>;
  readonly audit: Pick<AuditStore, 'append'>;
  readonly files: ImportFiles;
  /** Where a dry run writes. */
  readonly openTrial: () => Promise<Trial>;
}

/** One run over a file. The door knows how a file is read, see `ReadImport`. */
export interface ImportWork {
  readonly path: string;
  /** As whoever sent it called it. */
  readonly name: string;
  readonly bytes: number;
  readonly dryRun: boolean;
  readonly caller: Caller;
  readonly mover: ImportMover;
  readonly signal: AbortSignal;
  readonly tally: ImportTally;
}

/** @returns sentences about what could not be read to its end */
export type ReadImport = (work: ImportWork) => Promise<readonly string[]>;

/** Whoever sends a file. */
export interface Sender extends Holder {
  readonly account: Holder['account'] & { readonly id: string };
}

/** A run that goes on in this process. */
export interface Running {
  readonly id: string;
  readonly stop: (why: Ended) => void;
}

export const stateName = 'import';
/** Names the run that somebody wants to end, on whatever node it goes on. */
export const stopName = 'import-stop';
const tellMs = 1_000;

/** Ends a run between two steps, with what it is told as. */
export class Ended extends Error {
  readonly state: 'stopped' | 'failed';

  constructor(state: Ended['state'], sentence: string) {
    super(sentence);
    this.state = state;
  }
}

/** @param state null for none any more */
export async function keepImport(
  { clock, store }: Pick<ImportRunNeeds, 'clock' | 'store'>,
  state: ImportState | null,
): Promise<void> {
  await store.keepState(stateName, state, clock.now());
}

/**
 * Reads a file, tells each second in the store how far it is, and in the end what became of it.
 * @param onBegun is given what ends it
 */
export async function runImports(
  needs: ImportRunNeeds,
  run: {
    readonly begun: ImportState;
    readonly signed: Sender;
    readonly caller: Caller;
    readonly read: ReadImport;
    readonly signal: AbortSignal;
  },
  onBegun: (running: Running) => void,
): Promise<void> {
  const { clock, files, store } = needs;
  const { begun, signed, caller } = run;
  const { id, name, dryRun } = begun;
  const tally = new ImportTally();
  const stopping = new AbortController();
  onBegun({
    id,
    stop: (why) => {
      stopping.abort(why);
    },
  });
  let telling: Promise<void> = Promise.resolve();
  const tell = async (): Promise<void> => {
    const wish = (await store.state(stopName)) as { readonly holder?: unknown } | undefined;
    if (wish?.holder === begun.holder) stopping.abort(new Ended('stopped', 'stopped'));
    await keepImport(needs, { ...tally.into(begun), beatAt: clock.now() });
  };
  const stopTelling = needs.every(tellMs, () => {
    telling = telling.then(tell).catch(needs.onTrouble);
  });
  const importer = { accountId: signed.account.id, scopes: signed.token.scopes };
  const signal = AbortSignal.any([stopping.signal, run.signal]);
  let state: ImportState['state'] = 'done';
  let trial: Trial | undefined;
  try {
    trial = dryRun ? await needs.openTrial() : undefined;
    const mover = importMover(
      trial === undefined ? needs : { ...needs, ...trial, giving: trial.permissions },
      importer,
    );
    const path = files.pathOf(id);
    const work = { path, name, bytes: begun.totalBytes, dryRun, caller, mover, signal, tally };
    const broken = await run.read(work);
    for (const why of broken) tally.problem({ where: name, why });
    if (broken.length > 0) state = 'failed';
    else tally.hear(1);
    // A dump signs everybody in: it does not lie about for longer than it is of use.
    if (broken.length > 0 || !dryRun) files.remove(id);
  } catch (cause) {
    const expected = cause instanceof Ended || cause instanceof Fault;
    state = cause instanceof Ended ? cause.state : 'failed';
    if (state === 'failed') tally.problem({ where: name, why: whyOf(cause) });
    if (!expected) needs.onTrouble(cause);
  } finally {
    trial?.close();
    stopTelling();
    await telling;
  }
  const now = clock.now();
  const ended: ImportState = { ...tally.into(begun), state, endedAt: now, holder: undefined, beatAt: now };
  const outcome = state === 'failed' ? 'refused' : 'done';
  const { seen, brought, there, skipped } = ended.people;
  await needs.audit.append([
    recordOf(
      'import.end',
      { at: now, caller, actorId: signed.account.id, accountId: undefined, outcome },
      { id, dryRun, state, seen, brought, there, skipped, problems: ended.problemsTotal },
    ),
  ]);
  await keepImport(needs, ended);
}

/** Nothing of ours is told in detail. */
function whyOf(cause: unknown): string {
  if (cause instanceof Fault) return cause.code;
  return cause instanceof Ended ? cause.message : 'internal-error';
}
