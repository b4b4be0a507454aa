import { recordOf } from '../audit/record.ts';
import type { Caller, Moment } from '../ports.ts';
import type { TokenStore } from '../session/store.ts';
import type { Pool } from '../session/token.ts';
import type { Settings } from '../setting/settings.ts';
import { isQuiteAnother } from './another-person.ts';
import { skewMs } from './changed.ts';
import type { Entry } from './directory.ts';
import { directoryProvider, identityAttributes, identityOfEntry } from './entry-identity.ts';
import { allOf, anyOf } from './filter.ts';
import type { PeoplePolicy } from './policy.ts';
import { isShut, shutAttributes } from './shut.ts';
import type { SyncNeeds } from './sync-needs.ts';

export interface LogOutShutNeeds extends Pick<SyncNeeds, 'clock' | 'random' | 'sync' | 'directory' | 'policy'> {
  readonly tokens: Pick<TokenStore, 'list' | 'endAll'>;
  /** In ms from one look to the next; undefined while nobody is to be looked for. */
  readonly every: () => number | undefined;
}

const leaseName = 'ldap-log-out-lease';
const stateName = 'ldap-log-out';
/** Whoever has not renewed the lease for so long has died. */
const leaseMs = 300_000;
const batch = 100;
const everyPool: readonly Pool[] = ['interactive', 'script', 'personal'];

/** How often people whom the directory has disabled are looked for, as it is set now (providers.md §4.1). */
export function logOutIntervalOf(settings: Pick<Settings, 'get'>): number | undefined {
  if (!settings.get('LDAP_Enable') || !settings.get('LDAP_Sync_AutoLogout_Enabled')) return undefined;
  const minutes = /^\*\/(\d+) /u.exec(settings.get('LDAP_Sync_AutoLogout_Interval'))?.[1];
  return Number(minutes ?? 60) * 60_000;
}

/**
 * Ends the sessions and tokens of people whom the directory has disabled, where it is time to look for them. Their
 * accounts stay open. All nodes ask, and one of them does it; who is merely not found stays signed in.
 * @returns how many accounts it was; undefined where it is not time, or another node does it
 * @throws DirectoryUnreachable
 */
export async function logOutShut(needs: LogOutShutNeeds, caller: Caller): Promise<number | undefined> {
  const every = needs.every();
  const now = needs.clock.now();
  if (every === undefined || !(await isDue(needs, every, now)).held) return undefined;
  const holder = needs.random.id();
  if (!(await needs.sync.lease(leaseName, { holder, now, until: now + leaseMs })).held) return undefined;
  try {
    // Another node may have done it between the two looks.
    if (!(await isDue(needs, every, now)).held) return undefined;
    await needs.sync.keepState(stateName, { at: now }, now);
    return await lookAtAll(needs, holder, caller);
  } finally {
    await needs.sync.endLease(leaseName, holder, needs.clock.now());
  }
}

/** What a clock that was ahead left behind counts for nothing. */
async function isDue({ sync }: LogOutShutNeeds, every: number, now: Moment): Promise<{ readonly held: boolean }> {
  const { at } = ((await sync.state(stateName)) ?? {}) as { readonly at?: Moment };
  return { held: at === undefined || at > now + skewMs || now >= at + every };
}

async function lookAtAll(needs: LogOutShutNeeds, holder: string, caller: Caller): Promise<number> {
  const { people } = needs.policy();
  let ended = 0;
  let page: Entry[] = [];
  const flush = async (): Promise<void> => {
    const some = page;
    page = [];
    if (some.length > 0) ended += await endTheirs(needs, people, some, caller);
    const now = needs.clock.now();
    await needs.sync.renewLease(leaseName, { holder, now, until: now + leaseMs });
  };
  // Directories know few of these attributes: those of others find nobody.
  const marked = anyOf(...shutAttributes.map((attribute) => `(${attribute}=*)`));
  const search = {
    base: people.base,
    scope: people.scope,
    filter: allOf(people.filter, marked),
    attributes: [...new Set([...identityAttributes(people.entry), ...shutAttributes])],
  };
  for await (const entry of needs.directory.search(search)) {
    if (isShut(entry).held) page.push(entry);
    if (page.length >= batch) await flush();
  }
  await flush();
  return ended;
}

async function endTheirs(
  { clock, sync, tokens }: LogOutShutNeeds,
  people: PeoplePolicy,
  entries: readonly Entry[],
  caller: Caller,
): Promise<number> {
  const how = {
    joins: { byEmail: false, byUsername: false },
    overwrites: { username: false, name: false, emails: false },
  };
  const told = entries.map((entry) => identityOfEntry(entry, people.entry, how));
  const joined = await sync.joined(directoryProvider, [...new Set(told.map(({ subject }) => subject))]);
  let ended = 0;
  for (const identity of told) {
    const known = joined.get(identity.subject);
    if (known === undefined || isQuiteAnother(identity, known).held) continue;
    const { id: accountId } = known.account;
    const at = clock.now();
    if ((await tokens.list(accountId, everyPool, at)).length === 0) continue;
    const audit = recordOf('session.end-all', { at, caller, actorId: undefined, accountId }, { because: 'directory' });
    if ((await tokens.endAll(accountId, { pools: everyPool, forced: true }, audit)) > 0) ended += 1;
  }
  return ended;
}
