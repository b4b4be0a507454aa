import type { App } from '../../../app.ts';
import type { SamlMessage } from '../../../core/external-login/saml.ts';
import { Fault } from '../../../core/fault.ts';
import type { FlowLimit } from './flow-limit.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';
import { nameRefused, providerOf } from './saml.ts';
import { addressOf, sentTo } from './sent-to.ts';

/** Signing out together with a SAML identity provider (providers.md §5.1). */
export function samlLogout(app: App, limit: FlowLimit): readonly PlainRoute[] {
  return [
    ...['/_saml/logout/:provider', '/_saml/logout/:provider/'].map((path) => messages(app, limit, path)),
    ...['/_saml/sloRedirect/:provider', '/_saml/sloRedirect/:provider/'].map((path) => onward(app, path)),
  ];
}

/** Where messages about signing out come in, in the query or as a form. */
function messages(app: App, limit: FlowLimit, path: string): PlainRoute {
  const take = async (
    request: PlainRequest,
    message: SamlMessage | undefined,
    relayState: unknown,
  ): Promise<PlainAnswer> => {
    const refused = limit('saml-logout', request) ?? nameRefused(request);
    if (refused !== undefined) return refused;
    if (message === undefined) return sentTo(addressOf(app, '/'));
    // Longer than the standard lets it be, it is not ours to carry back.
    const state = typeof relayState === 'string' && relayState.length <= 512 ? relayState : undefined;
    const caller = { ...request.caller, door: 'page' } as const;
    try {
      const address = await app.saml.end(providerOf(request), message, state, caller);
      return sentTo(address ?? addressOf(app, '/'));
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      return sentTo(addressOf(app, cause.code === 'provider-off' ? '/home' : '/'));
    }
  };
  return {
    path,
    countsItself: true,
    async run(request) {
      const { query, search } = request;
      const kind = kindOf(query);
      const message = kind === undefined ? undefined : ({ binding: 'redirect', kind, query: search } as const);
      return await take(request, message, query['RelayState']);
    },
    async post(request, form) {
      const kind = kindOf(form);
      const encoded = (kind === 'request' ? form['SAMLRequest'] : form['SAMLResponse']) ?? '';
      const message = kind === undefined ? undefined : ({ binding: 'post', kind, encoded } as const);
      return await take(request, message, form['RelayState']);
    },
  };
}

function kindOf(given: Readonly<Record<string, unknown>>): SamlMessage['kind'] | undefined {
  if (Object.hasOwn(given, 'SAMLRequest')) return 'request';
  return Object.hasOwn(given, 'SAMLResponse') ? 'response' : undefined;
}

/** Sends a browser on to the identity provider, and nowhere else. */
function onward(app: App, path: string): PlainRoute {
  return {
    path,
    run(request) {
      const refused = nameRefused(request);
      if (refused !== undefined) return refused;
      const provider = app.saml.current();
      if (provider?.name !== providerOf(request)) return sentTo(addressOf(app, '/home'));
      const { redirect } = request.query;
      const allowed = URL.parse(provider.endingAddress ?? '');
      if (allowed === null) return told(500, 'SLO redirect not configured');
      if (typeof redirect !== 'string' || redirect === '') return told(400, 'Missing redirect parameter');
      const wanted = URL.parse(redirect);
      if (wanted === null) return told(400, 'Invalid URL format');
      if (wanted.origin !== allowed.origin) return told(403, 'Unauthorized redirect origin');
      if (wanted.pathname !== allowed.pathname) return told(403, 'Unauthorized redirect path');
      // As it was signed; what a URL cannot hold stands in no header.
      return sentTo(/^[\x21-\x7e]+$/u.test(redirect) ? redirect : wanted.href);
    },
  };
}

function told(status: number, text: string): PlainAnswer {
  return { status, text };
}
