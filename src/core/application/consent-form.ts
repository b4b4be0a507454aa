import { sha256Base64 } from '../../lib/digest.ts';
import type { Clock, Random } from '../ports.ts';
import type { ChallengeStore } from '../second-factor/challenge-store.ts';
import type { Signed } from '../session/token.ts';

export interface ConsentFormNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'token'>;
  readonly challenges: Pick<ChallengeStore, 'put' | 'take'>;
}

/** What a person is asked to agree to, as it was shown to them. */
export interface AskedConsent {
  readonly clientId: string;
  readonly redirect: string;
  readonly state: string;
  readonly challenge: string | undefined;
  /** What the application was to get, see `ApplicationOptions`. */
  readonly permissions: readonly string[] | undefined;
}

const kind = 'application consent';
/** Somebody may read the page for a while. */
const lifeMs = 600_000;

/**
 * Keeps what a consent page asks, so that only this page, in this session, once, can be answered: whoever frames a page or
 * makes a browser send a form has nothing to send (attack Q09).
 * @returns what stands in the form
 */
export async function openConsentForm(
  { clock, random, challenges }: ConsentFormNeeds,
  signed: Signed,
  asked: AskedConsent,
): Promise<string> {
  const text = random.token();
  await challenges.put({
    hash: sha256Base64(text),
    kind,
    accountId: signed.account.id,
    facts: { ...asked, session: signed.token.hash },
    endsAt: clock.now() + lifeMs,
  });
  return text;
}

/**
 * What the page asked that an answer came from, used up by it.
 * @returns undefined where the page is unknown, answered already, too old, or of another session
 */
export async function takeConsentForm(
  { clock, challenges }: ConsentFormNeeds,
  signed: Signed,
  text: string,
): Promise<AskedConsent | undefined> {
  const taken = await challenges.take(sha256Base64(text), kind, clock.now());
  if (taken === undefined || taken.facts['session'] !== signed.token.hash) return undefined;
  const { clientId, redirect, state, challenge, permissions } = taken.facts as unknown as AskedConsent;
  return { clientId, redirect, state, challenge, permissions };
}
