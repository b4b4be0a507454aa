import type { App } from '../../../app.ts';
import { page } from '../../shapes/page.ts';
import type { PlainAnswer, PlainRoute } from './plain-route.ts';

/** The error codes of RFC 6749 §4.1.2.1 and §5.2 that are told here. */
export type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'access_denied'
  | 'temporarily_unavailable';

/** JSON that no cache may keep (RFC 6749 §5.1). */
export function oauthJson(status: number, body: object, headers: Readonly<Record<string, string>> = {}): PlainAnswer {
  return {
    status,
    text: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Pragma': 'no-cache', ...headers },
  };
}

/** A refusal as RFC 6749 §5.2 has it. */
export function oauthError(
  status: number,
  error: OAuthError,
  description: string,
  headers?: Readonly<Record<string, string>>,
): PlainAnswer {
  return oauthJson(status, { error, error_description: description }, headers);
}

/** Sends a browser elsewhere and tells nobody where it came from. */
export function sentTo(address: string): PlainAnswer {
  return { status: 302, text: '', headers: { 'Location': address, 'Referrer-Policy': 'no-referrer' } };
}

const told: Readonly<Record<string, { readonly status: number; readonly title: string; readonly why: string }>> = {
  '404': {
    status: 404,
    title: 'The application is not known here',
    why: 'The service that sent you here is not registered, or it was switched off. Nothing was told to it.',
  },
  'invalid_redirect_uri': {
    status: 400,
    title: 'The address to go back to is not registered',
    why: 'The service that sent you here wants you sent on to an address that it has not registered. You were not sent there, and nothing was told to it.',
  },
};

/** `/oauth/error/<code>`: where a browser ends that cannot be sent back (RFC 6749 §4.1.2.1). */
export function oauthErrorPage(app: App): PlainRoute {
  return {
    path: '/oauth/error/:code',
    run({ params }) {
      const code = params['code'] ?? '';
      const { status, title, why } = (Object.hasOwn(told, code) ? told[code] : undefined) ?? {
        status: 404,
        title: 'Something went wrong',
        why: 'Go back to the service that sent you here, and begin again.',
      };
      return page(app, title, `<h1>${title}</h1>\n<p>${why}</p>`, { status });
    },
  };
}
