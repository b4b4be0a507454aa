import type { App } from '../../../app.ts';
import { page } from '../../shapes/page.ts';
import { speechOf } from '../../shapes/speech.ts';
import type { WordKey } from '../../shapes/words/en.ts';
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

const told: Readonly<Record<string, readonly [status: number, title: WordKey, why: WordKey]>> = {
  '404': [404, 'applicationUnknown', 'applicationUnknownText'],
  'invalid_redirect_uri': [400, 'addressUnknown', 'addressUnknownText'],
};

/** `/oauth/error/<code>`: where a browser ends that cannot be sent back (RFC 6749 §4.1.2.1). */
export function oauthErrorPage(app: App): PlainRoute {
  return {
    path: '/oauth/error/:code',
    run({ params, headers }) {
      const speech = speechOf(app, headers);
      const code = params['code'] ?? '';
      const known = Object.hasOwn(told, code) ? told[code] : undefined;
      const [status, title, why] = known ?? [404, 'wentWrong', 'wentWrongText'];
      const body = `<h1>${speech.html(title)}</h1>\n<p>${speech.html(why)}</p>`;
      return page(app, speech.say(title), body, { status, speech });
    },
  };
}
