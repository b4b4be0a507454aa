import type { App } from '../../../app.ts';
import { listed } from '../../../core/account/rules.ts';
import type { RedirectProvider } from '../../../core/external-login/provider.ts';
import { Fault } from '../../../core/fault.ts';
import { isCredentialToken } from '../../../core/session/credential.ts';
import { endPage, endScripts, nothingEnded } from '../../shapes/end-page.ts';
import { flowCookie, flowCookieIn } from '../../shapes/flow-cookie.ts';
import { oauthStateOf } from '../../shapes/oauth-state.ts';
import type { FlowLimit } from './flow-limit.ts';
import { type Texts, textsIn } from './oauth-request.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';

/**
 * Where a provider sends the browser back whose client has built the address by itself (providers.md §2.2, realtime.md
 * §13.3): what comes of it waits under the token that the client chose, and its secret goes to the opener alone.
 */
export function oauthCallback(app: App, limit: FlowLimit): readonly PlainRoute[] {
  // Older clients begin OAuth 1 with a slash at the end.
  const paths = ['/_oauth/:service', '/_oauth/:service/'];
  return [
    ...paths.map((path) => callback(app, limit, path)),
    ...Object.entries(endScripts).map(([path, text]) => script(path, text)),
  ];
}

function callback(app: App, limit: FlowLimit, path: string): PlainRoute {
  const come = async (request: PlainRequest, params: Texts): Promise<PlainAnswer> => {
    const tooMany = limit('oauth callback', request);
    return tooMany ?? (await cameBack(app, request, params));
  };
  return {
    path,
    countsItself: true,
    takesJson: true,
    run: async (request) => await come(request, textsIn(request.query)),
    post: async (request, form) => await come(request, { ...textsIn(request.query), ...form }),
  };
}

async function cameBack(app: App, request: PlainRequest, params: Texts): Promise<PlainAnswer> {
  const service = (request.params['service'] ?? '').slice(0, 128);
  const { state: text } = params;
  const state = text === undefined ? undefined : oauthStateOf(text);
  if (text === undefined || state === undefined || !isCredentialToken(state.credentialToken).held) {
    return nothingEnded(app, request.headers);
  }
  const token = state.credentialToken;
  try {
    const provider = app.external.providers.find(service);
    if (provider === undefined) throw new Fault('provider-off', { service });
    if ((params['requestTokenAndRedirect'] ?? '') !== '') return await begin(app, provider, text);
    const remembered = await app.external.takeRequestToken(
      { service, state: text },
      flowCookieIn(app, request.headers),
    );
    const redirectUri = redirectUriOf(app, service, Object.hasOwn(request.query, 'close'));
    const identity = await provider.identify({
      redirectUri,
      nonce: undefined,
      verifier: undefined,
      params,
      remembered,
    });
    const secret = await app.external.keepCredential('oauth', token, service, { identity });
    return endPage(app, request.headers, { ...state, token, secret });
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    await app.external.keepCredential('oauth', token, service, { fault: cause });
    return endPage(app, request.headers, { ...state, token, secret: undefined });
  }
}

/** Sends the browser to a provider of OAuth 1, which has to be asked for a token first. */
async function begin(app: App, provider: RedirectProvider, state: string): Promise<PlainAnswer> {
  const { service } = provider;
  const redirectUri = redirectUriOf(app, service, false);
  const { address, remembered } = await provider.leave({ redirectUri, state, nonce: undefined, verifier: undefined });
  // To the others clients go by themselves.
  if (remembered === undefined) throw new Fault('malformed');
  const browser = await app.external.keepRequestToken({ service, state }, remembered);
  return {
    status: 302,
    text: '',
    headers: {
      'Location': address,
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      'Set-Cookie': flowCookie(app, browser),
    },
  };
}

/** The address that the client has named to the provider; some name it with `?close`, and come back with that. */
function redirectUriOf({ settings }: App, service: string, closes: boolean): string {
  const root = settings.get('Site_Url').replace(/\/+$/u, '');
  if (listed(settings.get('Accounts_OAuth_Proxy_services')).includes(service)) {
    return `${settings.get('Accounts_OAuth_Proxy_host').replace(/\/+$/u, '')}/oauth_redirect`;
  }
  return `${root}/_oauth/${encodeURIComponent(service)}${closes ? '?close' : ''}`;
}

function script(path: string, text: string): PlainRoute {
  const headers = {
    'Content-Type': 'text/javascript; charset=utf-8',
    'Cache-Control': 'public, max-age=3600',
    'X-Content-Type-Options': 'nosniff',
  };
  return { path, run: () => ({ status: 200, text, headers }) };
}
