import { noSecondFactors } from './account/account.ts';
import type { NewAccount } from './account/store.ts';
import type { AuditEntry } from './audit-entry.ts';
import type { Happening } from './ports.ts';
import type { PooledToken } from './session/token.ts';
import type { OpenedStore } from './store.ts';

/** What a backend gives to the suites of the ports: a store over an empty database. */
export interface SuiteGround {
  readonly store: OpenedStore;
  /** The statements that were run since it was last asked. */
  readonly statements: () => readonly string[];
}

/** Opens a new store over an empty database; the suite closes it. */
export type OpenGround = () => Promise<SuiteGround>;

/** The moment at which the samples live. */
export const noon = Date.parse('2026-08-20T12:00:00Z');

let made = 0;

/** An id that no other sample has, 17 characters long. */
export function freshId(): string {
  made += 1;
  return `sample${String(made).padStart(11, '0')}`;
}

/** An account that differs from all others in what must be unique. */
export function sampleAccount(given: Partial<NewAccount> = {}): NewAccount {
  const id = given.id ?? freshId();
  return {
    id,
    username: `user-${id}`,
    name: 'Ada Lovelace',
    kind: 'user',
    emails: [{ address: `${id}@example.org`, verified: true }],
    roles: ['user'],
    open: true,
    closedBecause: undefined,
    signUpReason: undefined,
    avatarTag: undefined,
    hasPassword: true,
    secondFactors: noSecondFactors,
    passwordHash: 'old-hash',
    passwordChange: undefined,
    chosenStatus: 'online',
    statusText: '',
    statusEndsAt: undefined,
    bio: undefined,
    nickname: undefined,
    language: undefined,
    utcOffset: undefined,
    preferences: {},
    customFields: {},
    createdAt: noon,
    updatedAt: noon,
    lastLogInAt: undefined,
    ...given,
  };
}

/** A token of the interactive pool that lives for an hour. */
export function sampleToken(accountId: string, given: Partial<PooledToken> = {}): PooledToken {
  const id = freshId();
  return {
    hash: `hash-${id}`,
    id,
    accountId,
    pool: 'interactive',
    name: undefined,
    lastPart: '',
    skipsSecondFactor: false,
    enrolsOnly: false,
    factor: undefined,
    scopes: undefined,
    addresses: undefined,
    createdAt: noon,
    endsAt: noon + 3_600_000,
    usedAt: noon,
    trust: undefined,
    door: 'ddp',
    address: '192.0.2.1',
    userAgent: 'sample/1.0',
    ...given,
  };
}

/** Opens a session, as a log-in with no conditions. @returns the hash of its token */
export async function openSample(
  store: OpenedStore,
  accountId: string,
  given: Partial<PooledToken> = {},
): Promise<string> {
  const token = sampleToken(accountId, given);
  await store.tokens.open({
    token,
    provedPasswordHash: undefined,
    betterPasswordHash: undefined,
    device: undefined,
    isLogIn: true,
    unless: undefined,
    cap: 50,
    forgive: false,
    audit: sampleAudit(accountId),
  });
  return token.hash;
}

export function sampleAudit(accountId: string | undefined, given: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: noon,
    what: 'sample',
    outcome: 'done',
    accountId,
    actorId: accountId,
    door: 'rest',
    address: '192.0.2.1',
    userAgent: 'sample/1.0',
    facts: {},
    ...given,
  };
}

/** Does it eight times at once. */
export async function eight<T>(act: (index: number) => Promise<T>): Promise<T[]> {
  return await Promise.all(Array.from({ length: 8 }, async (_, index) => await act(index)));
}

/**
 * Races eight at a time, twenty times over. All connections are opened first: on cold ones the first of the eight is
 * done before the last has begun, and a racy store passes.
 */
export async function race(store: OpenedStore, round: () => Promise<void>, rounds = 20): Promise<void> {
  for (let done = 0; done < rounds; done += 1) {
    await eight(async () => await store.ping());
    await round();
  }
}

/** What is heard while `act` runs, up to the moment when it returns. */
export async function heardDuring(store: OpenedStore, act: () => Promise<unknown>): Promise<readonly Happening[]> {
  const heard: Happening[] = [];
  const stop = store.events.subscribe((happening) => heard.push(happening));
  try {
    await act();
    return [...heard];
  } finally {
    stop();
  }
}
