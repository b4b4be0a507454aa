import type { SyncStore } from '../directory/sync-store.ts';
import { Fault } from '../fault.ts';
import type { Clock } from '../ports.ts';

export interface ImportLeaseNeeds {
  readonly clock: Clock;
  readonly store: Pick<SyncStore, 'lease' | 'renewLease' | 'endLease'>;
  /** Does something again and again, so many milliseconds apart. @returns ends it */
  readonly every: (ms: number, act: () => void) => () => void;
  readonly onTrouble: (cause: unknown) => void;
}

export const leaseName = 'import-lease';
/** Whoever has not renewed the lease for so long has died. */
export const leaseMs = 30_000;
const renewMs = 5_000;

/**
 * Does something that goes on once at a time, on all nodes together.
 * @param onBeat hears now and then whether it is still so
 * @throws Fault `import-running`
 */
export async function aloneWith<T>(
  { clock, store, every, onTrouble }: ImportLeaseNeeds,
  holder: string,
  act: () => Promise<T>,
  onBeat: (held: boolean) => void,
): Promise<T> {
  const by = () => ({ holder, now: clock.now(), until: clock.now() + leaseMs });
  if (!(await store.lease(leaseName, by())).held) throw new Fault('import-running');
  const renew = async (): Promise<void> => {
    onBeat((await store.renewLease(leaseName, by())).held);
  };
  const stop = every(renewMs, () => {
    renew().catch(onTrouble);
  });
  try {
    return await act();
  } finally {
    stop();
    await store.endLease(leaseName, holder, clock.now());
  }
}
