import { sha256Base64 } from '../../lib/digest.ts';
import type { AuditEntry } from '../audit-entry.ts';
import type { Clock, Moment, Sealer } from '../ports.ts';

/** Something that the OpenID provider keeps: a code, a token, a grant, a browser's session. */
export interface OpenIdRecord {
  /** What it is, in the words of the provider: it is found under this word only. */
  readonly kind: string;
  /** Of its id. */
  readonly hash: string;
  readonly sealedPayload: string;
  /** Of the grant that it came of; of a browser's session, the hash of the session of ours behind it. */
  readonly grantHash: string | undefined;
  /** Of a second id by which it is found; of what an application holds, the hash of its client id. */
  readonly uidHash: string | undefined;
  readonly accountId: string | undefined;
  readonly usedAt: Moment | undefined;
  readonly endsAt: Moment | undefined;
}

/** What the OpenID provider needs from a store. Every method is one atomic step. */
export interface OpenIdRecordStore {
  /**
   * Keeps a record, or another state of it, used or not as it was; for an account that is gone nothing is kept.
   * @param usedToStay of the used ones of its kind and its grant, so many of the last used stay; undefined for all
   */
  put(record: Omit<OpenIdRecord, 'usedAt'>, usedToStay?: number): Promise<void>;
  find(kind: string, hash: string, now: Moment): Promise<OpenIdRecord | undefined>;
  findByUid(kind: string, uidHash: string, now: Moment): Promise<OpenIdRecord | undefined>;
  /** Uses a record up: of several at once, one does. @returns false for the others */
  use(kind: string, hash: string, now: Moment): Promise<boolean>;
  /** @returns it; of several at once, one gets it */
  take(kind: string, hash: string): Promise<OpenIdRecord | undefined>;
  /** Removes everything of a kind that came of a grant. */
  removeOfGrant(kind: string, grantHash: string): Promise<void>;
  /** Sessions of browsers that stand on one session of ours stand on another one from then on. */
  moveSessions(fromHash: string, toHash: string): Promise<void>;
  /** Every record of a kind that an account has, over or not. */
  ofAccount(kind: string, accountId: string): Promise<readonly OpenIdRecord[]>;
  /** Deletes at most `atMost` records whose time is over; says how many. */
  sweep(now: Moment, atMost: number): Promise<number>;
  /** The scopes that a person has agreed to for an application; undefined where they never did. */
  agreedScopes(accountId: string, applicationId: string): Promise<readonly string[] | undefined>;
  /** Keeps that a person agreed, beside what they agreed to before. */
  agree(agreed: {
    readonly accountId: string;
    readonly applicationId: string;
    readonly scopes: readonly string[];
    readonly now: Moment;
    readonly audit: AuditEntry;
  }): Promise<void>;
}

export interface OpenIdRecordNeeds {
  readonly clock: Clock;
  readonly sealer: Pick<Sealer, 'seal' | 'open'>;
  readonly openIdRecords: OpenIdRecordStore;
}

/** What the provider hands over to be kept; only what is named here is looked at. */
export type OpenIdPayload = Readonly<Record<string, unknown>>;

/** A record as the provider gets it back. */
export interface OpenedRecord {
  readonly payload: OpenIdPayload;
  readonly usedAt: Moment | undefined;
  readonly accountId: string | undefined;
  /** Of a browser's session, the hash of the session of ours behind it. */
  readonly sessionHash: string | undefined;
}

/** The word under which the provider keeps a browser's session. */
export const browserSession = 'Session';

/** The word under which the provider keeps what brings an application its next access token. */
const refreshToken = 'RefreshToken';

/**
 * Each use of a refresh token leaves a used one behind. Who brings one again ends the grant, which needs no more of them
 * than a client could still hold that was restored, or lost some answers; older ones are as unknown as any other text.
 */
const usedRefreshTokensToStay = 5;

/** By which everything is found that an application holds. */
export function clientHash(clientId: string): string {
  return sha256Base64(`client ${clientId}`);
}

/** @param id as the provider, and the client, know it */
export function recordHash(kind: string, id: string): string {
  return sha256Base64(`${kind} ${id}`);
}

/**
 * Keeps a record so that the database alone tells neither its id nor what it holds.
 * @param lifeS how long it lasts, in seconds; undefined for ever
 * @param sessionHash the session of ours behind a browser's session
 */
export async function keepRecord(
  { clock, sealer, openIdRecords }: OpenIdRecordNeeds,
  kind: string,
  id: string,
  payload: OpenIdPayload,
  lifeS: number | undefined,
  sessionHash: string | undefined,
): Promise<void> {
  const { grantId, uid, accountId, clientId } = payload;
  const hash = recordHash(kind, id);
  await openIdRecords.put(
    {
      kind,
      hash,
      sealedPayload: sealer.seal(JSON.stringify(payload), boundTo(kind, hash)),
      grantHash: kind === browserSession ? sessionHash : hashOf('grant', grantId),
      uidHash: hashOf('uid', uid) ?? (typeof clientId === 'string' ? clientHash(clientId) : undefined),
      accountId: typeof accountId === 'string' ? accountId : undefined,
      endsAt: lifeS === undefined ? undefined : clock.now() + lifeS * 1000,
    },
    kind === refreshToken ? usedRefreshTokensToStay : undefined,
  );
}

/** What was kept under an id; undefined where nothing is, or its time is over. */
export async function findRecord(
  { clock, sealer, openIdRecords }: OpenIdRecordNeeds,
  kind: string,
  by: { readonly id: string } | { readonly uid: string },
): Promise<OpenedRecord | undefined> {
  const now = clock.now();
  const found =
    'id' in by
      ? await openIdRecords.find(kind, recordHash(kind, by.id), now)
      : await openIdRecords.findByUid(kind, sha256Base64(`uid ${by.uid}`), now);
  return found === undefined ? undefined : openRecord({ sealer }, found);
}

/** @throws Error where the row was changed behind our back */
export function openRecord({ sealer }: Pick<OpenIdRecordNeeds, 'sealer'>, record: OpenIdRecord): OpenedRecord {
  const { kind, hash, sealedPayload, grantHash, usedAt, accountId } = record;
  return {
    payload: JSON.parse(sealer.open(sealedPayload, boundTo(kind, hash))) as OpenIdPayload,
    usedAt,
    accountId,
    sessionHash: kind === browserSession ? grantHash : undefined,
  };
}

/** Ends everything of a kind that came of a grant. */
export async function endGrant(
  { openIdRecords }: Pick<OpenIdRecordNeeds, 'openIdRecords'>,
  kind: string,
  grantId: string,
): Promise<void> {
  await openIdRecords.removeOfGrant(kind, sha256Base64(`grant ${grantId}`));
}

function hashOf(what: string, id: unknown): string | undefined {
  return typeof id === 'string' ? sha256Base64(`${what} ${id}`) : undefined;
}

function boundTo(kind: string, hash: string): string {
  return `openid ${kind} ${hash}`;
}
