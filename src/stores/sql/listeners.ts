import type { Events, Happening } from '../../core/ports.ts';

/** Those in this process who hear of happenings. */
export interface Listeners extends Pick<Events, 'subscribe' | 'onGap'> {
  tell(happening: Happening): void;
  tellGap(): void;
}

export function listeners(): Listeners {
  const hearing = new Set<(happening: Happening) => void>();
  const minding = new Set<() => void>();
  return {
    tell: (happening) => {
      for (const hear of hearing) safely(() => hear(happening));
    },
    tellGap: () => {
      for (const act of minding) safely(act);
    },
    // Each call is a subscription of its own, also with the same function.
    subscribe: (hear) => added(hearing, (happening) => hear(happening)),
    onGap: (act) => added(minding, () => act()),
  };
}

function added<T>(all: Set<T>, one: T): () => void {
  all.add(one);
  return () => all.delete(one);
}

/** A listener that throws must neither undo a write that is on the disk nor keep the others from hearing. */
function safely(act: () => void): void {
  try {
    act();
  } catch (cause) {
    process.emitWarning(
      `A listener failed: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`,
    );
  }
}
