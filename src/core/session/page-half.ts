import { equalSecrets, sha256Base64 } from '../../lib/digest.ts';
import type { Clock, Moment, Random } from '../ports.ts';
import type { ChallengeStore } from '../second-factor/challenge-store.ts';
import { pendingLifeMs } from './pending-factor.ts';

export interface PageHalfNeeds {
  readonly clock: Clock;
  readonly challenges: Pick<ChallengeStore, 'put' | 'find'>;
}

/** What our own pages sent a browser to a provider for. */
export interface PageErrand {
  /** Hash of what the browser's cookie holds. */
  readonly browserHash: string;
  /** Where it goes once somebody is signed in. */
  readonly returnTo: string;
}

const kind = 'page-half';

/**
 * Remembers which browser waits at our own pages for the second half of a log-in, and where it wants to go.
 * @param challengeId names the half: a challenge, or what a provider was sent with
 */
export async function keepPageHalf(
  { challenges }: Pick<PageHalfNeeds, 'challenges'>,
  challengeId: string,
  half: {
    /** Undefined while nobody is known. */
    readonly accountId: string | undefined;
    readonly browserHash: string;
    readonly returnTo: string;
    readonly endsAt: Moment;
  },
): Promise<void> {
  const { accountId, browserHash, returnTo, endsAt } = half;
  await challenges.put({ hash: hashOf(challengeId), kind, accountId, facts: { browserHash, returnTo }, endsAt });
}

/**
 * Binds a log-in that waits for its second half to the browser that began it at our own pages.
 * @param returnTo where the browser goes then
 * @returns what its cookie is to hold
 */
export async function waitAtPage(
  needs: Pick<PageHalfNeeds, 'clock' | 'challenges'> & { readonly random: Pick<Random, 'token'> },
  challengeId: string,
  accountId: string,
  returnTo: string,
): Promise<string> {
  const browser = needs.random.token();
  const endsAt = needs.clock.now() + pendingLifeMs;
  await keepPageHalf(needs, challengeId, { accountId, browserHash: sha256Base64(browser), returnTo, endsAt });
  return browser;
}

/**
 * Where the browser goes that holds this cookie: undefined for a log-in that does not end at our own pages, or that
 * another browser began, so that nobody is signed in as somebody else by a link.
 */
export async function pageHalfOf(
  { clock, challenges }: PageHalfNeeds,
  challengeId: string,
  browser: string | undefined,
): Promise<string | undefined> {
  const found = await challenges.find(hashOf(challengeId), kind, clock.now());
  if (found === undefined || browser === undefined) return undefined;
  const { browserHash, returnTo } = found.facts;
  if (typeof browserHash !== 'string' || typeof returnTo !== 'string') return undefined;
  return equalSecrets(sha256Base64(browser), browserHash).held ? returnTo : undefined;
}

/** The name of what waits for the answer of the SAML provider. @param token see `takeSamlResponse` */
export function samlHalf(token: string): string {
  return `saml ${token}`;
}

/** The name of what waits for a ticket. @param token what the address of the ticket ends in */
export function casHalf(token: string): string {
  return `cas ${token}`;
}

/** Another one than that of the log-in itself, which lies beside it. */
function hashOf(challengeId: string): string {
  return sha256Base64(`${kind} ${challengeId}`);
}
