import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller } from '../ports.ts';
import { keptMs, largestImport, longestUploadMs } from './import-files.ts';
import { aloneWith, leaseMs, leaseName } from './import-lease.ts';
import { mustMayImport } from './import-mover.ts';
import {
  Ended,
  type ImportRunNeeds,
  keepImport,
  type ReadImport,
  type Running,
  runImports,
  type Sender,
  stateName,
  stopName,
} from './import-run.ts';
import { type ImportState, ImportTally, nobody, withProblem } from './import-state.ts';

/**
 * Files that administrators send, and the runs over them: one at a time, on all nodes together. A file lies on the node
 * that took it and is read there; how it goes stands in the store. A run that was stopped, or died, is begun again and
 * passes over whoever is there.
 */
export function openImports(needs: ImportRunNeeds) {
  const { authority, clock, files, store } = needs;
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  const coming = new Set<string>();
  let here: Running | undefined;

  const keep = async (state: ImportState | null): Promise<void> => {
    await keepImport(needs, state);
  };
  const kept = async (): Promise<ImportState | undefined> =>
    ((await store.state(stateName)) as ImportState | null | undefined) ?? undefined;

  /** @throws Fault `import-unknown` */
  const known = async (id: string | undefined): Promise<ImportState> => {
    const state = await kept();
    if (state === undefined || (id !== undefined && state.id !== id)) throw new Fault('import-unknown');
    if (state.state !== 'running' || clock.now() < state.beatAt + leaseMs) return state;
    const ended: ImportState = { ...state, state: 'failed', endedAt: state.beatAt };
    return withProblem(ended, { where: state.name, why: 'server-ended' });
  };

  /** A run has told that it is over, and has not given its lease back yet. */
  const settled = async (): Promise<void> => {
    await Promise.allSettled(running);
  };

  async function receive(
    signed: Sender,
    asked: {
      readonly name: string;
      /** How many bytes shall come, where that was said. */
      readonly announced: number | undefined;
      readonly chunks: AsyncIterable<Uint8Array>;
    },
    caller: Caller,
  ): Promise<Pick<ImportState, 'id' | 'totalBytes'>> {
    mustMayImport(authority, signed);
    if ((asked.announced ?? 0) > largestImport) throw new Fault('import-too-large', { most: largestImport });
    const id = needs.random.id();
    const endsAt = clock.now() + longestUploadMs;
    const late = new AbortController();
    const signal = AbortSignal.any([ending.signal, late.signal]);
    if ((await kept())?.state !== 'running') await settled();
    return await aloneWith(
      needs,
      id,
      async () => {
        const totalBytes = await received(id, asked.chunks, signal);
        // What was sent before is not wanted any more: one file waits at a time.
        const before = await kept();
        if (before !== undefined) files.remove(before.id);
        const now = clock.now();
        const { name } = asked;
        await keep({
          id,
          name,
          place: files.place,
          state: 'uploaded',
          dryRun: false,
          readBytes: 0,
          totalBytes,
          people: nobody,
          problems: [],
          problemsTotal: 0,
          uploadedAt: now,
          startedAt: undefined,
          endedAt: undefined,
          holder: undefined,
          beatAt: now,
        });
        await needs.audit.append([
          recordOf(
            'import.upload',
            { at: now, caller, actorId: signed.account.id, accountId: undefined },
            { id, name, bytes: totalBytes },
          ),
        ]);
        return { id, totalBytes };
      },
      (held) => {
        if (!held || clock.now() > endsAt) late.abort();
      },
    );
  }

  async function received(id: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
    let bytes: number | 'too-large';
    coming.add(id);
    try {
      bytes = await files.receive(id, chunks, largestImport, signal);
    } catch (cause) {
      if (signal.aborted) throw new Fault('busy');
      throw cause;
    } finally {
      coming.delete(id);
    }
    if (bytes === 'too-large') throw new Fault('import-too-large', { most: largestImport });
    return bytes;
  }

  async function start(
    signed: Sender,
    asked: { readonly id: string; readonly dryRun: boolean },
    caller: Caller,
    read: ReadImport,
  ): Promise<void> {
    mustMayImport(authority, signed);
    const before = await known(asked.id);
    if (before.state === 'running') throw new Fault('import-running');
    if (before.place !== files.place || !files.has(before.id).held) throw new Fault('import-elsewhere');
    await settled();
    const holder = needs.random.id();
    const { promise: begun, resolve, reject } = Promise.withResolvers<void>();
    const going = aloneWith(
      needs,
      holder,
      async () => {
        const now = clock.now();
        const { id, name, totalBytes } = before;
        const fresh = new ImportTally().into(before);
        const state: ImportState = {
          ...fresh,
          state: 'running',
          dryRun: asked.dryRun,
          startedAt: now,
          endedAt: undefined,
          holder,
          beatAt: now,
        };
        await keep(state);
        const who = { at: now, caller, actorId: signed.account.id, accountId: undefined };
        await needs.audit.append([
          recordOf('import.start', who, { id, name, bytes: totalBytes, dryRun: asked.dryRun }),
        ]);
        resolve();
        try {
          await runImports(needs, { begun: state, signed, caller, read, signal: ending.signal }, (run) => {
            here = run;
          });
        } finally {
          here = undefined;
        }
      },
      (held) => {
        if (!held) here?.stop(new Ended('failed', 'lease-lost'));
      },
    );
    const over = going.catch((cause: unknown) => {
      reject(cause as Error);
      if (!(cause instanceof Fault)) needs.onTrouble(cause);
    });
    running.add(over);
    over.finally(() => running.delete(over)).catch(needs.onTrouble);
    await begun;
  }

  return {
    /**
     * Keeps a file that is sent, in place of the one before; nothing of it is looked at yet.
     * @throws Fault `permission-missing`, `import-running`, `import-too-large`, `busy`
     */
    receive,
    /**
     * Begins a run that goes on after this returns.
     * @throws Fault `permission-missing`, `import-unknown`, `import-running`, `import-elsewhere`
     */
    start,
    /** @param id undefined for whichever there is @throws Fault `permission-missing`, `import-unknown` */
    progress: async (signed: Sender, id: string | undefined): Promise<ImportState> => {
      mustMayImport(authority, signed);
      return await known(id);
    },
    /** Ends a run between two batches, on whatever node it goes on. @throws Fault `permission-missing`, `import-unknown` */
    stop: async (signed: Sender, id: string): Promise<void> => {
      mustMayImport(authority, signed);
      const { state, holder } = await known(id);
      if (state !== 'running') return;
      await store.keepState(stopName, { holder }, clock.now());
      if (here?.id === id) here.stop(new Ended('stopped', 'stopped'));
    },
    /** Forgets a file; another node that has it removes it soon. @throws Fault as `start` */
    remove: async (signed: Sender, id: string, caller: Caller): Promise<void> => {
      mustMayImport(authority, signed);
      if ((await known(id)).state === 'running') throw new Fault('import-running');
      await keep(null);
      files.remove(id);
      const who = { at: clock.now(), caller, actorId: signed.account.id, accountId: undefined };
      await needs.audit.append([recordOf('import.remove', who, { id })]);
    },
    /** Once at the start of a server: files of the one before are of no use, and its run is over. */
    begin: async (): Promise<void> => {
      for (const id of files.ids()) {
        if (!coming.has(id)) files.remove(id);
      }
      const state = await kept();
      if (state === undefined || state.place !== files.place) return;
      if (state.holder !== undefined) await store.endLease(leaseName, state.holder, clock.now());
      if (state.state === 'done' || state.state === 'failed') return;
      const ended: ImportState = { ...state, state: 'failed', endedAt: clock.now(), holder: undefined };
      await keep(withProblem(ended, { where: state.name, why: 'server-restarted' }));
    },
    /** Removes files that nobody waits for, and those that lie here for a day. */
    tidy: async (): Promise<void> => {
      const ids = files.ids();
      if (ids.length === 0) return;
      const state = await kept();
      for (const id of ids) {
        const isWanted = state?.id === id && clock.now() < state.uploadedAt + keptMs;
        if (!isWanted && !coming.has(id) && here?.id !== id) files.remove(id);
      }
    },
    /** Ends what goes on, between two steps, and waits for that. */
    end: async (): Promise<void> => {
      ending.abort(new Ended('stopped', 'stopped'));
      await settled();
    },
  };
}
