import { sha256Base64 } from '../../lib/digest.ts';
import { type Site, siteOf } from '../../lib/webauthn.ts';
import type { Clock, Random } from '../ports.ts';
import type { Challenge, ChallengeStore } from './challenge-store.ts';

/** What a challenge for a passkey is good for. */
export type PasskeyOccasion = 'passkey-add' | 'passkey-factor' | 'passkey-sign-in';

export interface PasskeyChallengeNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly challenges: Pick<ChallengeStore, 'put' | 'take' | 'find'>;
  /** Where this server is reached, and what it is called. */
  readonly site: () => { readonly address: string; readonly name: string };
}

/** Long enough to find the key in a drawer (WebAuthn §15.1 advises five minutes). */
export const passkeyChallengeLifeMs = 300_000;

const challengeBytes = 32;

/** Makes something for a passkey to sign, once: base64url. */
export async function makePasskeyChallenge(
  { clock, random, challenges }: PasskeyChallengeNeeds,
  kind: PasskeyOccasion,
  accountId: string | undefined,
  facts: Challenge['facts'] = {},
): Promise<string> {
  const challenge = random.bytes(challengeBytes).toString('base64url');
  await challenges.put({
    hash: hashOfChallenge(challenge),
    kind,
    accountId,
    facts,
    endsAt: clock.now() + passkeyChallengeLifeMs,
  });
  return challenge;
}

/** The form in which a challenge is stored. */
export function hashOfChallenge(challenge: string): string {
  return sha256Base64(challenge);
}

/** Where passkeys belong to now. */
export function siteNow({ site }: Pick<PasskeyChallengeNeeds, 'site'>): Site & { readonly usable: boolean } {
  return siteOf(site().address);
}
