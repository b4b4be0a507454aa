import { equalSecrets, sha256Base64 } from '../../lib/digest.ts';
import type { Clock, Random, Sealer } from '../ports.ts';
import type { ChallengeStore } from '../second-factor/challenge-store.ts';

export interface RequestTokenNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'token'>;
  readonly sealer: Sealer;
  readonly challenges: Pick<ChallengeStore, 'put' | 'take'>;
}

/** With what a browser went to a provider: the service, and the state that comes back. */
export interface Beginning {
  readonly service: string;
  readonly state: string;
}

interface Kept {
  readonly remembered: string;
  readonly browserHash: string;
}

const kind = 'oauth-request-token';
const lifeMs = 300_000;

/**
 * Keeps what a provider of OAuth 1 gave to begin with (its request token and the secret of it) while the browser is away.
 * @returns what the browser's cookie is to hold for five minutes
 */
export async function keepRequestToken(
  { clock, random, sealer, challenges }: RequestTokenNeeds,
  beginning: Beginning,
  remembered: string,
): Promise<string> {
  const browser = random.token();
  const hash = hashOf(beginning);
  const kept: Kept = { remembered, browserHash: sha256Base64(browser) };
  // Whoever begins anew with the same state means the new one.
  await challenges.take(hash, kind, clock.now());
  const sealed = sealer.seal(JSON.stringify(kept), `${kind} ${hash}`);
  await challenges.put({ hash, kind, accountId: undefined, facts: { sealed }, endsAt: clock.now() + lifeMs });
  return browser;
}

/**
 * Takes what `keepRequestToken` has kept; it is used up.
 * @param browser what the browser's cookie holds
 * @returns undefined where nothing is kept, or another browser has begun
 */
export async function takeRequestToken(
  { clock, sealer, challenges }: RequestTokenNeeds,
  beginning: Beginning,
  browser: string | undefined,
): Promise<string | undefined> {
  if (browser === undefined) return undefined;
  const hash = hashOf(beginning);
  const sealed = (await challenges.take(hash, kind, clock.now()))?.facts['sealed'];
  if (typeof sealed !== 'string') return undefined;
  const { remembered, browserHash } = JSON.parse(sealer.open(sealed, `${kind} ${hash}`)) as Kept;
  return equalSecrets(sha256Base64(browser), browserHash).held ? remembered : undefined;
}

function hashOf({ service, state }: Beginning): string {
  return sha256Base64(`${kind} ${service} ${state}`);
}
