import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../../../app.ts';
import type { Application } from '../../../core/application/application.ts';
import type { ShownClient } from '../../../core/application/client.ts';
import { Fault } from '../../../core/fault.ts';
import { secondsToWait } from '../faults.ts';
import type { FlowLimit } from './flow-limit.ts';
import { type OAuthError, oauthError, oauthJson } from './oauth-answers.ts';
import type { Texts } from './oauth-request.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';

/** Grants that others know and nobody has here. */
const othersGrants: ReadonlySet<string> = new Set(['password', 'client_credentials']);

/**
 * `/oauth/token` (providers.md §8.1, RFC 6749 §3.2): a code or a refresh token becomes tokens. A form or JSON; what stands
 * in the address is not looked at.
 */
export function oauthToken(app: App, limit: FlowLimit): PlainRoute {
  return {
    path: '/oauth/token',
    countsItself: true,
    takesJson: true,
    run: () => oauthError(400, 'invalid_request', 'Invalid request: method must be POST', { Allow: 'POST' }),
    async post(request, given) {
      const tooMany = limit('token', request);
      if (tooMany !== undefined) return tooMany;
      const shown = shownClient(request.headers, given);
      if (shown === 'two') {
        return oauthError(400, 'invalid_request', 'Only one way of client authentication is allowed');
      }
      try {
        return await tokens(app, request, given, shown);
      } catch (cause) {
        const refusal = cause instanceof Fault ? refusalOf(cause, request.headers) : undefined;
        if (refusal === undefined) throw cause;
        return refusal;
      }
    },
  };
}

async function tokens(
  app: App,
  { caller }: PlainRequest,
  given: Texts,
  shown: ShownClient | undefined,
): Promise<PlainAnswer> {
  if (shown === undefined) throw new Fault('application-client-refused');
  const application = await app.application.mustBeClient(shown, caller);
  const grant = given['grant_type'] ?? '';
  if (grant === '') return missing('grant_type');
  if (grant !== 'authorization_code' && grant !== 'refresh_token') {
    const error: OAuthError = othersGrants.has(grant) ? 'unauthorized_client' : 'unsupported_grant_type';
    const sentence = othersGrants.has(grant) ? 'Unauthorized client' : 'Unsupported grant type';
    return oauthError(400, error, `${sentence}: \`grant_type\` is invalid`);
  }
  const field = grant === 'authorization_code' ? 'code' : 'refresh_token';
  const text = given[field] ?? '';
  if (text === '') return missing(field);
  const made =
    grant === 'authorization_code'
      ? await redeem(app, application, text, given, caller)
      : await app.application.refresh(application, text, caller);
  return oauthJson(200, {
    access_token: made.access,
    token_type: 'Bearer',
    expires_in: made.accessLifeMs / 1000,
    refresh_token: made.refresh,
  });
}

async function redeem(app: App, application: Application, code: string, given: Texts, caller: PlainRequest['caller']) {
  const { redirect_uri: redirect = '', code_verifier: verifier } = given;
  return await app.application.redeem(application, { code, redirect, verifier }, caller);
}

/**
 * How a client shows who it is (RFC 6749 §2.3.1): by Basic, whose two parts are percent-encoded, or in the body.
 * @returns `two` where it does both
 */
function shownClient(headers: IncomingHttpHeaders, given: Texts): ShownClient | 'two' | undefined {
  const { client_id: clientId, client_secret: secret } = given;
  if (headers.authorization !== undefined) {
    const basic = basicOf(headers.authorization);
    if (secret !== undefined || (clientId !== undefined && clientId !== basic?.clientId)) return 'two';
    return basic;
  }
  if (clientId === undefined || clientId === '') return undefined;
  return secret === undefined || secret === ''
    ? { clientId, secret: undefined, way: 'none' }
    : { clientId, secret, way: 'client_secret_post' };
}

function basicOf(authorization: string): ShownClient | undefined {
  const [, base64] = /^basic +([a-z\d+/]{1,8192}={0,2}) *$/iu.exec(authorization) ?? [];
  if (base64 === undefined) return undefined;
  const pair = Buffer.from(base64, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 0) return undefined;
  const [clientId, secret] = [decoded(pair.slice(0, colon)), decoded(pair.slice(colon + 1))];
  return clientId === undefined || secret === undefined ? undefined : { clientId, secret, way: 'client_secret_basic' };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function missing(name: string): PlainAnswer {
  return oauthError(400, 'invalid_request', `Missing parameter: \`${name}\``);
}

function refusalOf(fault: Fault, headers: IncomingHttpHeaders): PlainAnswer | undefined {
  switch (fault.code) {
    case 'application-client-refused':
      return oauthError(
        401,
        'invalid_client',
        'Invalid client: client credentials are invalid',
        headers.authorization === undefined ? {} : { 'WWW-Authenticate': 'Basic realm="oauth"' },
      );
    case 'application-grant-void':
      return fault.facts['redirect'] === true
        ? oauthError(400, 'invalid_request', 'Invalid request: `redirect_uri` is invalid')
        : oauthError(400, 'invalid_grant', 'The code or token is unknown, used, over, or was given to another client');
    case 'rate-limited':
      return late(429, fault);
    case 'busy':
    case 'unavailable':
      return late(503, fault);
    default:
      return undefined;
  }
}

function late(status: number, fault: Fault): PlainAnswer {
  const wait = { 'Retry-After': String(secondsToWait(fault, 1)) };
  return oauthError(status, 'temporarily_unavailable', 'Try again shortly', wait);
}
