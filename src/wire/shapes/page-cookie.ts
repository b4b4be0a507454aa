import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../../app.ts';

/** The cookie by which a browser stays signed in at our own pages; the JSON API never reads it (design §3.13). */
const pageName = 'countersign_session';

/** What it holds: a token's 43 characters. */
const form = /^[\w-]{43}$/u;

/** What the cookie of a signed-in browser holds; undefined where there is none. */
export function pageCookieIn(headers: IncomingHttpHeaders): string | undefined {
  return tokenCookieIn(headers, pageName);
}

/**
 * What a cookie of ours holds: a token's 43 characters.
 * @returns undefined where there is none, or none of ours; of two with the name, one of which another host of the domain
 *   may have planted, neither is believed
 */
export function tokenCookieIn({ cookie }: IncomingHttpHeaders, name: string): string | undefined {
  if (cookie === undefined || cookie.length > 16_384) return undefined;
  const found = cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [text] = found;
  return text !== undefined && found.every((other) => other === text) && form.test(text) ? text : undefined;
}

/** @param text as `app.page.open` made it. @returns the value of a `Set-Cookie` header */
export function pageCookie(app: App, text: string): string {
  return `${pageName}=${text}${attributesOf(app)}`;
}

/** The value of a `Set-Cookie` header that takes the cookie away. */
export function noPageCookie(app: App): string {
  return `${pageName}=${attributesOf(app)}; Max-Age=0`;
}

/** It ends with the browser; the session behind it may end before that. */
function attributesOf({ settings }: App): string {
  const domain = settings.get('Countersign_Page_Cookie_Domain').trim().toLowerCase();
  return [
    '; Path=/; HttpOnly; SameSite=Lax',
    settings.get('Site_Url').startsWith('https://') ? '; Secure' : '',
    // Whatever is no name of a host would end the attribute and begin another.
    /^\.?[\da-z](?:[\da-z.-]{0,251}[\da-z])?$/u.test(domain) ? `; Domain=${domain}` : '',
  ].join('');
}
