import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Moment } from '../ports.ts';
import { changedAt, changedSince, digitsOf, earlierOf, laterOf, skewMs } from './changed.ts';
import { DirectoryUnreachable, type Entry, type Search, type SyncReport } from './directory.ts';
import { identityAttributes } from './entry-identity.ts';
import { allOf } from './filter.ts';
import { groupRoles } from './groups.ts';
import { shutAttributes } from './shut.ts';
import { closeLeavers, nameLeavers } from './sync-closing.ts';
import { fieldAttributes } from './sync-fields.ts';
import type { SyncNeeds, SyncOptions } from './sync-needs.ts';
import { markLeftOut, takePeople } from './sync-people.ts';
import type { SyncPolicy } from './sync-policy.ts';
import type { Run } from './sync-run.ts';
import { Tally } from './tally.ts';

/** How far runs have come: what the next one, on whatever node, must know. */
export interface Progress {
  /** By this moment the last run marked whom it saw. */
  readonly at: Moment;
  /** When the last run over everybody ended well. */
  readonly fullAt: Moment | undefined;
  /** When any run ended well. */
  readonly doneAt: Moment | undefined;
  /** When a run was last begun, however it ended. */
  readonly triedAt: Moment | undefined;
  /** The last change that was seen, see `changedAt`. */
  readonly watermark: string | undefined;
}

const leaseName = 'ldap-lease';
const progressName = 'ldap-progress';
const reportName = 'ldap-report';
/** Whoever has not renewed the lease for so long has died. */
const leaseMs = 300_000;
const batch = 100;

/** Ends a run between two steps. */
class Ended extends Error {}

/**
 * Brings accounts in step with the directory: makes, joins, changes, closes and opens them. One run goes on at a time, on
 * all nodes together; one that died is taken over by the next, which begins anew. Nobody counts as gone unless the
 * directory has shown everybody: an error on the way ends the run, and what it had done until then stays.
 * @returns undefined where another run is going on
 */
export async function runSync(needs: SyncNeeds, options: SyncOptions): Promise<SyncReport | undefined> {
  if (options.dryRun === true) return await dryRun(needs, options);
  const holder = needs.random.id();
  const startedAt = needs.clock.now();
  const renew = async (): Promise<void> => {
    if (options.signal?.aborted === true) throw new Ended('The server is shutting down.');
    const now = needs.clock.now();
    const lease = await needs.sync.renewLease(leaseName, { holder, now, until: now + leaseMs });
    if (!lease.held) throw new Ended('Another run has taken over.');
  };
  const now = needs.clock.now();
  if (!(await needs.sync.lease(leaseName, { holder, now, until: now + leaseMs })).held) return undefined;
  try {
    const before = await progressOf(needs);
    if (options.onlyAfter !== undefined && before.triedAt !== options.onlyAfter.triedAt) return undefined;
    // Later than every mark that is there, also where clocks of nodes differ.
    const at = Math.max(startedAt, before.at + 1);
    const since = options.delta === true ? sinceOf(needs, before, startedAt) : undefined;
    const begun: Progress = { ...before, at, triedAt: startedAt };
    await needs.sync.keepState(progressName, begun, startedAt);
    const run = runOf(needs, options, at, startedAt);
    const watermark = await tried(run.tally, async () => {
      const seen = await walk(run, since, renew);
      await closeLeavers(run, since === undefined, renew);
      await renew();
      return seen;
    });
    const endedAt = needs.clock.now();
    const report = run.tally.report({ startedAt, endedAt, full: since === undefined, dryRun: false });
    if (report.failed === undefined) {
      const after: Progress = {
        ...begun,
        doneAt: endedAt,
        ...(report.full ? { fullAt: startedAt } : {}),
        watermark: report.full ? earlierOf(watermark, startedAt) : laterOf(since, earlierOf(watermark, startedAt)),
      };
      await needs.sync.keepState(progressName, after, endedAt);
    }
    await needs.sync.keepState(reportName, report, endedAt);
    await needs.audit.append([entryOf(report, options, endedAt)]);
    needs.onRun(report);
    return report;
  } finally {
    await needs.sync.endLease(leaseName, holder, needs.clock.now());
  }
}

/** How the last run went; undefined before the first. */
export async function lastReport({ sync }: Pick<SyncNeeds, 'sync'>): Promise<SyncReport | undefined> {
  return (await sync.state(reportName)) as SyncReport | undefined;
}

/** How far runs have come. */
export async function progressOf({ sync }: Pick<SyncNeeds, 'sync'>): Promise<Progress> {
  const kept = (await sync.state(progressName)) as Partial<Progress> | undefined;
  return { at: 0, fullAt: undefined, doneAt: undefined, triedAt: undefined, watermark: undefined, ...kept };
}

async function dryRun(needs: SyncNeeds, options: SyncOptions): Promise<SyncReport> {
  const startedAt = needs.clock.now();
  const since = options.delta === true ? sinceOf(needs, await progressOf(needs), startedAt) : undefined;
  const run = runOf(needs, options, startedAt, startedAt);
  await tried(run.tally, async () => {
    await walk(run, since, async () => {
      if (options.signal?.aborted === true) throw new Ended('The server is shutting down.');
      await Promise.resolve();
    });
    await nameLeavers(run, since === undefined);
    return undefined;
  });
  return run.tally.report({ startedAt, endedAt: needs.clock.now(), full: since === undefined, dryRun: true });
}

/**
 * From when on a delta looks at what changed. What a clock that was ahead left behind, or an entry that tells of the
 * future, would hide every change until then: everybody is looked at in its place.
 */
function sinceOf({ onTrouble }: SyncNeeds, { watermark }: Progress, now: Moment): string | undefined {
  if (watermark === undefined || watermark <= digitsOf(now + skewMs)) return watermark;
  onTrouble(new Error('The last change that is known of the directory lies in the future; everybody is looked at.'));
  return undefined;
}

function runOf(needs: SyncNeeds, options: SyncOptions, at: Moment, begunAt: Moment): Run {
  const policy = needs.policy();
  return {
    needs,
    options,
    policy,
    tally: new Tally(),
    at,
    begunAt,
    joining: new Set(),
    pictures: [],
    rolesOf: policy.roles === undefined ? undefined : groupRoles(needs.directory, policy.roles),
    marks: options.dryRun === true ? { alive: new Set(), shut: new Set(), subjects: new Set() } : undefined,
  };
}

/** What ends a run is told in its report; what is no such thing is our bug and thrown on. */
async function tried(tally: Tally, act: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await act();
  } catch (cause) {
    const expected = cause instanceof DirectoryUnreachable || cause instanceof Ended || cause instanceof Fault;
    if (!expected) throw cause;
    tally.failed = cause.message;
    return undefined;
  }
}

/**
 * Looks at people page by page; nothing of a page is kept when the next one comes.
 * @param since see `changedAt`; undefined for everybody
 * @returns the last change that was seen
 */
async function walk(run: Run, since: string | undefined, renew: () => Promise<void>): Promise<string | undefined> {
  const { policy } = run;
  let latest: string | undefined;
  await byPages(run, searchOf(policy, since), renew, async (page) => {
    for (const entry of page) latest = laterOf(latest, changedAt(entry, policy.changedAttribute));
    await takePeople(run, page);
  });
  if (since !== undefined && policy.closesMissing) {
    await byPages(run, leftOutSearch(policy, since), renew, async (page) => {
      await markLeftOut(run, page);
    });
  }
  return latest;
}

async function byPages(
  { needs }: Run,
  search: Search,
  renew: () => Promise<void>,
  act: (page: readonly Entry[]) => Promise<void>,
): Promise<void> {
  let page: Entry[] = [];
  const flush = async (): Promise<void> => {
    await renew();
    await act(page);
    page = [];
  };
  for await (const entry of needs.directory.search(search)) {
    page.push(entry);
    if (page.length >= batch) await flush();
  }
  if (page.length > 0) await flush();
}

/** For entries that were changed and are no people any more, as the settings have it. */
function leftOutSearch({ people, changedAttribute }: SyncPolicy, since: string): Search {
  const { base, scope, filter, entry } = people;
  return {
    base,
    scope,
    filter: allOf(`(!${filter})`, changedSince(changedAttribute, since)),
    attributes: [...new Set(identityAttributes(entry))],
  };
}

function searchOf({ people, changedAttribute, customFields }: SyncPolicy, since: string | undefined): Search {
  const wanted = [
    ...identityAttributes(people.entry),
    ...shutAttributes,
    ...fieldAttributes(customFields),
    changedAttribute,
  ];
  return {
    base: people.base,
    scope: people.scope,
    filter: since === undefined ? people.filter : allOf(people.filter, changedSince(changedAttribute, since)),
    attributes: [...new Set(wanted)],
  };
}

function entryOf(report: SyncReport, { caller, actorId }: SyncOptions, at: Moment): ReturnType<typeof recordOf> {
  const { full, seen, created, updated, closed, opened, skippedCount, stopped, failed } = report;
  return recordOf(
    'directory.sync',
    { at, caller, actorId, accountId: undefined, outcome: failed === undefined ? 'done' : 'refused' },
    {
      full,
      seen,
      created,
      updated,
      closed,
      opened,
      skipped: skippedCount,
      ...(stopped === undefined ? {} : { stopped }),
      ...(failed === undefined ? {} : { failed }),
    },
  );
}
