import type { App } from '../../../app.ts';
import { Fault } from '../../../core/fault.ts';
import type { LoggedIn } from '../../../core/session/log-in.ts';
import { restrictionOf } from '../../../core/session/restricted.ts';
import { flowCookie, flowCookieIn } from '../../shapes/flow-cookie.ts';
import { returnAddress } from '../../shapes/local-path.ts';
import { pageCookie, pageCookieIn } from '../../shapes/page-cookie.ts';
import type { FlowLimit } from './flow-limit.ts';
import { refusalPage } from './flow-refusal.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';

type Texts = Readonly<Record<string, string>>;

/**
 * Signing in at a provider with this server leading the browser there and back (providers.md §2.7): a state, a nonce and
 * PKCE's verifier stay here, and a cookie binds them to the browser that began.
 */
export function browserFlow(app: App, limit: FlowLimit): readonly PlainRoute[] {
  return [start(app, limit), callback(app, limit)];
}

/** `/oauth/<service>[?loginClient=mobile|desktop][&return=<path>]`: where it begins. */
function start(app: App, limit: FlowLimit): PlainRoute {
  return {
    path: '/oauth/:service',
    async run(request) {
      const tooMany = limit('start', request);
      if (tooMany !== undefined) return tooMany;
      try {
        const { loginClient, ...query } = textsOf(request.query);
        const client = loginClient === 'mobile' || loginClient === 'desktop' ? loginClient : undefined;
        const returnTo = 'return' in query ? whereTo(app, query['return']) : undefined;
        const { address, browser } = await app.browserFlow.leave(serviceOf(request), { client, returnTo });
        return sentTo(address, flowCookie(app, browser));
      } catch (cause) {
        return refusalPage(app, cause);
      }
    },
  };
}

/**
 * `/oauth/<service>/callback`: where it ends. What a provider posts (Apple) comes across sites, and the cookie, which is
 * `SameSite=Lax`, does not come with it. So it is kept for a minute, and the browser is sent here once more: that request
 * is a GET and brings the cookie, without which nothing is looked at. What was posted stands in no address.
 */
function callback(app: App, limit: FlowLimit): PlainRoute {
  return {
    path: '/oauth/:service/callback',
    countsItself: true,
    async run(request) {
      const tooMany = limit('callback', request);
      if (tooMany !== undefined) return tooMany;
      try {
        const { brought, ...given } = textsOf(request.query);
        const params = brought === undefined ? given : await app.browserFlow.takeBrought(brought);
        return await cameBack(app, request, params);
      } catch (cause) {
        return refusalPage(app, cause);
      }
    },
    async post(request, form) {
      const tooMany = limit('callback', request);
      if (tooMany !== undefined) return tooMany;
      try {
        const brought = await app.browserFlow.keepBrought(form);
        const here = `${rootOf(app)}/oauth/${encodeURIComponent(serviceOf(request))}/callback`;
        return sentTo(`${here}?brought=${brought}`, undefined, 303);
      } catch (cause) {
        return refusalPage(app, cause);
      }
    },
  };
}

async function cameBack(app: App, request: PlainRequest, params: Texts): Promise<PlainAnswer> {
  const caller = { ...request.caller, door: 'page' } as const;
  const back = await app.browserFlow.comeBack(serviceOf(request), params, flowCookieIn(app, request.headers), caller);
  const { client, returnTo } = back;
  const root = rootOf(app);
  if ('challengeId' in back) {
    const query = client === undefined ? '' : `?loginClient=${client}`;
    return sentTo(`${root}/2fa/${back.method}/${back.challengeId}${query}`);
  }
  if (returnTo !== undefined) {
    return await openPage(app, request, await app.session.redeemCode(back.code, caller), returnTo);
  }
  return sentTo(`${root}/home?loginCode=${back.code}${client === undefined ? '' : `&loginClient=${client}`}`);
}

/** Signs the browser in; whom it belonged to is signed out. @throws Fault where something has to be done before */
async function openPage(app: App, request: PlainRequest, loggedIn: LoggedIn, returnTo: string): Promise<PlainAnswer> {
  const caller = { ...request.caller, door: 'page' } as const;
  const restriction = restrictionOf(loggedIn);
  if (restriction !== undefined) {
    await app.session.logOut(loggedIn, caller);
    throw new Fault(restriction);
  }
  const before = pageCookieIn(app, request.headers);
  if (before !== undefined) await app.page.leave(before, loggedIn, caller);
  return sentTo(addressOf(app, returnTo), pageCookie(app, await app.page.open(loggedIn)));
}

/** The address of a place that `whereTo` has let through. */
export function addressOf(app: App, returnTo: string): string {
  return returnTo.startsWith('/') ? `${rootOf(app)}${returnTo}` : returnTo;
}

function whereTo(app: App, given: string | undefined): string {
  return returnAddress(given, app.settings.get('Countersign_Return_Origins'));
}

function sentTo(address: string, cookie?: string, status = 302): PlainAnswer {
  return {
    status,
    text: '',
    headers: {
      'Location': address,
      'Referrer-Policy': 'no-referrer',
      ...(cookie === undefined ? {} : { 'Set-Cookie': cookie }),
    },
  };
}

/** One value each. @throws Fault `malformed` where something stands there twice */
function textsOf(query: Readonly<Record<string, unknown>>): Texts {
  const texts: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string') throw new Fault('malformed');
    texts[name] = value;
  }
  return texts;
}

function serviceOf({ params }: PlainRequest): string {
  return params['service'] ?? '';
}

function rootOf({ settings }: App): string {
  return settings.get('Site_Url').replace(/\/+$/u, '');
}
