import type { DatabaseSync } from 'node:sqlite';
import type { Happening } from '../../core/ports.ts';
import type { SqlBackend, Write } from '../sql/backend.ts';
import { asRefusal } from './errors.ts';

/** One write that waits for its turn, and is answered once it is on the disk. */
interface Job {
  readonly mayBeLost: boolean;
  /** Runs the act; what it gives or throws is kept until the commit. */
  readonly run: (write: Write) => Promise<void>;
  /** Answers the caller with what was kept, or with the reason why the commit failed. */
  readonly answer: (failed?: { readonly because: unknown }) => void;
}

/** Waits for the disk at each commit: a revocation that was acknowledged must outlive a power cut. */
export const durable = 'pragma synchronous = full';
/** Does so only when the log is written back; the database stays whole all the same. */
const hasty = 'pragma synchronous = normal';

/**
 * Group commit: the writes that wait share one transaction, hence one fsync, each in a savepoint of its own, so that one
 * that fails leaves nothing behind and harms no other. Everything runs within one turn of the event loop.
 * @param options.before runs inside each transaction before it commits, with what was announced
 * @param options.after runs after each commit, before anybody is answered
 * @param options.longestBatchMs how long a transaction takes in further writes before it commits what it has; default 10
 */
export function groupWriter(
  database: DatabaseSync,
  { db, run }: Pick<Write, 'db' | 'run'>,
  options: {
    readonly before: (told: readonly Happening[]) => void;
    readonly after: (told: readonly Happening[]) => void;
    readonly longestBatchMs?: number;
  },
): { write: SqlBackend['write']; idle: () => Promise<void> } {
  const { before, after, longestBatchMs = 10 } = options;
  let waiting: Job[] = [];
  let draining: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      // The next turn: whatever else this turn brings to write joins in.
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      await commitSome();
    }
    draining = undefined;
  }

  async function commitSome(): Promise<void> {
    const done: Job[] = [];
    const told: Happening[] = [];
    const mayBeLost = waiting.every((job) => job.mayBeLost);
    try {
      if (mayBeLost) database.exec(hasty);
      database.exec('begin immediate');
    } catch (cause) {
      const refused = waiting;
      waiting = [];
      for (const job of refused) job.answer({ because: asRefusal(cause) });
      if (mayBeLost) database.exec(durable);
      return;
    }
    try {
      const until = performance.now() + longestBatchMs;
      do {
        const [job] = waiting;
        // What came meanwhile and must last waits for a commit of its own.
        if (job === undefined || (mayBeLost && !job.mayBeLost)) break;
        waiting.shift();
        done.push(job);
        told.push(...(await runInSavepoint(job)));
      } while (performance.now() < until);
      before(told);
      database.exec('commit');
    } catch (cause) {
      rollBack(database);
      for (const job of done) job.answer({ because: asRefusal(cause) });
      return;
    } finally {
      if (mayBeLost) database.exec(durable);
    }
    after(told);
    for (const job of done) job.answer();
  }

  /** @returns what the job announced; nothing if it failed */
  async function runInSavepoint(job: Job): Promise<readonly Happening[]> {
    const told: Happening[] = [];
    database.exec('savepoint one');
    try {
      await job.run({ db, run, announce: (happening) => told.push(happening) });
      database.exec('release one');
      return told;
    } catch (cause) {
      if (!database.isTransaction) throw cause;
      database.exec('rollback to one');
      database.exec('release one');
      return [];
    }
  }

  return {
    write: async <T>(act: (write: Write) => Promise<T>, how?: { readonly mayBeLost: boolean }): Promise<T> => {
      // What came of it is told where it is waited for, so that what an act throws is thrown on as it is.
      const outcome = await new Promise<() => T>((resolve) => {
        let kept = (): T => {
          throw new Error('The write was answered before it ran.');
        };
        const throwing = (cause: unknown) => (): T => {
          throw cause;
        };
        waiting.push({
          mayBeLost: how?.mayBeLost === true,
          run: async (write) => {
            try {
              const value = await act(write);
              kept = () => value;
            } catch (cause) {
              kept = throwing(asRefusal(cause));
              throw cause;
            }
          },
          answer: (failed) => {
            resolve(failed === undefined ? kept : throwing(failed.because));
          },
        });
        draining ??= drain();
      });
      return outcome();
    },
    idle: async () => {
      await draining;
    },
  };
}

function rollBack(database: DatabaseSync): void {
  try {
    // A full disk ends the transaction by itself, other errors leave it open.
    if (database.isTransaction) database.exec('rollback');
  } catch {
    // The error that led here says more; the next transaction meets this one again if it lasts.
  }
}
