import type { Account } from '../account/account.ts';
import { foldName } from '../account/names.ts';
import { mustBeEmail, mustBeUsername } from '../account/rules.ts';
import { recordOf } from '../audit/record.ts';
import type { Identity, KeptIdentity } from '../external-login/identity.ts';
import { refreshed } from '../external-login/refresh.ts';
import type { SettleNeeds } from '../external-login/settle-needs.ts';
import { slugOf } from '../external-login/told-names.ts';
import { Fault } from '../fault.ts';
import type { Entry } from './directory.ts';
import { directoryProvider, identityOfEntry } from './entry-identity.ts';
import { isMember } from './find-person.ts';
import { isShut } from './shut.ts';
import { copyFields } from './sync-fields.ts';
import { takePictures } from './sync-pictures.ts';
import type { Run } from './sync-run.ts';
import type { Sight } from './sync-store.ts';
import { isOther, Skipped, takeStranger } from './sync-stranger.ts';

/** So many people are looked at at once: their writes share a trip to the disk. */
const atOnce = 32;

/** Brings the accounts of some people in step, and marks whom the run saw. @throws DirectoryUnreachable */
export async function takePeople(run: Run, entries: readonly Entry[]): Promise<void> {
  const { needs, policy } = run;
  const people = entries.map((entry) => ({
    entry,
    identity: identityOfEntry(entry, policy.people.entry, {
      joins: { byEmail: false, byUsername: policy.joins },
      overwrites: { username: true, name: true, emails: true },
    }),
  }));
  const subjects = [...new Set(people.map(({ identity }) => identity.subject))];
  const joined = await needs.sync.joined(directoryProvider, subjects);
  const twice = new Set(
    subjects.filter((subject) => {
      const same = people.filter(({ identity }) => identity.subject === subject);
      const known = joined.get(subject);
      const own = known === undefined ? same : same.filter(({ identity }) => !isOther(run, identity, known).held);
      return own.length > 1;
    }),
  );
  const sights: Sight[] = [];
  for (let start = 0; start < people.length; start += atOnce) {
    const some = people.slice(start, start + atOnce);
    const taken = await Promise.all(
      some.map(async ({ entry, identity }) => {
        const { subject } = identity;
        const known = joined.get(subject);
        const isAgain = known?.identity.seenAt === run.at || run.marks?.subjects.has(subject) === true;
        return await takePerson(run, entry, identity, known, isAgain || twice.has(subject));
      }),
    );
    for (const sight of taken) if (sight !== undefined) sights.push(sight);
    await takePictures(run);
  }
  for (const { subject } of sights) run.marks?.subjects.add(subject);
  if (run.options.dryRun !== true) await needs.sync.see(directoryProvider, sights, run.at);
}

/**
 * Marks people whom the filter of people leaves out by now, so that they are closed: of entries that were changed, those
 * that are joined under the very same name. Another entry may bear the same id; who has moved is left to a full run.
 */
export async function markLeftOut(run: Run, entries: readonly Entry[]): Promise<void> {
  const { needs, policy } = run;
  const how = {
    joins: { byEmail: false, byUsername: false },
    overwrites: { username: false, name: false, emails: false },
  };
  const told = entries.map((entry) => identityOfEntry(entry, policy.people.entry, how));
  const joined = await needs.sync.joined(directoryProvider, [...new Set(told.map(({ subject }) => subject))]);
  const sights: Sight[] = [];
  for (const identity of told) {
    const { subject, facts } = identity;
    const known = joined.get(subject);
    if (known === undefined || foldName(known.identity.facts['dn'] ?? '') !== foldName(facts['dn'] ?? '')) continue;
    if (isOther(run, identity, known).held) continue;
    run.marks?.shut.add(known.account.id);
    sights.push({ subject, shut: true, facts: undefined });
  }
  if (run.options.dryRun !== true) await needs.sync.see(directoryProvider, sights, run.at);
}

type Known = { readonly identity: KeptIdentity; readonly account: Account } | undefined;

/**
 * @param isTwice whether another entry of this run has the same id: then neither is believed
 * @returns what to mark; undefined for somebody who does not count as there
 */
async function takePerson(
  run: Run,
  entry: Entry,
  told: Identity,
  known: Known,
  isTwice: boolean,
): Promise<Sight | undefined> {
  const { needs, policy, tally } = run;
  tally.seen += 1;
  const shut = isShut(entry).held;
  const closes = shut && policy.closesShut;
  try {
    const { people } = policy;
    if (!(await isMember(needs.directory, people, told.username ?? '', entry)).held) return undefined;
    const isNew = known === undefined;
    // The account's own person is gone: somebody else's entry does not keep it open.
    if (!isNew && isOther(run, told, known).held) throw new Skipped('another-person-with-the-same-id');
    if (isTwice) {
      tally.skip(entry.dn, 'id-of-several-entries');
      // What the account was marked with stays; it is neither missing nor anybody's news.
      if (isNew || known.identity.seenAt === run.at) return undefined;
      run.marks?.alive.add(known.account.id);
      return { subject: told.subject, shut: false, facts: undefined };
    }
    // Nobody is made for those who may not sign in anyway.
    if (isNew && (shut || !(policy.imports || policy.joins))) return undefined;
    const asks = isNew || policy.updates;
    const roles = asks ? await run.rolesOf?.({ dn: entry.dn, username: told.username ?? '' }) : undefined;
    const identity = { ...told, roles };
    if (isNew) return await takeStranger(run, entry, identity);
    run.marks?.[closes ? 'shut' : 'alive'].add(known.account.id);
    await takeKnown(run, entry, identity, known, shut);
    const facts = sameFacts(identity.facts, known.identity.facts) ? undefined : identity.facts;
    return { subject: identity.subject, shut: closes, facts };
  } catch (cause) {
    if (cause instanceof Skipped) {
      tally.skip(entry.dn, cause.because);
      return undefined;
    }
    if (!(cause instanceof Fault) || cause.code === 'unavailable' || cause.code === 'busy') throw cause;
    tally.skip(entry.dn, cause.code);
    if (known === undefined) return undefined;
    run.marks?.[closes ? 'shut' : 'alive'].add(known.account.id);
    return { subject: told.subject, shut: closes, facts: undefined };
  }
}

async function takeKnown(
  run: Run,
  entry: Entry,
  identity: Identity,
  { account, identity: kept }: NonNullable<Known>,
  shut: boolean,
): Promise<void> {
  const { needs, policy, tally, options } = run;
  const opens = policy.opens && !shut && !account.open && account.closedBecause === 'directory';
  const opened = opens && (options.dryRun === true || (await reopen(run, account)).held);
  if (opened) tally.opened += 1;
  let changed = false;
  if (policy.updates) {
    const settling: SettleNeeds = {
      ...needs.settling,
      accounts: {
        find: needs.accounts.find,
        edit: async (...change) => {
          const outcome = options.dryRun === true ? 'done' : await needs.accounts.edit(...change);
          // A name or an address that another account has by now, say: what else changed is written all the same.
          if (outcome !== 'done') tally.skip(entry.dn, outcome);
          return outcome;
        },
      },
    };
    const fitting = fittingOf(run, entry, identity, account);
    const edited = await refreshed(settling, account, fitting, kept.facts['email'], options.caller);
    const now = await copyFields(needs, policy.customFields, entry, edited, options);
    changed = now !== account;
    if (!shut && policy.pictures !== undefined) run.pictures.push({ dn: entry.dn, account: now });
  }
  if (changed) tally.updated += 1;
  else if (!opened) tally.unchanged += 1;
}

/** Without what nobody may be called here: the account keeps its name or its address then, and the report says so. */
function fittingOf({ needs, tally }: Run, entry: Entry, identity: Identity, account: Account): Identity {
  const naming = needs.settling.creating.policy();
  const isFit = (check: () => void): boolean => {
    try {
      check();
      return true;
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      tally.skip(entry.dn, cause.code);
      return false;
    }
  };
  const username = identity.username === undefined ? '' : slugOf(identity.username);
  const [email] = identity.emails;
  const address = email?.address ?? '';
  const isOwn = account.emails.some((own) => foldName(own.address) === foldName(address));
  const mayRename =
    username === '' ||
    username === account.username ||
    isFit(() => {
      mustBeUsername(username, naming);
    });
  const mayMove =
    address === '' ||
    isOwn ||
    isFit(() => {
      mustBeEmail(address, naming);
    });
  return { ...identity, overwrites: { ...identity.overwrites, username: mayRename, emails: mayMove } };
}

/** Not where an administrator has closed or opened it since it was read. */
async function reopen({ needs, options }: Run, account: Account): Promise<{ readonly held: boolean }> {
  const at = needs.clock.now();
  const who = { at, caller: options.caller, actorId: options.actorId, accountId: account.id };
  const audit = recordOf('account.open', who, { because: 'directory' });
  return { held: (await needs.accounts.setOpen(account.id, true, at, audit, 'directory')) === 'done' };
}

function sameFacts(some: Identity['facts'], others: Identity['facts']): boolean {
  const keys = Object.keys(some);
  return keys.length === Object.keys(others).length && keys.every((key) => some[key] === others[key]);
}
