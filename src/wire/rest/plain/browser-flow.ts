import type { App } from '../../../app.ts';
import { Fault } from '../../../core/fault.ts';
import { flowCookie, flowCookieIn } from '../../shapes/flow-cookie.ts';
import { returnAddress } from '../../shapes/local-path.ts';
import { isLedByStranger } from '../../shapes/same-origin.ts';
import type { FlowLimit } from './flow-limit.ts';
import { refusalPage } from './flow-refusal.ts';
import type { Landing } from './page-landing.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';
import { addressOf, sentTo } from './sent-to.ts';

type Texts = Readonly<Record<string, string>>;

/**
 * Signing in at a provider with this server leading the browser there and back (providers.md §2.7): a state, a nonce and
 * PKCE's verifier stay here, and a cookie binds them to the browser that began.
 */
export function browserFlow(app: App, limit: FlowLimit, landing: Landing): readonly PlainRoute[] {
  return [start(app, limit, landing), callback(app, limit, landing)];
}

/**
 * `/oauth/<service>[?loginClient=mobile|desktop][&return=<path>]`: where it begins. With `?link=<token>` nobody signs in:
 * our page of identities chose the token, and what it needs beside it comes back behind the `#` of its address. With
 * `return` the SAML provider and the CAS server have this beginning as well. Whom another site leads to either of these sees
 * our own page first.
 */
function start(app: App, limit: FlowLimit, landing: Landing): PlainRoute {
  return {
    path: '/oauth/:service',
    async run(request) {
      const tooMany = limit('start', request);
      if (tooMany !== undefined) return tooMany;
      let returnTo: string | undefined;
      const service = serviceOf(request);
      try {
        const { loginClient, link, ...query } = textsOf(request.query);
        const client = loginClient === 'mobile' || loginClient === 'desktop' ? loginClient : undefined;
        returnTo = 'return' in query ? whereTo(app, query['return']) : undefined;
        if (isLedByStranger(request.headers).held) {
          if (link !== undefined) return sentTo(addressOf(app, '/account/identities'));
          if (returnTo !== undefined) return sentTo(addressOf(app, `/sign-in?return=${encodeURIComponent(returnTo)}`));
        }
        const isProvider = app.external.providers.find(service) !== undefined;
        const way = !isProvider && (service === 'saml' || service === 'cas') ? service : undefined;
        const { address, browser } =
          way === undefined || returnTo === undefined
            ? await app.browserFlow.leave(service, { client, returnTo, link })
            : await app.browserFlow.leaveForPage(way, returnTo);
        return sentTo(address, flowCookie(app, browser));
      } catch (cause) {
        return returnTo === undefined
          ? refusalPage(app, request, cause)
          : landing.refused(request, cause, { service, returnTo });
      }
    },
  };
}

/**
 * `/oauth/<service>/callback`: where it ends. What a provider posts (Apple) comes across sites, and the cookie, which is
 * `SameSite=Lax`, does not come with it. So it is kept for a minute, and the browser is sent here once more: that request
 * is a GET and brings the cookie, without which nothing is looked at. What was posted stands in no address.
 */
function callback(app: App, limit: FlowLimit, landing: Landing): PlainRoute {
  return {
    path: '/oauth/:service/callback',
    countsItself: true,
    async run(request) {
      const tooMany = limit('callback', request);
      if (tooMany !== undefined) return tooMany;
      try {
        const { brought, ...given } = textsOf(request.query);
        const params = brought === undefined ? given : await app.browserFlow.takeBrought(brought);
        return await cameBack(app, request, params, landing);
      } catch (cause) {
        return refusalPage(app, request, cause);
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
        return refusalPage(app, request, cause);
      }
    },
  };
}

async function cameBack(app: App, request: PlainRequest, params: Texts, landing: Landing): Promise<PlainAnswer> {
  const caller = { ...request.caller, door: 'page' } as const;
  const back = await app.browserFlow.comeBack(serviceOf(request), params, flowCookieIn(app, request.headers), caller);
  const { client, returnTo } = back;
  const root = rootOf(app);
  if ('linkSecret' in back) return sentTo(`${root}/account/identities#link=${back.linkSecret ?? 'refused'}`);
  if ('refused' in back) {
    return landing.refused(request, back.refused, { service: serviceOf(request), returnTo: returnTo ?? '/' });
  }
  if ('challengeId' in back) {
    const query = client === undefined ? '' : `?loginClient=${client}`;
    return sentTo(`${root}/2fa/${back.method}/${back.challengeId}${query}`);
  }
  if (returnTo !== undefined) {
    return await landing.opened(request, await app.session.redeemCode(back.code, caller), returnTo);
  }
  return sentTo(`${root}/home?loginCode=${back.code}${client === undefined ? '' : `&loginClient=${client}`}`);
}

function whereTo(app: App, given: string | undefined): string {
  return returnAddress(given, app.settings.get('Countersign_Return_Origins'));
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
