import { createHash } from 'node:crypto';
import type { App } from '../../../app.ts';
import { Fault } from '../../../core/fault.ts';
import { flowCookieIn } from '../../shapes/flow-cookie.ts';
import type { FlowLimit } from './flow-limit.ts';
import type { Landing } from './page-landing.ts';
import type { PlainAnswer, PlainRoute } from './plain-route.ts';
import { landedAtPage } from './saml.ts';

const script = 'window.close()';
const scriptHash = createHash('sha256').update(script).digest('base64');

/** The window closes itself, whatever came of it: the client asks for the rest (providers.md §6). */
const closes: PlainAnswer = {
  status: 200,
  text: `<html><head><script>${script}</script></head></html>`,
  headers: {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `default-src 'none'; script-src 'sha256-${scriptHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
  },
};

const longestLogout = 16_384;

/**
 * Where a CAS server sends a browser with a ticket, and tells that the session of one has ended.
 * @param limit counts browsers
 * @param messageLimit counts what the server tells, which it does for everybody
 * @param landing where browsers end that our own pages have sent there
 */
export function cas(app: App, limit: FlowLimit, messageLimit: FlowLimit, landing: Landing): PlainRoute {
  return {
    path: '/_cas/:token',
    countsItself: true,
    async run(request) {
      const tooMany = limit('cas', request);
      if (tooMany !== undefined) return tooMany;
      const { ticket } = request.query;
      const token = request.params['token'] ?? '';
      const returnTo = await app.browserFlow.pageErrandOf('cas', token, flowCookieIn(app, request.headers));
      try {
        const caller = { ...request.caller, door: 'page' } as const;
        await app.cas.take(token, typeof ticket === 'string' ? ticket : '', caller);
      } catch (cause) {
        if (returnTo !== undefined) return landing.refused(request, cause, { service: 'cas', returnTo });
        if (!(cause instanceof Fault)) throw cause;
      }
      if (returnTo === undefined) return closes;
      return await landedAtPage(app, landing, request, { way: 'cas', token, returnTo });
    },
    async post(request, { logoutRequest = '' }) {
      const tooMany = messageLimit('cas-logout', request);
      if (tooMany !== undefined) return tooMany;
      if (logoutRequest.length > longestLogout) return { status: 413, text: '' };
      try {
        await app.cas.end(logoutRequest, { ...request.caller, door: 'server' });
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
      }
      return { status: 200, text: '' };
    },
  };
}
