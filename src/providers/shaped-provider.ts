import type { Identity } from '../core/external-login/identity.ts';
import type { RedirectProvider, Returning, TokenForm } from '../core/external-login/provider.ts';
import { Fault } from '../core/fault.ts';
import type { OutboundRequest } from '../lib/outbound.ts';
import { type Asking, askFields, refusal } from './ask.ts';
import { type Claims, checkTokenOf, type TokenChecks } from './claims.ts';
import { withParams } from './client.ts';
import { identityIn } from './custom-identity.ts';
import type { CustomShape } from './custom-shape.ts';
import type { Discovered, Place } from './discovery.ts';
import { type Fields, isToken } from './fields.ts';
import { unwrapped } from './identity-fields.ts';
import type { MadeProvider, ProviderParts } from './kind.ts';
import { logoutTokenOf } from './logout-token.ts';
import { oauth2Provider, type Tokens } from './oauth2.ts';
import { proveToken } from './token-proof.ts';

/** Addresses of everything, by now. */
interface Places {
  readonly found: Discovered | undefined;
  readonly authorize: Place;
  readonly token: Place;
  readonly identity: Place | undefined;
  readonly keys: Place | undefined;
  readonly introspection: Place | undefined;
}

/** A provider of the custom shape, as it is configured now. */
export function shapedProvider(parts: ProviderParts, shape: CustomShape): MadeProvider {
  const { service, label, showsButton, published, issuer, takesTokens } = shape;
  const at = async (): Promise<Places> => await placesOf(parts, shape);
  return {
    service,
    label,
    showsButton,
    published,
    places: { issuer, places: shape.places },
    leave: async (leaving) => await oauth2Of(parts, shape, await at()).leave(leaving),
    identify: async (returning) => await oauth2Of(parts, shape, await at()).identify(returning),
    ...(takesTokens === undefined
      ? {}
      : { identifyToken: async (form) => await identifyToken(parts, shape, await at(), form, takesTokens) }),
    ...(issuer === undefined
      ? {}
      : { logoutToken: async (token) => await logoutTokenOf(token, checksOf(parts, shape, await at(), undefined)) }),
  };
}

async function placesOf({ discovery }: ProviderParts, { service, issuer, places }: CustomShape): Promise<Places> {
  const found = issuer === undefined ? undefined : await discovery.of(issuer, service);
  const placed = (set: string | undefined, told: Place | undefined): Place | undefined =>
    set === undefined ? told : { url: set, chosenBy: 'operator' };
  const authorize = placed(places.authorize, found?.authorize);
  const token = placed(places.token, found?.token);
  if (authorize === undefined || token === undefined) {
    const asking = { label: `${service} at ${issuer ?? ''}`, step: 'handshake' } as const;
    throw refusal(asking, 'It does not tell its addresses.');
  }
  return {
    found,
    authorize,
    token,
    identity: placed(places.identity, found?.identity),
    keys: placed(places.keys, found?.keys),
    introspection: placed(places.introspection, found?.introspection),
  };
}

function oauth2Of(parts: ProviderParts, shape: CustomShape, places: Places): RedirectProvider {
  const { service, issuer } = shape;
  const provider = oauth2Provider(parts.outbound, {
    ...shape,
    label: `${service} at ${shown(places.token.url)}`,
    authorizeUrl: places.authorize.url,
    tokenUrl: places.token.url,
    tokenUrlChosenBy: places.token.chosenBy,
    takes: { pkce: true, nonce: true },
    issuers: issuer === undefined ? undefined : [issuer],
    identityOf: async (tokens, returning) => await identityOf(parts, shape, places, tokens, returning),
  });
  return {
    ...provider,
    async identify(returning) {
      const { iss, code } = returning.params;
      if (places.found?.namesItself === true && code !== undefined && iss === undefined) {
        const asking = { label: `${service} at ${shown(places.token.url)}`, step: 'handshake' } as const;
        throw refusal(asking, 'The answer does not tell from whom it comes.');
      }
      return await provider.identify(returning);
    },
  };
}

async function identityOf(
  parts: ProviderParts,
  shape: CustomShape,
  places: Places,
  { accessToken, idToken }: Tokens,
  { nonce }: Returning,
): Promise<Identity> {
  if (idToken === undefined && shape.issuer !== undefined) {
    throw refusal(askingIdentity(shape, places), 'It gave no ID token.');
  }
  const claims = idToken === undefined ? undefined : await checkTokenOf(idToken, checksOf(parts, shape, places, nonce));
  return identityIn(
    shape,
    await identityFields(parts, shape, places, accessToken, claims),
    claims,
    askingIdentity(shape, places),
  );
}

function checksOf(
  { clock, keySets }: ProviderParts,
  { service, issuer, clientId }: CustomShape,
  { keys }: Places,
  nonce: string | undefined,
): TokenChecks {
  return {
    service,
    issuer,
    clientId,
    keys: keys === undefined ? undefined : keySets(keys.url, service, keys.chosenBy),
    nonce,
    now: clock.now(),
  };
}

/** What the identity endpoint says, or the ID token where there is no such endpoint; both must name the same person. */
async function identityFields(
  { outbound }: ProviderParts,
  shape: CustomShape,
  places: Places,
  accessToken: string,
  claims: Claims | undefined,
): Promise<Fields> {
  const asking = askingIdentity(shape, places);
  if (places.identity === undefined) {
    if (claims === undefined) throw refusal(asking, 'It tells nobody who somebody is.');
    return claims;
  }
  const { url, chosenBy } = places.identity;
  const isInQuery = shape.tokenInQuery !== undefined && shape.tokenInQuery !== '';
  const request: OutboundRequest = {
    url: isInQuery ? withParams(url, { [shape.tokenInQuery ?? '']: accessToken }) : url,
    headers: { ...shape.identityHeaders, ...(isInQuery ? {} : { Authorization: `Bearer ${accessToken}` }) },
    chosenBy,
  };
  const fields = unwrapped(await askFields(outbound, request, asking));
  const { sub } = fields;
  if (claims !== undefined && (sub !== undefined || shape.issuer !== undefined) && sub !== claims.sub) {
    throw refusal(asking, 'The identity and the ID token name two people.');
  }
  return fields;
}

async function identifyToken(
  parts: ProviderParts,
  shape: CustomShape,
  places: Places,
  form: TokenForm,
  takes: NonNullable<CustomShape['takesTokens']>,
): Promise<Identity> {
  const { accessToken, expiresIn, idToken } = form;
  const idTokenFits = idToken === undefined || isToken(idToken);
  if (!isToken(accessToken) || !Number.isSafeInteger(expiresIn) || !idTokenFits) throw new Fault('malformed');
  if (typeof takes === 'function') await takes(accessToken);
  const proof =
    typeof takes === 'function'
      ? { held: true, claims: undefined, subject: undefined }
      : await proveToken({
          outbound: parts.outbound,
          asking: askingIdentity(shape, places),
          checks: checksOf(parts, shape, places, undefined),
          // Where the administrator takes tokens without a proof, none is looked for that nobody has set.
          introspection: takes === 'unproved' ? introspectionSet(shape) : places.introspection,
          isIntrospectionSet: shape.places.introspection !== undefined,
          client: shape,
          accessToken,
          idToken,
        });
  const asking = askingIdentity(shape, places);
  if (!proof.held && takes !== 'unproved') throw refusal(asking, 'Nobody can tell for whom the token was given.');
  const fields = await identityFields(parts, shape, places, accessToken, proof.claims);
  const identity = identityIn(shape, fields, proof.claims, asking);
  if (proof.subject !== undefined && fields['sub'] !== undefined && fields['sub'] !== proof.subject) {
    throw refusal(asking, 'The identity and the token name two people.');
  }
  return identity;
}

function introspectionSet({ places: { introspection } }: CustomShape): Place | undefined {
  return introspection === undefined ? undefined : { url: introspection, chosenBy: 'operator' };
}

function askingIdentity({ service }: CustomShape, { identity, token }: Places): Asking {
  return { label: `${service} at ${shown((identity ?? token).url)}`, step: 'identity' };
}

/** An address without what may be secret in it. */
function shown(address: string): string {
  const url = URL.parse(address);
  return url === null ? '' : `${url.origin}${url.pathname}`;
}
