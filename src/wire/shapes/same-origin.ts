import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../../app.ts';

/**
 * Whether a form was sent by a page of ours, and not by a stranger's who has somebody signed in, out, or to a consent
 * without their will. Browsers say so in `Sec-Fetch-Site`, over plain HTTP in `Origin` alone; a program that says neither
 * has no cookie of anybody else.
 */
export function isFromOurPage({ settings }: App, headers: IncomingHttpHeaders): { readonly held: boolean } {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return { held: site === 'same-origin' };
  return { held: origin === undefined || origin === URL.parse(settings.get('Site_Url'))?.origin };
}

/**
 * The same for a consent: every browser says where a form comes from, one way or the other, and a program that says neither
 * has no business here.
 */
export function isSurelyFromOurPage(app: App, headers: IncomingHttpHeaders): { readonly held: boolean } {
  const isSaid = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  return { held: isSaid && isFromOurPage(app, headers).held };
}

/**
 * Whether a page of another origin leads the browser here. Then nothing begins that ends with somebody signed in, or that
 * joins: the session at the provider may be one that the same page has planted. An address that was typed or kept comes from
 * nowhere, and over plain HTTP browsers do not say.
 */
export function isLedByStranger(headers: IncomingHttpHeaders): { readonly held: boolean } {
  const site = headers['sec-fetch-site'];
  return { held: site !== undefined && site !== 'same-origin' && site !== 'none' };
}
