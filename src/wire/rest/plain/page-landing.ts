import type { App } from '../../../app.ts';
import { Fault } from '../../../core/fault.ts';
import type { LoggedIn } from '../../../core/session/log-in.ts';
import type { HalfOrWhole } from '../../../core/session/log-in-or-pend.ts';
import { restrictionOf } from '../../../core/session/restricted.ts';
import { flowCookie, flowCookieIn } from '../../shapes/flow-cookie.ts';
import { loginServiceDocuments } from '../../shapes/login-services.ts';
import { pageCookie, pageCookieIn } from '../../shapes/page-cookie.ts';
import { refusalPage, toldCodes } from './flow-refusal.ts';
import type { PlainAnswer, PlainRequest } from './plain-route.ts';
import { firstMethod, waitingAddress } from './second-factor-page.ts';
import { addressOf, sentTo } from './sent-to.ts';

/** Where a browser ends whose sign-in at a provider our own pages have begun. */
export interface Landing {
  /** Signs it in; whom it belonged to is signed out. */
  opened(request: PlainRequest, loggedIn: LoggedIn, returnTo: string): Promise<PlainAnswer>;
  /** The same, or on to the page that asks for the second factor. */
  came(request: PlainRequest, done: HalfOrWhole, returnTo: string): Promise<PlainAnswer>;
  /** Says why nobody is signed in. @throws what is no refusal */
  refused(
    request: PlainRequest,
    cause: unknown,
    from: { readonly service: string; readonly returnTo: string },
  ): PlainAnswer;
}

/** So long somebody has to prove the account that has the address already. */
const joinSeconds = 600;

/** @param hasPages whether there are pages with script: they say more, and have people do what is asked of them first */
export function landing(app: App, hasPages: boolean): Landing {
  const opened: Landing['opened'] = async (request, loggedIn, returnTo) => {
    const caller = { ...request.caller, door: 'page' } as const;
    const restriction = restrictionOf(loggedIn);
    if (restriction !== undefined && !hasPages) {
      await app.session.logOut(loggedIn, caller);
      return refusalPage(app, request, new Fault(restriction));
    }
    const before = pageCookieIn(app, request.headers);
    if (before !== undefined) await app.page.leave(before, loggedIn, caller);
    const to = restriction === undefined ? returnTo : signInPage({ return: returnTo });
    return sentTo(addressOf(app, to), pageCookie(app, await app.page.open(loggedIn)));
  };
  return {
    opened,
    async came(request, done, returnTo) {
      if ('loggedIn' in done) return await opened(request, done.loggedIn, returnTo);
      const { challengeId, accountId, facts } = done;
      const browser = await app.page.waitForFactor(challengeId, accountId, returnTo);
      const methods = Array.isArray(facts['availableMethods']) ? facts['availableMethods'] : [];
      return sentTo(waitingAddress(app, challengeId, firstMethod(facts), methods), flowCookie(app, browser));
    },
    refused({ headers }, cause, { service, returnTo }) {
      if (!hasPages || !(cause instanceof Fault)) return refusalPage(app, { headers }, cause);
      const isKnown = loginServiceDocuments(app).some((document) => document.service === service);
      const to = signInPage({
        again: '1',
        refused: toldCodes.has(cause.code) ? cause.code : 'other',
        ...(isKnown ? { service } : {}),
        return: returnTo,
      });
      const browser = cause.code === 'identity-address-taken' ? flowCookieIn(app, headers) : undefined;
      return sentTo(addressOf(app, to), browser === undefined ? undefined : flowCookie(app, browser, joinSeconds));
    },
  };
}

function signInPage(query: Readonly<Record<string, string>>): string {
  return `/sign-in?${new URLSearchParams(query).toString()}`;
}
