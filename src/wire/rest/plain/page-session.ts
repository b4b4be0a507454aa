import type { App } from '../../../app.ts';
import { Fault } from '../../../core/fault.ts';
import type { Caller } from '../../../core/ports.ts';
import { restrictionOf } from '../../../core/session/restricted.ts';
import type { Signed } from '../../../core/session/token.ts';
import { flowCookieIn } from '../../shapes/flow-cookie.ts';
import { returnAddress } from '../../shapes/local-path.ts';
import { pageCookie, pageCookieIn } from '../../shapes/page-cookie.ts';
import { isSurelyFromOurPage } from '../../shapes/same-origin.ts';
import { header, isNobodys } from '../admit.ts';
import type { FlowLimit } from './flow-limit.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';
import { addressOf } from './sent-to.ts';

/**
 * How our own pages stay signed in (design §3.13): the only place that reads their cookie and answers a token, which is
 * good for minutes and lives in memory. Everything else they do goes through the JSON API, which reads no cookie.
 */
export function pageSession(app: App, limit: FlowLimit): readonly PlainRoute[] {
  return [keep(app, limit), resume(app, limit)];
}

const posted: PlainRoute['run'] = () => answer(405, { error: 'method-not-allowed' });

/**
 * `POST /session/keep`, with the headers of a session that a page has just opened: the browser stays signed in by it. Of the
 * form, `return` is where the person wants to go, `challenge` the sign-in at a provider that a second factor has ended, whose
 * own place is taken where this browser began it, and `join` with `password` joins what the browser brought from a provider
 * and could not sign in with. The answer says where the browser goes then, and what is to be done before.
 */
function keep(app: App, limit: FlowLimit): PlainRoute {
  return {
    path: '/session/keep',
    countsItself: true,
    run: posted,
    async post(request, form) {
      const refused = strangers(app, request) ?? limit('page', request);
      if (refused !== undefined) return refused;
      const caller = { ...request.caller, door: 'page' } as const;
      const id = header(request.headers, 'x-user-id', 512) ?? '';
      const text = header(request.headers, 'x-auth-token', 512) ?? '';
      try {
        const signed = await app.session.authenticate(id, text, {
          address: caller.address,
          enrol: true,
          passwordChange: true,
        });
        const cookie = await app.page.keep(signed);
        const before = pageCookieIn(app, request.headers);
        if (before !== undefined) await app.page.leave(before, signed, caller);
        const flow = flowCookieIn(app, request.headers);
        const half = await app.browserFlow.pageHalfOf(form['challenge'] ?? '', flow);
        const joined = form['join'] === '1' ? await isJoined(app, signed, flow, form['password'] ?? '', caller) : {};
        const body = {
          ...told(app, signed),
          ...joined,
          returnTo: addressOf(app, half ?? whereTo(app, form['return'])),
        };
        return answer(200, body, { 'Set-Cookie': pageCookie(app, cookie) });
      } catch (cause) {
        if (cause instanceof Fault && isNobodys.has(cause.code)) return answer(401, { error: cause.code });
        throw cause;
      }
    },
  };
}

/** Whoever could sign in is signed in, whatever has become of what they wanted to join. */
async function isJoined(
  app: App,
  signed: Signed,
  flow: string | undefined,
  password: string,
  caller: Caller,
): Promise<{ readonly joined: boolean }> {
  try {
    await app.page.join(signed, flow, password, caller);
    return { joined: true };
  } catch (cause) {
    if (cause instanceof Fault) return { joined: false };
    throw cause;
  }
}

/**
 * `POST /session/resume`: who the browser is signed in as; `{ signedIn: false }` for nobody. With `return` in its form the
 * answer says where that person may go.
 */
function resume(app: App, limit: FlowLimit): PlainRoute {
  return {
    path: '/session/resume',
    countsItself: true,
    run: posted,
    async post(request, form) {
      const refused = strangers(app, request) ?? limit('page', request);
      if (refused !== undefined) return refused;
      const cookie = pageCookieIn(app, request.headers);
      const found = cookie === undefined ? undefined : await app.page.findWaiting(cookie);
      if (found === undefined) return answer(200, { signedIn: false });
      const returnTo = 'return' in form ? { returnTo: addressOf(app, whereTo(app, form['return'])) } : {};
      return answer(200, { ...told(app, found.signed), ...returnTo });
    },
  };
}

function told(app: App, signed: Signed): object {
  const { text, endsAt } = app.page.tokenFor(signed);
  const duty = restrictionOf(signed);
  return {
    signedIn: true,
    userId: signed.account.id,
    authToken: text,
    endsInMs: endsAt - app.clock.now(),
    ...(duty === undefined ? {} : { duty }),
  };
}

function whereTo(app: App, given: string | undefined): string {
  return returnAddress(given, app.settings.get('Countersign_Return_Origins'));
}

/** Asked before anything is counted: what a page elsewhere has a browser send uses nothing up. */
function strangers(app: App, { headers }: PlainRequest): PlainAnswer | undefined {
  return isSurelyFromOurPage(app, headers).held ? undefined : answer(403, { error: 'not-from-our-page' });
}

function answer(status: number, body: object, more: Readonly<Record<string, string>> = {}): PlainAnswer {
  const headers = { 'Content-Type': 'application/json', 'Referrer-Policy': 'no-referrer', ...more };
  return { status, text: JSON.stringify(body), headers };
}
