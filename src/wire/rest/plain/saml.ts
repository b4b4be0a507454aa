import type { App } from '../../../app.ts';
import { Fault } from '../../../core/fault.ts';
import { flowCookieIn } from '../../shapes/flow-cookie.ts';
import { page } from '../../shapes/page.ts';
import { speechOf } from '../../shapes/speech.ts';
import type { FlowLimit } from './flow-limit.ts';
import type { Landing } from './page-landing.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';
import { addressOf, sentTo } from './sent-to.ts';

/** A browser's way to a SAML identity provider and back (providers.md §5.1). */
export function saml(app: App, limit: FlowLimit, landing: Landing): readonly PlainRoute[] {
  return [begin(app, limit), validate(app, limit), metadata(app), landed(app, landing)];
}

/** Where the client sends a browser. */
function begin(app: App, limit: FlowLimit): PlainRoute {
  return {
    path: '/_saml/authorize/:provider/:token',
    async run(request) {
      const tooMany = limit('saml-authorize', request) ?? nameRefused(request);
      if (tooMany !== undefined) return tooMany;
      try {
        const address = await app.saml.begin(providerOf(request), request.params['token'] ?? '');
        return sentTo(address ?? addressOf(app, '/home'));
      } catch (cause) {
        return notFoundOr(cause);
      }
    },
  };
}

/** Where the identity provider sends it back. `RelayState` is not looked at: it leads nowhere (attacks M11). */
function validate(app: App, limit: FlowLimit): PlainRoute {
  const path = '/_saml/validate/:provider';
  return {
    path,
    countsItself: true,
    run: (request) => nameRefused(request) ?? sentTo(addressOf(app, '/')),
    async post(request, { SAMLResponse = '' }) {
      const tooMany = limit('saml-validate', request) ?? nameRefused(request);
      if (tooMany !== undefined) return tooMany;
      const caller = { ...request.caller, door: 'page' } as const;
      try {
        const token = await app.saml.take(providerOf(request), SAMLResponse, caller);
        return sentTo(addressOf(app, `/saml/${token}?saml_idp_credentialToken=${token}`));
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        return sentTo(addressOf(app, cause.code === 'provider-off' ? '/home' : '/'));
      }
    },
  };
}

/** What the identity provider has to know of us; also before it is switched on. */
function metadata(app: App): PlainRoute {
  return {
    path: '/_saml/metadata/:provider',
    run(request) {
      const refused = nameRefused(request);
      if (refused !== undefined) return refused;
      const text = app.saml.metadata(providerOf(request));
      if (text === undefined) return sentTo(addressOf(app, '/home'));
      return { status: 200, text, headers: { 'Content-Type': 'application/samlmetadata+xml; charset=utf-8' } };
    },
  };
}

/** Where the browser stops: clients take the token out of the address. The one that our own pages sent out goes on. */
function landed(app: App, landing: Landing): PlainRoute {
  return {
    path: '/saml/:token',
    async run(request) {
      const token = request.params['token'] ?? '';
      const browser = flowCookieIn(app, request.headers);
      const returnTo = await app.browserFlow.pageErrandOf('saml', token, browser);
      if (returnTo !== undefined) return await landedAtPage(app, landing, request, { way: 'saml', token, returnTo });
      const speech = speechOf(app, request.headers);
      const body = `<h1>${speech.html('almostTitle')}</h1>\n<p>${speech.html('almostText')}</p>`;
      return page(app, speech.say('almostTitle'), body, { speech });
    },
  };
}

/** Ends a sign-in that our own pages have begun. @param came.token what the browser came back with */
export async function landedAtPage(
  app: App,
  landing: Landing,
  request: PlainRequest,
  came: { readonly way: 'saml' | 'cas'; readonly token: string; readonly returnTo: string },
): Promise<PlainAnswer> {
  const { way, token, returnTo } = came;
  const caller = { ...request.caller, door: 'page' } as const;
  try {
    const done = await app.browserFlow.logInAtPage(way, token, flowCookieIn(app, request.headers), caller);
    return await landing.came(request, done, returnTo);
  } catch (cause) {
    return landing.refused(request, cause, { service: way, returnTo });
  }
}

export function providerOf({ params }: PlainRequest): string {
  return params['provider'] ?? '';
}

/** Nothing is served under a name that no provider can have (attacks M13). */
export function nameRefused(request: PlainRequest): PlainAnswer | undefined {
  return /^[A-Za-z0-9][\w.-]{0,63}$/u.test(providerOf(request)) ? undefined : notFound;
}

const notFound: PlainAnswer = { status: 404, text: '404 Not Found' };

function notFoundOr(cause: unknown): PlainAnswer {
  if (cause instanceof Fault && cause.code === 'malformed') return notFound;
  throw cause;
}
