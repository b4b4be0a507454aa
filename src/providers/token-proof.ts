import type { Outbound } from '../lib/outbound.ts';
import { type Asking, askFields, refusal } from './ask.ts';
import { type Claims, checkTokenOf, type TokenChecks } from './claims.ts';
import type { Place } from './discovery.ts';
import { type Fields, textIn } from './fields.ts';
import { basicOf, type OAuth2 } from './oauth2.ts';

/** A token that a client brought, and what there is to prove for whom it was given. */
export interface BroughtToken {
  readonly outbound: Outbound;
  readonly asking: Asking;
  readonly checks: TokenChecks;
  readonly introspection: Place | undefined;
  /** Whether the operator chose the introspection; then nothing else is a proof. */
  readonly isIntrospectionSet: boolean;
  readonly client: Pick<OAuth2, 'clientId' | 'clientSecret' | 'clientAuthentication'>;
  readonly accessToken: string;
  readonly idToken: string | undefined;
}

/** Whether a token was given for us, and whom it names. */
export interface TokenProof {
  readonly held: boolean;
  readonly claims: Claims | undefined;
  readonly subject: string | undefined;
}

const unproved: TokenProof = { held: false, claims: undefined, subject: undefined };

/**
 * Proves that an access token was given for us (providers.md §2.6, attack K06): the service says so (RFC 7662), or it
 * comes with an ID token for us about the same person.
 * @throws Fault `provider-refused` where a proof was tried and failed, `provider-unreachable`
 */
export async function proveToken(brought: BroughtToken): Promise<TokenProof> {
  const { idToken, checks, introspection, isIntrospectionSet } = brought;
  if (isIntrospectionSet && introspection !== undefined) return await introspected(brought, introspection);
  if (idToken !== undefined && checks.keys !== undefined) {
    const claims = await checkTokenOf(idToken, checks);
    return { held: true, claims, subject: claims.sub };
  }
  return introspection === undefined ? unproved : await introspected(brought, introspection);
}

async function introspected(brought: BroughtToken, { url, chosenBy }: Place): Promise<TokenProof> {
  const { outbound, asking, client, accessToken, checks } = brought;
  const secret = typeof client.clientSecret === 'string' ? client.clientSecret : await client.clientSecret();
  const isBasic = client.clientAuthentication === 'basic';
  const told: Fields = await askFields(
    outbound,
    {
      url,
      method: 'POST',
      ...(isBasic ? { headers: { Authorization: basicOf(client.clientId, secret) } } : {}),
      body: {
        token: accessToken,
        token_type_hint: 'access_token',
        ...(isBasic ? {} : { client_id: client.clientId, client_secret: secret }),
      },
      chosenBy,
    },
    asking,
  );
  if (told['active'] !== true) throw refusal(asking, 'It does not know the token, or it has ended.');
  const { aud, exp, iss } = told;
  const audience: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (textIn(told, 'client_id') !== client.clientId && !audience.includes(client.clientId)) {
    throw refusal(asking, 'The token was given to somebody else.');
  }
  if (iss !== undefined && checks.issuer !== undefined && iss !== checks.issuer) {
    throw refusal(asking, 'The token is of another provider.');
  }
  if (typeof exp === 'number' && exp * 1000 <= checks.now) throw refusal(asking, 'The token has ended.');
  return { held: true, claims: undefined, subject: textIn(told, 'sub') };
}
