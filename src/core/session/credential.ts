import { equalSecrets, sha256Base64 } from '../../lib/digest.ts';
import type { Identity } from '../external-login/identity.ts';
import { Fault, type FaultCode, type FaultFacts, faults } from '../fault.ts';
import type { Caller, Clock, Moment, Random, Sealer } from '../ports.ts';
import type { Challenge, ChallengeStore } from '../second-factor/challenge-store.ts';
import type { SuppliedFactor } from '../second-factor/gate.ts';
import { type ExternalProofNeeds, externalProof } from './external-proof.ts';
import type { LoggedIn, Proof } from './log-in.ts';

/**
 * Which way the browser went. `oauth` has a secret that only the opener of the window knows; the two others have none, so
 * that whoever holds the token signs in.
 */
export type CredentialWay = 'oauth' | 'saml' | 'cas';

export interface CredentialNeeds<Done = LoggedIn> extends ExternalProofNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'token'>;
  readonly sealer: Sealer;
  readonly challenges: Pick<ChallengeStore, 'put' | 'putOnce' | 'replace' | 'take'>;
  /** Whether the service is switched on still. */
  readonly isOn: (service: string, way: CredentialWay) => { readonly held: boolean };
  /** So many wrong codes end it; the account's own count goes on. */
  readonly mostWrong: () => number;
  /** Whether people of this service are asked for their second factor. */
  readonly asksFactor: (service: string, way: CredentialWay) => boolean;
  /** The one pipeline. */
  readonly logIn: (proof: Proof, caller: Caller, supplied: SuppliedFactor) => Promise<Done>;
}

/** What the browser's half has come to. */
export type BrowserOutcome = { readonly identity: Identity } | { readonly fault: Fault };

/** What the client's half brings. */
export interface CredentialPair {
  readonly token: string;
  /** Null collects a failure; undefined where the way has no secrets. */
  readonly secret: string | null | undefined;
}

interface Kept {
  readonly service: string;
  readonly secretHash: string | null;
  readonly identity: Identity | null;
  readonly fault: { readonly code: FaultCode; readonly facts: FaultFacts } | null;
  readonly wrong: number;
  readonly madeAt: Moment;
  readonly endsAt: Moment;
}

const lifeMs = 60_000;
/** So much longer it lives when only the second factor is missing, and never beyond the longest. */
const extendedMs = 120_000;
const longestMs = 300_000;

/** Refusals that leave it as it was: the same pair may come again with what was missing. */
const undecided: ReadonlySet<FaultCode> = new Set([
  'factor-required',
  'account-blocked',
  'address-blocked',
  'busy',
  'unavailable',
]);

/**
 * Keeps what a browser brought back from a provider until the client that sent it there asks (realtime.md §13.4).
 * @param token as the client chose it: 17 to 512 characters of `A-Z a-z 0-9 - _`
 * @returns the secret that goes to the opener alone; undefined for a failure, and where the way has none
 * @throws Fault `malformed` for a token of another form
 */
export async function keepCredential(
  needs: Pick<CredentialNeeds, 'clock' | 'random' | 'sealer'> & {
    readonly challenges: Pick<ChallengeStore, 'replace'>;
  },
  way: CredentialWay,
  token: string,
  service: string,
  outcome: BrowserOutcome,
): Promise<string | undefined> {
  if (!isCredentialToken(token).held) throw new Fault('malformed');
  const secret = way === 'oauth' && 'identity' in outcome ? needs.random.token() : undefined;
  const kept: Kept = {
    service,
    secretHash: secret === undefined ? null : sha256Base64(secret),
    identity: 'identity' in outcome ? outcome.identity : null,
    fault: 'fault' in outcome ? { code: outcome.fault.code, facts: outcome.fault.facts } : null,
    wrong: 0,
    madeAt: needs.clock.now(),
    endsAt: needs.clock.now() + lifeMs,
  };
  const hash = hashOf(way, token);
  // A second answer to the same question takes the place of the first.
  await needs.challenges.replace(challengeOf(needs, way, hash, kept));
  return secret;
}

/** Whether a token has the form that is taken. */
export function isCredentialToken(token: string): { readonly held: boolean } {
  return { held: /^[\w-]{17,512}$/u.test(token) };
}

/**
 * Signs in with what the browser left behind. It is used up by a sign-in that goes through, by a wrong secret, and by
 * every refusal but those that only ask for more; of two at once, one is looked at.
 * @throws Fault `pending-log-in-unknown`, `provider-off`, the failure that was kept, and those of `settle` and `logIn`
 */
export async function logInByCredential<Done>(
  needs: CredentialNeeds<Done>,
  way: CredentialWay,
  pair: CredentialPair,
  caller: Caller,
  supplied: SuppliedFactor,
): Promise<Done> {
  const { hash, kept } = await takeKept(needs, way, pair);
  const { identity, service } = kept;
  if (identity === null) throw new Fault('pending-log-in-unknown', { way });
  const asks = needs.asksFactor(service, way);
  const proof = externalProof(needs, service, async () => await Promise.resolve(identity), caller, asks);
  try {
    return await needs.logIn(proof, caller, supplied);
  } catch (cause) {
    const again = cause instanceof Fault ? waitingOn(needs, kept, cause.code) : undefined;
    // A newer answer that came meanwhile stays.
    if (again !== undefined) await needs.challenges.putOnce(challengeOf(needs, way, hash, again));
    throw cause;
  }
}

/**
 * Takes the identity that a browser left behind, for somebody who is signed in already and wants to join it.
 * @throws Fault `pending-log-in-unknown`, `provider-off`, the failure that was kept
 */
export async function takeIdentity(
  needs: Pick<CredentialNeeds, 'challenges' | 'clock' | 'isOn' | 'sealer'>,
  way: CredentialWay,
  pair: CredentialPair,
): Promise<Identity> {
  const { kept } = await takeKept(needs, way, pair);
  if (kept.identity === null) throw new Fault('pending-log-in-unknown', { way });
  return kept.identity;
}

async function takeKept(
  needs: Pick<CredentialNeeds, 'challenges' | 'clock' | 'isOn' | 'sealer'>,
  way: CredentialWay,
  { token, secret }: CredentialPair,
): Promise<{ hash: string; kept: Kept }> {
  const hash = hashOf(way, token);
  const taken = await needs.challenges.take(hash, kindOf(way), needs.clock.now());
  const kept = taken === undefined ? undefined : keptOf(needs, way, taken);
  // A clock that was set back must not make it live longer than any may.
  const left = kept === undefined ? 0 : kept.endsAt - needs.clock.now();
  if (kept === undefined || left <= 0 || left > extendedMs) throw new Fault('pending-log-in-unknown', { way });
  if (kept.fault !== null) {
    if (secret !== null && way === 'oauth') throw new Fault('pending-log-in-unknown', { way });
    throw new Fault(kept.fault.code in faults ? kept.fault.code : 'pending-log-in-unknown', kept.fault.facts);
  }
  if (kept.secretHash !== null && !equalSecrets(sha256Base64(secret ?? ''), kept.secretHash).held) {
    throw new Fault('pending-log-in-unknown', { way });
  }
  if (!needs.isOn(kept.service, way).held) throw new Fault('provider-off', { service: kept.service });
  return { hash, kept };
}

function waitingOn(
  { clock, mostWrong }: Pick<CredentialNeeds, 'clock' | 'mostWrong'>,
  kept: Kept,
  code: FaultCode,
): Kept | undefined {
  const endsAt = Math.min(kept.madeAt + longestMs, Math.max(kept.endsAt, clock.now() + extendedMs));
  if (undecided.has(code)) return { ...kept, endsAt };
  if (code !== 'factor-wrong' && code !== 'factor-code-void') return undefined;
  const wrong = kept.wrong + 1;
  return wrong >= mostWrong() ? undefined : { ...kept, wrong, endsAt };
}

function kindOf(way: CredentialWay): string {
  return `credential-${way}`;
}

function hashOf(way: CredentialWay, token: string): string {
  return sha256Base64(`${way} ${token}`);
}

function challengeOf(
  { sealer }: Pick<CredentialNeeds, 'sealer'>,
  way: CredentialWay,
  hash: string,
  kept: Kept,
): Challenge & { readonly accountId: undefined } {
  const sealed = sealer.seal(JSON.stringify(kept), `${kindOf(way)} ${hash}`);
  return { hash, kind: kindOf(way), accountId: undefined, facts: { sealed }, endsAt: kept.endsAt };
}

/** @throws Error where the row was changed behind our back */
function keptOf(
  { sealer }: Pick<CredentialNeeds, 'sealer'>,
  way: CredentialWay,
  { hash, facts }: Challenge,
): Kept | undefined {
  const { sealed } = facts;
  if (typeof sealed !== 'string') return undefined;
  return JSON.parse(sealer.open(sealed, `${kindOf(way)} ${hash}`)) as Kept;
}
