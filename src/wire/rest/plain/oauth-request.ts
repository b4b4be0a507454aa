import type { Application } from '../../../core/application/application.ts';
import { type OAuthError, oauthError } from './oauth-answers.ts';
import type { PlainAnswer } from './plain-route.ts';

/** Parameters that came once each, and are text. */
export type Texts = Readonly<Record<string, string>>;

/** Longer ones do not fit into the address to which a browser is sent back. */
const longestState = 2_048;

/** What an application asks for by a browser, beside who it is and where to go back to (RFC 6749 §4.1.1). */
export interface AskedCode {
  readonly state: string;
  /** The S256 challenge of PKCE (RFC 7636 §4.3). */
  readonly challenge: string | undefined;
}

/** The members of a query that are single texts. */
export function textsIn(query: Readonly<Record<string, unknown>>): Texts {
  return Object.fromEntries(
    Object.entries(query).filter((member): member is [string, string] => typeof member[1] === 'string'),
  );
}

/** What is asked for; or the refusal, which goes to no address that came with the request. */
export function askedCode(given: Texts, application: Application): AskedCode | { readonly refusal: PlainAnswer } {
  const { response_type: type, response_mode: mode, state, code_challenge: challenge, code_challenge_method } = given;
  if (type === undefined || type === '') return refused('invalid_request', 'Missing parameter: `response_type`');
  if (type !== 'code') {
    return refused('unsupported_response_type', 'Unsupported response type: `response_type` is not supported');
  }
  if (mode !== undefined && mode !== 'query') return refused('invalid_request', 'Invalid parameter: `response_mode`');
  // Rocket.Chat's engine wants it, and it is what binds the answer to the browser that asked.
  if (state === undefined || state === '') return refused('invalid_request', 'Missing parameter: `state`');
  if (state.length > longestState || !/^[\u0020-\u007E]+$/u.test(state)) {
    return refused('invalid_request', 'Invalid parameter: `state`');
  }
  if (challenge === undefined && code_challenge_method === undefined) {
    if (application.options.publicClient) return refused('invalid_request', 'Missing parameter: `code_challenge`');
    return { state, challenge: undefined };
  }
  // Without a word the method would be `plain`, which protects nobody (RFC 9700 §2.1.1).
  if (code_challenge_method !== 'S256') return refused('invalid_request', 'Invalid parameter: `code_challenge_method`');
  if (challenge === undefined || !/^[\w-]{43}$/u.test(challenge)) {
    return refused('invalid_request', 'Invalid parameter: `code_challenge`');
  }
  return { state, challenge };
}

function refused(error: OAuthError, description: string): { readonly refusal: PlainAnswer } {
  return { refusal: oauthError(400, error, description) };
}

/** The address to which a browser is sent back, as it was registered, with more behind it. */
export function backTo(redirect: string, more: Texts): string {
  return `${redirect}${redirect.includes('?') ? '&' : '?'}${new URLSearchParams(more).toString()}`;
}
