import type { openImports } from '../core/administration/imports.ts';
import type { Needs } from './needs.ts';

type Imports = ReturnType<typeof openImports>;

/** Use-cases of `app.import`: administrators bring people in over the browser. */
export function importCases({ importing }: Needs) {
  let opened: Promise<Imports> | undefined;
  // Loaded on use: few servers ever import anything.
  const imports = async (): Promise<Imports> => {
    opened ??= import('../core/administration/imports.ts').then((module) =>
      module.openImports({ ...importing, every }),
    );
    return await opened;
  };

  return {
    receive: async (...given: Parameters<Imports['receive']>) => await (await imports()).receive(...given),
    start: async (...given: Parameters<Imports['start']>) => {
      await (await imports()).start(...given);
    },
    progress: async (...given: Parameters<Imports['progress']>) => await (await imports()).progress(...given),
    stop: async (...given: Parameters<Imports['stop']>) => {
      await (await imports()).stop(...given);
    },
    remove: async (...given: Parameters<Imports['remove']>) => {
      await (await imports()).remove(...given);
    },
    /** Once at the start of a server: see `openImports`. */
    begin: async () => {
      await (await imports()).begin();
    },
    /** Removes files that nobody waits for. */
    tidy: async () => {
      if (importing.files.ids().length > 0) await (await imports()).tidy();
    },
    /** Ends what goes on, between two steps, and waits for that. */
    end: async () => {
      await (await opened)?.end();
    },
  };
}

function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
