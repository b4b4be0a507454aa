import { createHash } from 'node:crypto';
import type { Identity } from '../core/external-login/identity.ts';
import type { Leaving, RedirectProvider, Returning } from '../core/external-login/provider.ts';
import type { Outbound, OutboundRequest } from '../lib/outbound.ts';
import { type Asking, askFields, errorWord, refusal } from './ask.ts';
import { type Fields, isToken } from './fields.ts';

/** What a code became. */
export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string | undefined;
  /** The whole answer. */
  readonly fields: Fields;
}

/** A provider of OAuth 2 (RFC 6749), as it is configured now. */
export interface OAuth2 extends Pick<RedirectProvider, 'service' | 'label' | 'showsButton' | 'published'> {
  readonly clientId: string;
  /** What we show beside the id; made anew each time where it is a function. */
  readonly clientSecret: string | (() => Promise<string>);
  /** How id and secret go to the token address (RFC 6749 §2.3.1). */
  readonly clientAuthentication: 'basic' | 'body';
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  /** Who chose the token address; the operator where nothing is said. */
  readonly tokenUrlChosenBy?: OutboundRequest['chosenBy'];
  readonly scope: string | undefined;
  /** More that the address to leave for needs. */
  readonly authorizeParams?: Readonly<Record<string, string>>;
  /** Whether the provider takes PKCE (RFC 7636), and a nonce for its id token. */
  readonly takes: { readonly pkce: boolean; readonly nonce: boolean };
  /** What `iss` may say where it comes back (RFC 9207); undefined where the provider has no such name. */
  readonly issuers: readonly string[] | undefined;
  /** Who it is that the token was given to. @throws Fault `provider-refused`, `provider-unreachable` */
  readonly identityOf: (tokens: Tokens, returning: Returning) => Promise<Identity>;
}

const longestCode = 4096;

/** A provider of OAuth 2: the address to leave for, and the code that becomes an identity (providers.md §2.2). */
export function oauth2Provider(
  outbound: Outbound,
  oauth2: OAuth2,
  more: Pick<RedirectProvider, 'identifyToken'> = {},
): RedirectProvider {
  const { service, label, showsButton, published } = oauth2;
  return {
    service,
    label,
    showsButton,
    published,
    leave: async (leaving) => await Promise.resolve({ address: authorizeAddress(oauth2, leaving) }),
    identify: async (returning) => {
      const tokens = await exchange(outbound, oauth2, returning);
      return await oauth2.identityOf(tokens, returning);
    },
    ...more,
  };
}

function authorizeAddress(oauth2: OAuth2, { redirectUri, state, nonce, verifier }: Leaving): string {
  const { clientId, scope, takes, authorizeParams = {} } = oauth2;
  const address = new URL(oauth2.authorizeUrl);
  const params: Readonly<Record<string, string | undefined>> = {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope,
    state,
    nonce: takes.nonce ? nonce : undefined,
    ...(takes.pkce && verifier !== undefined
      ? { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' }
      : {}),
    ...authorizeParams,
  };
  for (const [name, value] of Object.entries(params)) if (value !== undefined) address.searchParams.set(name, value);
  return address.href;
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** Refuses what came back where it holds no code, or comes from another provider (attack K03). */
function codeIn({ label, issuers }: OAuth2, { params }: Returning): string {
  const asking: Asking = { label, step: 'handshake' };
  const { code, error, iss } = params;
  if (error !== undefined) throw refusal(asking, errorWord(error));
  if (iss !== undefined && issuers !== undefined && !issuers.includes(iss)) {
    throw refusal(asking, 'The answer comes from another provider.');
  }
  if (code === undefined || code === '' || code.length > longestCode) throw refusal(asking, 'It sent no code.');
  return code;
}

async function exchange(outbound: Outbound, oauth2: OAuth2, returning: Returning): Promise<Tokens> {
  const { label, clientId, clientAuthentication, tokenUrl, takes } = oauth2;
  const asking: Asking = { label, step: 'handshake' };
  const code = codeIn(oauth2, returning);
  const { redirectUri, verifier } = returning;
  const secret = typeof oauth2.clientSecret === 'string' ? oauth2.clientSecret : await oauth2.clientSecret();
  const isBasic = clientAuthentication === 'basic';
  const fields = await askFields(
    outbound,
    {
      url: tokenUrl,
      method: 'POST',
      ...(isBasic ? { headers: { Authorization: basicOf(clientId, secret) } } : {}),
      body: {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        ...(isBasic ? {} : { client_id: clientId, client_secret: secret }),
        ...(takes.pkce && verifier !== undefined ? { code_verifier: verifier } : {}),
      },
      chosenBy: oauth2.tokenUrlChosenBy ?? 'operator',
    },
    asking,
  );
  const accessToken = tokenIn(fields, 'access_token');
  if (accessToken === undefined) throw refusal(asking, 'It gave no token.');
  return { accessToken, idToken: tokenIn(fields, 'id_token'), fields };
}

function tokenIn(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return isToken(value) ? value : undefined;
}

/** Id and secret of a client, each encoded on its own before they are joined (RFC 6749 §2.3.1). */
export function basicOf(clientId: string, secret: string): string {
  const encoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(secret)}`).toString('base64')}`;
}
