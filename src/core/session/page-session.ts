import { sha256Base64 } from '../../lib/digest.ts';
import type { Clock, Moment, Random } from '../ports.ts';
import type { LoggedIn } from './log-in.ts';
import { restrictionOf } from './restricted.ts';
import { hasEnded } from './rules.ts';
import type { Signed } from './token.ts';

/** What is kept of a browser that stays signed in. */
export interface KeptPageSession {
  /** Of the session behind it. */
  readonly tokenHash: string;
  readonly madeAt: Moment;
  /** The kind of the proof, see `Proof.kind`. */
  readonly kind: string;
}

/** What browsers that stay signed in need from a store. Each row goes with the session behind it. */
export interface PageSessionStore {
  /** @returns false where the session has ended meanwhile */
  put(hash: string, kept: KeptPageSession): Promise<boolean>;
  find(hash: string): Promise<KeptPageSession | undefined>;
  remove(hash: string): Promise<void>;
}

export interface PageSessionNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'token'>;
  readonly pageSessions: PageSessionStore;
  /** The live token of this hash with its account, see `findToken`. */
  readonly find: (hash: string) => Promise<Signed | undefined>;
}

/** Somebody whose browser is signed in. */
export interface PageSigned {
  readonly signed: Signed;
  /** When the person last proved who they are in this browser. */
  readonly provedAt: Moment;
  /** How, see `Proof.kind`. */
  readonly kind: string;
}

/**
 * Lets a browser stay signed in: what its cookie holds is good at our own pages alone, and for as long as the session.
 * @param provedAt when the person proved who they are, now unless it is told
 * @returns what the cookie holds, 43 characters; stored is its hash alone
 */
export async function openPageSession(
  { clock, random, pageSessions }: PageSessionNeeds,
  { token, kind }: Pick<LoggedIn, 'token' | 'kind'>,
  provedAt = clock.now(),
): Promise<string> {
  const text = random.token();
  await pageSessions.put(sha256Base64(text), { tokenHash: token.hash, madeAt: provedAt, kind });
  return text;
}

/**
 * Who a browser's cookie stands for. Sessions that are good for setting up a second factor only, or for choosing a new
 * password, stand for nobody unless that is what is asked for.
 * @param to.restricted finds those as well: for our own pages, which have the person do just that
 */
export async function findPageSession(
  { clock, pageSessions, find }: PageSessionNeeds,
  text: string,
  to: { readonly restricted?: boolean } = {},
): Promise<PageSigned | undefined> {
  if (text.length !== 43) return undefined;
  const kept = await pageSessions.find(sha256Base64(text));
  const signed = kept === undefined ? undefined : await find(kept.tokenHash);
  if (kept === undefined || signed === undefined) return undefined;
  const { restricted = false } = to;
  const isFull = restrictionOf(signed, { enrol: restricted, passwordChange: restricted }) === undefined;
  const isGood = signed.account.open && !hasEnded(signed.token, clock.now()) && isFull;
  return isGood ? { signed, provedAt: kept.madeAt, kind: kept.kind } : undefined;
}

/**
 * Makes a browser forget who it is, and no more: the session behind it is ended by whoever ends sessions.
 * @param text what its cookie held
 */
export async function closePageSession(
  { pageSessions }: Pick<PageSessionNeeds, 'pageSessions'>,
  text: string,
): Promise<void> {
  await pageSessions.remove(sha256Base64(text));
}

/**
 * Takes leave of whom a browser belonged to, when somebody signs in with it. The session of another account ends; that of
 * the same account is left to the caller, who first moves what other services hold on its word.
 * @param text what its cookie held
 * @param end ends a session
 */
export async function leavePageSession(
  needs: PageSessionNeeds,
  text: string,
  accountId: string,
  end: (signed: Signed) => Promise<void>,
): Promise<void> {
  const found = await findPageSession(needs, text, { restricted: true });
  if (found !== undefined && found.signed.account.id !== accountId) await end(found.signed);
  await closePageSession(needs, text);
}
