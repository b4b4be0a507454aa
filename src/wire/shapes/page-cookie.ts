import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../../app.ts';

/** The cookie by which a browser stays signed in at our own pages; the JSON API never reads it (design §3.13). */
const pageName = 'countersign_session';

/** What it holds: a token's 43 characters. */
const form = /^[\w-]{43}$/u;

/** What the cookie of a signed-in browser holds; undefined where there is none. */
export function pageCookieIn(app: App, headers: IncomingHttpHeaders): string | undefined {
  return tokenCookieIn(headers, nameOf(app));
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
  return `${nameOf(app)}=${text}${attributesOf(app)}`;
}

/** The value of a `Set-Cookie` header that takes the cookie away. */
export function noPageCookie(app: App): string {
  return `${nameOf(app)}=${attributesOf(app)}; Max-Age=0`;
}

function nameOf(app: App): string {
  return domainOf(app) === '' ? hostCookie(app, pageName) : pageName;
}

/** The name of a cookie that no other host of the domain can plant (RFC 6265bis §4.1.3.2), where TLS lets us use it. */
export function hostCookie({ settings }: App, name: string): string {
  return settings.get('Site_Url').startsWith('https://') ? `__Host-${name}` : name;
}

/** The domain that the operator shares it with; `''` for this host alone. */
function domainOf({ settings }: App): string {
  const domain = settings.get('Countersign_Page_Cookie_Domain').trim().toLowerCase();
  // Whatever is no name of a host would end the attribute and begin another.
  return /^\.?[\da-z](?:[\da-z.-]{0,251}[\da-z])?$/u.test(domain) ? domain : '';
}

/** It ends with the browser; the session behind it may end before that. */
function attributesOf(app: App): string {
  const domain = domainOf(app);
  return [
    '; Path=/; HttpOnly; SameSite=Lax',
    app.settings.get('Site_Url').startsWith('https://') ? '; Secure' : '',
    domain === '' ? '' : `; Domain=${domain}`,
  ].join('');
}
