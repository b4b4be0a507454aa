import { foldName } from '../account/names.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditStore } from '../audit/store.ts';
import type { AuditEntry } from '../audit-entry.ts';
import type { Caller, Clock } from '../ports.ts';
import { Digests } from './digests.ts';
import { type ArrivalPolicy, type Judged, type JudgeNeeds, judgeNewcomer } from './judge-newcomer.ts';
import { type Belongings, identityKey, type MoveStore, type Taken, type Unique } from './move-store.ts';
import type { Finding, Newcomer } from './newcomer.ts';

export interface BringInNeeds extends Pick<JudgeNeeds, 'random' | 'sealer' | 'roleExists'> {
  readonly clock: Clock;
  readonly moving: MoveStore;
  readonly audit: Pick<AuditStore, 'append'>;
  readonly policy: () => ArrivalPolicy;
}

/** What became of one newcomer. */
export interface BroughtIn {
  readonly id: string;
  readonly username: string | undefined;
  readonly outcome: 'brought-in' | 'already-there' | 'skipped';
  /** How many tokens came along. */
  readonly tokens: number;
  readonly findings: readonly Finding[];
}

export interface BringInOptions {
  /** Nothing is written; what would become of each is told all the same. */
  readonly dryRun: boolean;
  /** What they come from, for the audit, for example the name of a file. */
  readonly source: string;
  /** Addresses (folded, of the kind `address`) that somebody of the same run has shown to be theirs. */
  readonly verified?: Pick<Digests, 'has'>;
  /** Who asked for it; undefined for whoever holds the host, who may give any role. */
  readonly by?: Arriver;
}

/** Somebody who brings people in, and may not give them more than they could give one of them by hand. */
export interface Arriver {
  readonly actorId: string;
  readonly mayGive: (role: string) => { readonly held: boolean };
}

/** So often is a batch looked at again when somebody signs up at the same moment under a name of it. */
const mostTries = 3;

/**
 * Brings people in from elsewhere, some at a time: each batch is one atomic write, so that a process that is killed
 * leaves whole people, and the next run finds them there and goes on with the others.
 * @returns what takes a batch of up to a few hundred, and what ends the run with its entry in the audit trail
 */
export function openArrivals(needs: BringInNeeds, options: BringInOptions, caller: Caller) {
  const { clock, moving } = needs;
  const { dryRun, source, verified, by } = options;
  // Nobody is there after a dry run has seen them, so it remembers; a real one asks the store.
  const seenBefore = dryRun ? new Digests() : undefined;
  /** Who came with this run: of two that bear one id, the second is told, also where they come far apart. */
  const came = new Digests();
  const counts = { 'brought-in': 0, 'already-there': 0, 'skipped': 0 };
  const judging = (): JudgeNeeds => ({
    random: needs.random,
    sealer: needs.sealer,
    policy: needs.policy(),
    roleExists: needs.roleExists,
    mayGive: by?.mayGive ?? (() => ({ held: true })),
    now: clock.now(),
  });

  async function settleAll(judged: readonly Judged[], ids: readonly string[]): Promise<readonly Settled[]> {
    const taken = await moving.taken(uniqueOf(judged));
    const seen = seenBefore ?? new Names();
    return judged.map((one, at) => settle(one, ids[at] ?? '', { taken, seen, came, verified }));
  }

  async function write(judged: readonly Judged[], ids: readonly string[]): Promise<readonly Settled[]> {
    for (let tried = 0; tried < mostTries; tried += 1) {
      const settled = await settleAll(judged, ids);
      const people = settled.flatMap(({ belongings }) => (belongings === undefined ? [] : [belongings]));
      if (dryRun || people.length === 0) return settled;
      const entries = people.map((one) => entryOf(one));
      if ((await moving.bringIn(people, entries)) === 'done') return settled;
    }
    if (judged.length > 1) {
      const alone: Settled[] = [];
      for (const [at, one] of judged.entries()) alone.push(...(await write([one], [ids[at] ?? ''])));
      return alone;
    }
    return [skipped([{ level: 'skipped', reason: 'taken-meanwhile' }])];
  }

  function entryOf({ account, tokens }: Belongings): AuditEntry {
    return recordOf(
      'account.bring-in',
      { at: clock.now(), caller, actorId: by?.actorId, accountId: account.id },
      { source, tokens: tokens.length, ...(account.username === undefined ? {} : { username: account.username }) },
    );
  }

  return {
    bringIn: async (newcomers: readonly Newcomer[]): Promise<readonly BroughtIn[]> => {
      const now = judging();
      const judged = newcomers.map((newcomer) => judgeNewcomer(now, newcomer));
      const ids = newcomers.map(({ id }) => id);
      const settled = await write(judged, ids);
      return settled.map(({ outcome, findings, belongings }, at) => {
        counts[outcome] += 1;
        const newcomer = newcomers[at];
        if (outcome === 'brought-in') came.add('id', newcomer?.id ?? '');
        return {
          id: newcomer?.id ?? '',
          username: newcomer?.username,
          outcome,
          tokens: belongings?.tokens.length ?? 0,
          findings,
        };
      });
    },
    /** Ends the run; a dry one leaves no trace. */
    end: async (): Promise<void> => {
      if (dryRun) return;
      const who = { at: clock.now(), caller, actorId: by?.actorId, accountId: undefined };
      const facts = { source, done: counts['brought-in'], there: counts['already-there'], skipped: counts.skipped };
      await needs.audit.append([recordOf('accounts.bring-in', who, facts)]);
    },
  };
}

interface Settled {
  readonly outcome: BroughtIn['outcome'];
  /** What is to be written. */
  readonly belongings: Belongings | undefined;
  readonly findings: readonly Finding[];
}

interface Others {
  /** Of what the newcomers bear, what is somebody's. */
  readonly taken: Taken;
  readonly seen: Seen;
  readonly came: Pick<Seen, 'has'>;
  readonly verified: Pick<Seen, 'has'> | undefined;
}

/** Decides about one newcomer beside those who are there and those who come with the same run. */
function settle(judged: Judged, id: string, { taken, seen, came, verified: shown }: Others): Settled {
  const cameBefore = seen.has('id', id) || came.has('id', id);
  if (taken.ids.has(id) && !cameBefore) return { outcome: 'already-there', belongings: undefined, findings: [] };
  if (!judged.fits) return skipped(judged.findings);
  const { belongings } = judged;
  const { account } = belongings;
  const findings = [...judged.findings];
  if (cameBefore) return skipped([...findings, { level: 'skipped', reason: 'id-twice', part: 'id' }]);
  const name = account.username === undefined ? undefined : foldName(account.username);
  if (name !== undefined && (taken.usernames.has(name) || seen.has('username', name))) {
    const value = account.username ?? '';
    return skipped([...findings, { level: 'skipped', reason: 'username-taken', part: 'username', value }]);
  }
  const free = <T>(all: readonly T[], part: string, reason: string, isTaken: (one: T) => boolean): readonly T[] =>
    all.filter((one) => {
      if (!isTaken(one)) return true;
      findings.push({ level: 'left-out', reason, part });
      return false;
    });
  const emails = account.emails.filter(({ address, verified }) => {
    const key = foldName(address);
    // An address that nobody has shown to be theirs waits for whoever has, however late they come in the file.
    const isAnothers = !verified && shown?.has('address', key) === true;
    if (!isAnothers && !taken.addresses.has(key) && !seen.has('address', key)) return true;
    findings.push({ level: 'left-out', reason: 'email-taken', part: 'emails', value: address });
    return false;
  });
  if (losesItsOnlyFactor(belongings, emails)) {
    return skipped([...findings, { level: 'skipped', reason: 'second-factor-unfit', part: 'emails' }]);
  }
  const tokens = free(
    belongings.tokens,
    'tokens',
    'token-taken',
    ({ hash }) => taken.tokenHashes.has(hash) || seen.has('token', hash),
  );
  const passkeys = free(
    belongings.passkeys,
    'passkeys',
    'passkey-taken',
    (key) => taken.passkeys.has(key.id) || seen.has('passkey', key.id),
  );
  if (passkeys.length < belongings.passkeys.length) {
    return skipped([...findings, { level: 'skipped', reason: 'second-factor-unfit', part: 'passkeys' }]);
  }
  const identities = free(
    belongings.identities,
    'identities',
    'identity-taken',
    (one) => taken.identities.has(identityKey(one)) || seen.has('identity', identityKey(one)),
  );
  seen.add('id', id);
  if (name !== undefined) seen.add('username', name);
  for (const { address } of emails) seen.add('address', foldName(address));
  for (const { hash } of tokens) seen.add('token', hash);
  for (const key of passkeys) seen.add('passkey', key.id);
  for (const identity of identities) seen.add('identity', identityKey(identity));
  return {
    outcome: 'brought-in',
    belongings: { ...belongings, account: { ...account, emails }, tokens, passkeys, identities },
    findings,
  };
}

/** Codes by e-mail go to a verified address: without one, nothing but the password would be asked. */
function losesItsOnlyFactor({ account, app, passkeys }: Belongings, emails: Belongings['account']['emails']): boolean {
  if (!account.secondFactors.email || app !== undefined || passkeys.length > 0) return false;
  return account.emails.some(({ verified }) => verified) && !emails.some(({ verified }) => verified);
}

function skipped(findings: readonly Finding[]): Settled {
  return { outcome: 'skipped', belongings: undefined, findings };
}

function uniqueOf(judged: readonly Judged[]): Unique {
  const all = judged.flatMap((one) => (one.fits ? [one.belongings] : []));
  return {
    ids: all.map(({ account }) => account.id),
    usernames: all.flatMap(({ account }) => (account.username === undefined ? [] : [foldName(account.username)])),
    addresses: all.flatMap(({ account }) => account.emails.map(({ address }) => foldName(address))),
    tokenHashes: all.flatMap(({ tokens }) => tokens.map(({ hash }) => hash)),
    passkeys: all.flatMap(({ passkeys }) => passkeys.map(({ id }) => id)),
    identities: all.flatMap(({ identities }) => identities),
  };
}

/** What came before in the same run. */
interface Seen {
  has(kind: string, key: string): boolean;
  add(kind: string, key: string): void;
}

class Names implements Seen {
  readonly #all = new Set<string>();

  has(kind: string, key: string): boolean {
    return this.#all.has(`${kind} ${key}`);
  }

  add(kind: string, key: string): void {
    this.#all.add(`${kind} ${key}`);
  }
}
