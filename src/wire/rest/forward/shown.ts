import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../../../app.ts';
import { Fault } from '../../../core/fault.ts';
import type { Signed } from '../../../core/session/token.ts';
import { pageCookieIn } from '../../shapes/page-cookie.ts';
import { header } from '../admit.ts';

/** Who a forwarded request comes from. `refused`: somebody who is known, and whose credential is not good for this. */
export type Shown = { readonly signed: Signed } | { readonly nobody: true } | { readonly refused: true };

const longest = 512;

/**
 * Who stands behind the credentials of a forwarded request: the pair of headers that Rocket.Chat's clients send, else the
 * cookie of a browser that is signed in at our own pages. A pair that does not hold is never made good by a cookie.
 * @param address where the client is, as trusted proxies tell
 * @throws Fault `unavailable`, `busy`
 */
export async function shownBy(app: App, headers: IncomingHttpHeaders, address: string): Promise<Shown> {
  const asked = headers['x-auth-token'] ?? headers['x-user-id'];
  if (asked !== undefined) return await byPair(app, headers, address);
  const cookie = pageCookieIn(app, headers);
  const found = cookie === undefined ? undefined : await app.page.find(cookie);
  return found === undefined ? { nobody: true } : { signed: found.signed };
}

async function byPair(app: App, headers: IncomingHttpHeaders, address: string): Promise<Shown> {
  const accountId = header(headers, 'x-user-id', longest);
  const token = header(headers, 'x-auth-token', longest);
  if (accountId === undefined || token === undefined) return { nobody: true };
  try {
    return { signed: await app.session.authenticate(accountId, token, { address }) };
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    if (cause.code === 'not-signed-in') return { nobody: true };
    if (cause.code === 'unavailable' || cause.code === 'busy') throw cause;
    return { refused: true };
  }
}
