import type { Configuration, KoaContextWithOIDC, default as Provider } from 'oidc-provider';
import type { App } from '../../app.ts';
import type { SigningKey } from '../../core/application/signing-keys.ts';
import { openIdAdapter } from './adapter.ts';
import { acrValues, claimsOfScopes } from './claims.ts';
import { proofProperty } from './client-metadata.ts';
import { holdToRegisteredWay } from './client-proof.ts';
import { errorPage, logOutPage, signedOutPage } from './pages.ts';
import type { ProviderParts } from './parts.ts';
import { findPerson, followPage, isSignedIn } from './person.ts';

/** Lives in seconds. */
const hour = 3_600;
const day = 86_400;

/** A parameter of ours that nobody sends: it is where the authorization endpoint asks us for the first time. */
const ownParameter = 'countersign_visit';

/**
 * The OpenID provider for an issuer and its keys.
 * @param issuer `<Site_Url>/oidc`
 * @param keys the first of them signs
 */
export async function openIdProvider(
  parts: ProviderParts,
  issuer: string,
  keys: readonly SigningKey[],
): Promise<Provider> {
  const { default: Made, interactionPolicy, errors } = await import('oidc-provider');
  const policy = interactionPolicy.base();
  policy.get('login')?.checks.add(
    new interactionPolicy.Check('page_session', 'End-User authentication is required', 'login_required', (ctx) => {
      const { held } = isSignedIn(ctx);
      return held ? interactionPolicy.Check.NO_NEED_TO_PROMPT : interactionPolicy.Check.REQUEST_PROMPT;
    }),
  );
  const made = new Made(issuer, {
    ...fixed,
    ...asked(parts),
    adapter: openIdAdapter(parts.app, errors),
    jwks: { keys: keys.map(({ jwk }) => jwk) },
    cookies: cookies(parts.app, issuer),
    interactions: { policy, url: (_ctx, { uid }) => `${issuer}/interaction/${uid}` },
  });
  // The headers that it reads are ours: see `door.ts`.
  made.proxy = true;
  made.on('server_error', (_ctx, cause) => {
    parts.log('the OpenID provider failed', { cause });
  });
  made.on('backchannel.error', (_ctx, cause, client) => {
    parts.log('an application did not take a logout token', { cause, application: client.clientId });
  });
  holdToRegisteredWay(made);
  // Else koa writes to standard error what it cannot answer.
  (made as NodeJS.EventEmitter).on('error', (cause: unknown) => {
    parts.log('the OpenID provider failed', { cause });
  });
  return made;
}

/** What depends on nothing. */
const fixed = {
  scopes: ['openid', 'offline_access', 'profile', 'email', 'roles'],
  claims: {
    ...Object.fromEntries(Object.entries(claimsOfScopes).map(([scope, names]) => [scope, [...names]])),
    acr: null,
    amr: null,
    auth_time: null,
    iss: null,
    sid: null,
  },
  acrValues: [...acrValues],
  extraClientMetadata: { properties: [proofProperty] },
  // Clients that ask for an ID token alone find everything in it.
  conformIdTokenClaims: false,
  responseTypes: ['code'],
  subjectTypes: ['public'],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
  clientDefaults: { id_token_signed_response_alg: 'RS256' },
  enabledJWA: { idTokenSigningAlgValues: ['RS256'] },
  // Left out, the second would be read as true (OpenID Connect Discovery 1.0 §3).
  discovery: { request_parameter_supported: false, request_uri_parameter_supported: false },
  allowOmittingSingleRegisteredRedirectUri: false,
  acceptQueryParamAccessTokens: false,
  rotateRefreshToken: true,
  pkce: { required: (_ctx, client) => client.tokenEndpointAuthMethod === 'none' },
  routes: {
    authorization: '/auth',
    token: '/token',
    userinfo: '/userinfo',
    jwks: '/jwks',
    introspection: '/introspect',
    revocation: '/revoke',
    end_session: '/end-session',
  },
  ttl: {
    AccessToken: hour,
    AuthorizationCode: 120,
    IdToken: hour,
    RefreshToken: 14 * day,
    Grant: 90 * day,
    // That of nobody only says what a browser was about to do.
    Session: (_ctx, { accountId }) => (accountId === undefined ? 600 : 90 * day),
    Interaction: hour / 2,
  },
} satisfies Configuration;

/** What asks the app. */
function asked({ app, outbound }: ProviderParts): Configuration {
  return {
    findAccount: async (_ctx, sub, token) => await findPerson(app, sub, token?.clientId),
    loadExistingGrant: async (ctx) => await grantOf(app, ctx),
    extraParams: {
      [ownParameter]: (ctx: KoaContextWithOIDC) => {
        followPage(ctx);
      },
    },
    renderError: (ctx, { error }) => {
      errorPage(app, ctx, error);
    },
    clientBasedCORS: (_ctx, origin, client) =>
      client.tokenEndpointAuthMethod === 'none' && (client.redirectUris ?? []).some((uri) => originOf(uri) === origin),
    issueRefreshToken: async (_ctx, client, code) =>
      await Promise.resolve(client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access')),
    // Whoever registers applications need not be trusted with what is reached from here.
    fetch: async (url, options) => {
      const { status, text } = await outbound({
        url: typeof url === 'string' ? url : 'href' in url ? url.href : url.url,
        method: options?.method === 'POST' ? 'POST' : 'GET',
        headers: Object.fromEntries(new Headers(options?.headers as Record<string, string> | undefined)),
        body: options?.body instanceof URLSearchParams ? options.body.toString() : '',
        chosenBy: app.settings.get('Countersign_OpenID_Inner_Logout') ? 'operator' : 'other',
        timeoutMs: 5_000,
        mostBytes: 65_536,
      });
      return new Response(status === 204 ? null : text, { status });
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      registration: { enabled: false },
      requestObjects: { enabled: false },
      claimsParameter: { enabled: true },
      userinfo: { enabled: true },
      introspection: {
        enabled: true,
        // What an application held that is gone, or is switched off, is nothing any more.
        allowedPolicy: async (_ctx, client, { clientId }) =>
          client.tokenEndpointAuthMethod !== 'none' &&
          clientId !== undefined &&
          (await app.openId.client(clientId)) !== undefined,
      },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => await Promise.resolve(token.clientId === client.clientId),
      },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) => {
          logOutPage(app, ctx, form);
          await Promise.resolve();
        },
        postLogoutSuccessSource: async (ctx) => {
          signedOutPage(app, ctx);
          await Promise.resolve();
        },
      },
    },
  };
}

/** What a person has agreed to stays agreed to in the next browser. */
async function grantOf(app: App, { oidc }: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']> | undefined> {
  const { account, client, provider, result, session } = oidc;
  if (account === undefined || client === undefined) return undefined;
  const application = (await app.openId.client(client.clientId))?.application;
  const { accountId } = account;
  const agreed = application === undefined ? undefined : await app.openId.agreedScopes(accountId, application.id);
  if (agreed === undefined || agreed.length === 0) return undefined;
  const grantId = result?.consent?.grantId ?? session?.grantIdFor(client.clientId);
  const there = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (there !== undefined && there.accountId === accountId && there.clientId === client.clientId) return there;
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addOIDCScope(agreed.join(' '));
  await grant.save();
  return grant;
}

function cookies(app: App, issuer: string): Configuration['cookies'] {
  const shared = {
    httpOnly: true,
    sameSite: 'lax',
    signed: true,
    overwrite: true,
    secure: issuer.startsWith('https://'),
  } as const;
  return {
    keys: [app.openId.cookieKey()],
    names: {
      session: 'countersign_openid',
      interaction: 'countersign_openid_interaction',
      resume: 'countersign_openid_resume',
    },
    long: { ...shared, path: new URL(issuer).pathname },
    short: shared,
  };
}

function originOf(address: string): string | undefined {
  const origin = URL.parse(address)?.origin;
  return origin === 'null' ? undefined : origin;
}
