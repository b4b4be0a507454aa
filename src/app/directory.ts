import { mustHoldPermission } from '../core/administration/may.ts';
import type { SyncReport } from '../core/directory/directory.ts';
import { type LogOutShutNeeds, logOutIntervalOf, logOutShut } from '../core/directory/log-out-shut.ts';
import { lastReport, runSync } from '../core/directory/sync.ts';
import type { SyncOptions } from '../core/directory/sync-needs.ts';
import { dueRun } from '../core/directory/sync-schedule.ts';
import { Fault } from '../core/fault.ts';
import type { Caller } from '../core/ports.ts';
import type { Signed } from '../core/session/token.ts';
import type { Needs } from './needs.ts';

const clockwork: Caller = { door: 'server', address: '', userAgent: '', requestId: 'directory-sync' };

/** Use-cases of `app.directory`: keeping accounts in step with a directory. */
export function directoryCases({ permissions, settings, syncing, tokens }: Needs) {
  const loggingOut: LogOutShutNeeds = { ...syncing, tokens, every: () => logOutIntervalOf(settings) };
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  let trying = false;

  const run = async (options: SyncOptions): Promise<SyncReport | undefined> => {
    const going = runSync(syncing, { ...options, signal: ending.signal });
    running.add(going);
    try {
      return await going;
    } finally {
      running.delete(going);
    }
  };

  return {
    /**
     * Begins a run over everybody that goes on after this returns; the report tells how it went. One that goes on already
     * suffices. @throws Fault `permission-missing`
     */
    syncNow: (signed: Signed, options: Pick<SyncOptions, 'delta'>, caller: Caller): void => {
      mustHoldPermission(permissions, signed, 'sync-auth-services-users');
      run({ ...options, caller, actorId: signed.account.id }).catch(syncing.onTrouble);
    },
    /** What a run would do; one at a time. @throws Fault `permission-missing`, `busy` */
    dryRun: async (signed: Signed, options: Pick<SyncOptions, 'delta'>, caller: Caller): Promise<SyncReport> => {
      mustHoldPermission(permissions, signed, 'sync-auth-services-users');
      if (trying) throw new Fault('busy');
      trying = true;
      try {
        const report = await run({ ...options, dryRun: true, caller, actorId: signed.account.id });
        if (report === undefined) throw new Fault('busy');
        return report;
      } finally {
        trying = false;
      }
    },
    /** For whoever holds the host. @returns undefined where another run goes on */
    sync: async (options: SyncOptions): Promise<SyncReport | undefined> => await run(options),
    /** The run that is due now, if any. @returns undefined where none is, or another node does it */
    runDue: async (): Promise<SyncReport | undefined> => {
      const due = await dueRun(syncing);
      return due === undefined ? undefined : await run({ ...due, caller: clockwork });
    },
    /**
     * Signs people out whom the directory has disabled, where it is time. @returns how many; undefined where it is not
     * @throws DirectoryUnreachable
     */
    logOutDue: async (): Promise<number | undefined> => await logOutShut(loggingOut, clockwork),
    /** How the last run went; undefined before the first. */
    report: async (): Promise<SyncReport | undefined> => await lastReport(syncing),
    /** Ends runs between two steps, and waits for that. */
    stop: async (): Promise<void> => {
      ending.abort();
      await Promise.allSettled(running);
    },
  };
}
