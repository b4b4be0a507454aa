import type { JWTPayload } from 'jose';
import { Fault } from '../core/fault.ts';
import type { Moment } from '../core/ports.ts';
import { equalSecrets } from '../lib/digest.ts';
import { checkIdToken } from './id-token.ts';
import type { KeySet } from './key-set.ts';

/** What an ID token says, and it was checked. */
export type Claims = JWTPayload & { readonly sub: string };

/** What an ID token of a service must hold, as far as the service is known. */
export interface TokenChecks {
  readonly service: string;
  readonly issuer: string | undefined;
  readonly clientId: string;
  readonly keys: KeySet | undefined;
  readonly nonce: string | undefined;
  readonly now: Moment;
}

/** Clocks of services may differ from ours by so much. */
const toleranceS = 60;

/**
 * Takes the ID token that came with an access token. Where keys are known its signature must hold; a service without
 * any is taken at its word, since the token came from it by a connection of our own (OpenID Connect Core 1.0 §3.1.3.7,
 * 6), but the token must be for us, of now, and about somebody.
 * @throws Fault `provider-refused`, `provider-unreachable`
 */
export async function checkTokenOf(token: string, checks: TokenChecks): Promise<Claims> {
  const { service, issuer, clientId, keys, nonce, now } = checks;
  const told = issuer !== undefined && keys !== undefined ? undefined : await decoded(token, service);
  if (keys !== undefined) {
    const issuers = [issuer ?? told?.iss ?? ''];
    return await checkIdToken(token, { service, issuers, audience: [clientId], keys, nonce, now });
  }
  if (issuer !== undefined || told === undefined) throw refused(service, 'the provider publishes no keys');
  const { sub, aud, azp, exp } = told;
  const audience = Array.isArray(aud) ? aud : [aud];
  if (!audience.includes(clientId) || (audience.length > 1 && azp !== clientId)) {
    throw refused(service, 'it was made for another party');
  }
  if (typeof exp !== 'number' || exp + toleranceS < now / 1000) throw refused(service, 'it has expired');
  if (nonce !== undefined && (typeof told['nonce'] !== 'string' || !equalSecrets(told['nonce'], nonce).held)) {
    throw refused(service, 'it answers another question');
  }
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) throw refused(service, 'it names nobody');
  return { ...told, sub };
}

async function decoded(token: string, service: string): Promise<JWTPayload> {
  const { decodeJwt } = await import('jose');
  let claims: JWTPayload;
  try {
    claims = decodeJwt(token);
  } catch {
    throw refused(service, 'it cannot be read');
  }
  return claims;
}

function refused(service: string, why: string): Fault {
  return new Fault('provider-refused', { service, message: `The id token of ${service} was refused: ${why}` });
}
