import type { JWTPayload } from 'jose';
import { Fault } from '../core/fault.ts';
import type { Moment } from '../core/ports.ts';
import { equalSecrets } from '../lib/digest.ts';
import type { KeySet } from './key-set.ts';

/** What a token of a provider must hold. */
export interface IdTokenChecks {
  /** Names the provider in the refusal. */
  readonly service: string;
  /** Any of these may have made it. */
  readonly issuers: readonly string[];
  /** What the provider calls us; of several names any. */
  readonly audience: string | readonly string[];
  readonly keys: KeySet;
  /** What was sent along and must come back; undefined where nobody here chose one. */
  readonly nonce: string | undefined;
  readonly now: Moment;
  /** Those that are taken of the ones with public keys; all of them where nothing is said. */
  readonly algorithms?: readonly string[];
  /** What the header may call the token beside `JWT`: `logout+jwt` for logout tokens. */
  readonly typ?: string;
}

/** `sub` is `''` where a logout token names a session alone. */
export type IdTokenClaims = JWTPayload & { readonly sub: string };

const publicKeyAlgorithms: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];

/** Clocks of providers may differ from ours by so much. */
const toleranceS = 60;
const longest = 16_384;

/**
 * Takes an id token (OpenID Connect Core 1.0 §3.1.3.7): its signature by a key that the provider publishes, who made it,
 * for whom, and when. Keys and addresses that the token itself names (`jwk`, `jku`, `x5u`) are never looked at.
 * @throws Fault `provider-refused` (facts `service`, `message`), `provider-unreachable` where there are no keys
 */
export async function checkIdToken(token: string, checks: IdTokenChecks): Promise<IdTokenClaims> {
  const { decodeProtectedHeader, createLocalJWKSet, jwtVerify } = await import('jose');
  // Whatever a caller names: with a shared secret or none at all anybody could sign.
  const algorithms = publicKeyAlgorithms.filter((one) => checks.algorithms?.includes(one) ?? true);
  const refused = (why: string): Fault =>
    new Fault('provider-refused', {
      service: checks.service,
      message: `The id token of ${checks.service} was refused: ${why}`,
    });

  if (token.length > longest) throw refused('it is too long');
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    throw refused('it is not a signed token');
  }
  const { alg, kid, typ } = header;
  if (alg === undefined || !algorithms.includes(alg)) throw refused('its algorithm is not accepted');
  if (kid !== undefined && typeof kid !== 'string') throw refused('its key has no name');
  if (typ !== undefined && !isTyp(typ, ['JWT', checks.typ ?? 'JWT'])) throw refused('it is a token of another kind');
  const keys = await checks.keys.holding(kid);
  const ours = [checks.audience].flat();

  let claims: JWTPayload;
  try {
    const resolve = createLocalJWKSet({ keys: [...keys] });
    const verified = await jwtVerify(token, resolve, {
      algorithms,
      issuer: [...checks.issuers],
      audience: ours,
      currentDate: new Date(checks.now),
      clockTolerance: toleranceS,
      requiredClaims: ['iss', 'aud', 'exp', 'iat'],
    });
    claims = verified.payload;
  } catch (cause) {
    throw refused(reasonOf(cause));
  }
  const { sub, aud, azp, iat, exp, nonce } = claims;
  const isOurs = typeof azp === 'string' && ours.includes(azp);
  if (Array.isArray(aud) && aud.length > 1 && !isOurs) throw refused('it was made for another party');
  const latest = Math.floor(checks.now / 1000) + toleranceS;
  if (typeof iat !== 'number' || iat > latest || typeof exp !== 'number' || exp < iat) {
    throw refused('its times contradict each other');
  }
  if (checks.nonce !== undefined && (typeof nonce !== 'string' || !equalSecrets(nonce, checks.nonce).held)) {
    throw refused('it answers another question');
  }
  const mayBeNobodys = checks.typ !== undefined && sub === undefined;
  if (!mayBeNobodys && (typeof sub !== 'string' || sub === '' || sub.length > 255)) throw refused('it names nobody');
  return { ...claims, sub: sub ?? '' };
}

function isTyp(typ: unknown, wanted: readonly string[]): boolean {
  if (typeof typ !== 'string') return false;
  const named = typ.toLowerCase().replace(/^application\//u, '');
  return wanted.some((one) => one.toLowerCase() === named);
}

/** Why jose has refused, without what the token held. */
function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const claim = cause instanceof Error && 'claim' in cause && typeof cause.claim === 'string' ? cause.claim : '';
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return 'it has expired';
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return `its claim "${claim}" does not fit`;
    case 'ERR_JWKS_NO_MATCHING_KEY':
    case 'ERR_JWKS_MULTIPLE_MATCHING_KEYS':
      return 'the provider has no such key';
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'its signature does not hold';
    default:
      return 'it cannot be read';
  }
}
