import type { App } from '../../../app.ts';
import type { Application } from '../../../core/application/application.ts';
import { Fault } from '../../../core/fault.ts';
import type { Signed } from '../../../core/session/token.ts';
import { pageCookieIn } from '../../shapes/page-cookie.ts';
import { isSurelyFromOurPage } from '../../shapes/same-origin.ts';
import { consentPage, staleConsentPage } from './consent-page.ts';
import type { FlowLimit } from './flow-limit.ts';
import { leadingPage } from './gone-on.ts';
import { oauthError, oauthJson, sentTo } from './oauth-answers.ts';
import { type AskedCode, askedCode, backTo, type Texts, textsIn } from './oauth-request.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';
import { addressOf } from './sent-to.ts';

/** What goes along to the page for signing in and back; nothing else of a request is looked at. */
const members = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'state',
  'code_challenge',
  'code_challenge_method',
] as const;

/**
 * `/oauth/authorize` (providers.md §8.1, RFC 6749 §4.1.1): GET asks whoever is signed in at our pages, POST takes the
 * answer, from our own page or from Rocket.Chat's, which brings a login token.
 */
export function oauthAuthorize(app: App, limit: FlowLimit): PlainRoute {
  return {
    path: '/oauth/authorize',
    countsItself: true,
    run: async (request) => limit('authorize', request) ?? (await ask(app, request)),
    post: async (request, form) => limit('authorize answer', request) ?? (await takeAnswer(app, request, form)),
  };
}

async function takeAnswer(app: App, request: PlainRequest, form: Texts): Promise<PlainAnswer> {
  const { consent, allow } = form;
  if (consent !== undefined) return await takeConsent(app, request, consent, allow);
  return await takeForm(app, request, { ...textsIn(request.query), ...form }, form);
}

async function ask(app: App, request: PlainRequest): Promise<PlainAnswer> {
  const given = textsIn(request.query);
  const application = await app.application.at(targetIn(given));
  if (application === 'unknown') return sentTo('/oauth/error/404');
  if (application === 'redirect') return sentTo('/oauth/error/invalid_redirect_uri');
  const asked = askedCode(given, application);
  if ('refusal' in asked) return asked.refusal;
  const signed = await signedHere(app, request);
  if (signed === undefined) return sentTo(signInAddress(app, given));
  const redirect = given['redirect_uri'] ?? '';
  const { clientId, options } = application;
  const { permissions } = options;
  const form = await app.application.openConsentForm(signed, { clientId, redirect, permissions, ...asked });
  const again = signInAddress(app, given, true);
  return consentPage(app, request, { application, redirect, signed, form, again });
}

/** Who is signed in at our pages in this browser. */
async function signedHere(app: App, { headers }: PlainRequest): Promise<Signed | undefined> {
  const cookie = pageCookieIn(app, headers);
  return cookie === undefined ? undefined : (await app.page.find(cookie))?.signed;
}

function signInAddress(app: App, given: Texts, again = false): string {
  const query = new URLSearchParams(
    members.flatMap((name): [string, string][] => {
      const value = given[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const back = new URLSearchParams({
    return: `/oauth/authorize?${query.toString()}`,
    ...(again ? { again: '1' } : {}),
  });
  return addressOf(app, `/sign-in?${back.toString()}`);
}

/** The answer from our own page. */
async function takeConsent(
  app: App,
  request: PlainRequest,
  form: string,
  allow: string | undefined,
): Promise<PlainAnswer> {
  const signed = await signedHere(app, request);
  if (signed === undefined || !isSurelyFromOurPage(app, request.headers).held) return staleConsentPage(app, request);
  const asked = await app.application.takeConsentForm(signed, form);
  const application = asked === undefined ? 'unknown' : await app.application.at(asked);
  if (asked === undefined || typeof application === 'string') return staleConsentPage(app, request);
  // Nobody has agreed to what was not on the page.
  const isAsShown = JSON.stringify(asked.permissions) === JSON.stringify(application.options.permissions);
  if (!isAsShown) return staleConsentPage(app, request);
  const { redirect, state } = asked;
  if (allow !== 'yes') {
    const denied = { error: 'access_denied', error_description: 'The user denied access to your application', state };
    return leadingPage(app, request, 'disagreed', backTo(redirect, denied));
  }
  try {
    const code = await app.application.agree(signed, { application, ...asked }, atPage(request));
    return leadingPage(app, request, 'agreed', backTo(redirect, { code, state }));
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'not-signed-in') return staleConsentPage(app, request);
    throw cause;
  }
}

/** The answer from Rocket.Chat's page: no cookie counts here, but the login token that the form brings. */
async function takeForm(app: App, request: PlainRequest, given: Texts, form: Texts): Promise<PlainAnswer> {
  if (form['allow'] !== 'yes') {
    return oauthJson(401, {
      error: 'access_denied',
      error_description: 'The user denied access to your application',
    });
  }
  const token = form['token'] ?? form['access_token'] ?? '';
  if (token === '') return { status: 401, text: 'No token' };
  try {
    const signed = await app.application.signedByForm(token);
    return await agreed(app, request, signed, given);
  } catch (cause) {
    if (cause instanceof Fault && refusesToken.has(cause.code)) return { status: 401, text: 'Invalid token' };
    throw cause;
  }
}

/** Whoever may not agree with a token is told as much as whoever has none. */
const refusesToken: ReadonlySet<string> = new Set([
  'not-signed-in',
  'beyond-scope',
  'factor-enrolment-required',
  'password-change-required',
] satisfies readonly Fault['code'][]);

async function agreed(app: App, request: PlainRequest, signed: Signed, given: Texts): Promise<PlainAnswer> {
  const target = targetIn(given);
  const application = await app.application.at(target);
  if (application === 'unknown') {
    return oauthError(400, 'invalid_client', 'Invalid client: client credentials are invalid');
  }
  if (application === 'redirect') {
    return oauthError(400, 'invalid_client', 'Invalid client: `redirect_uri` does not match client value');
  }
  const asked = askedCode(given, application);
  if ('refusal' in asked) return asked.refusal;
  return await sentBack(app, request, signed, { application, redirect: target.redirect, ...asked });
}

async function sentBack(
  app: App,
  request: PlainRequest,
  signed: Signed,
  asked: AskedCode & { readonly application: Application; readonly redirect: string },
): Promise<PlainAnswer> {
  const code = await app.application.agree(signed, asked, atPage(request));
  return sentTo(backTo(asked.redirect, { code, state: asked.state }));
}

function targetIn(given: Texts): { readonly clientId: string; readonly redirect: string } {
  return { clientId: given['client_id'] ?? '', redirect: given['redirect_uri'] ?? '' };
}

function atPage({ caller }: PlainRequest): PlainRequest['caller'] {
  return { ...caller, door: 'page' };
}
