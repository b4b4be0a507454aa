import { sha256Base64 } from '../../lib/digest.ts';
import type { Clock, Moment, Random } from '../ports.ts';
import type { LoggedIn } from './log-in.ts';
import { restrictionOf } from './restricted.ts';
import { hasEnded } from './rules.ts';
import type { Signed } from './token.ts';

/** What browsers that stay signed in need from a store. Each row goes with the session behind it. */
export interface PageSessionStore {
  /** @returns false where the session has ended meanwhile */
  put(hash: string, tokenHash: string, madeAt: Moment): Promise<boolean>;
  /** The hash of the session behind it, and when it was made. */
  find(hash: string): Promise<{ readonly tokenHash: string; readonly madeAt: Moment } | undefined>;
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
}

/**
 * Lets a browser stay signed in: what its cookie holds is good at our own pages alone, and for as long as the session.
 * @returns what the cookie holds, 43 characters; stored is its hash alone
 */
export async function openPageSession(
  { clock, random, pageSessions }: PageSessionNeeds,
  { token }: Pick<LoggedIn, 'token'>,
): Promise<string> {
  const text = random.token();
  await pageSessions.put(sha256Base64(text), token.hash, clock.now());
  return text;
}

/**
 * Who a browser's cookie stands for. Sessions that are good for setting up a second factor only, or for choosing a new
 * password, stand for nobody here.
 */
export async function findPageSession(
  { clock, pageSessions, find }: PageSessionNeeds,
  text: string,
): Promise<PageSigned | undefined> {
  if (text.length !== 43) return undefined;
  const kept = await pageSessions.find(sha256Base64(text));
  const signed = kept === undefined ? undefined : await find(kept.tokenHash);
  if (kept === undefined || signed === undefined) return undefined;
  const isGood = signed.account.open && !hasEnded(signed.token, clock.now()) && restrictionOf(signed) === undefined;
  return isGood ? { signed, provedAt: kept.madeAt } : undefined;
}
