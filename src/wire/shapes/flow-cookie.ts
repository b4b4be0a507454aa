import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../../app.ts';
import { hostCookie, tokenCookieIn } from './page-cookie.ts';

/** The cookie that binds a browser to the sign-in that it has begun (providers.md §2.7). */
const name = 'oauth';

const lifeSeconds = 300;

/** What the cookie of a browser that went to a provider holds; undefined where there is none. */
export function flowCookieIn(app: App, headers: IncomingHttpHeaders): string | undefined {
  return tokenCookieIn(headers, hostCookie(app, name));
}

/** @param text as `app.browserFlow.leave` made it. @param seconds how long it is kept. @returns the value of a `Set-Cookie` header */
export function flowCookie(app: App, text: string, seconds = lifeSeconds): string {
  const secure = app.settings.get('Site_Url').startsWith('https://') ? '; Secure' : '';
  return `${hostCookie(app, name)}=${text}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
}
