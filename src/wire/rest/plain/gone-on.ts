import type { App } from '../../../app.ts';
import { escapeHtml } from '../../shapes/escape-html.ts';
import { page } from '../../shapes/page.ts';
import { speechOf } from '../../shapes/speech.ts';
import type { WordKey } from '../../shapes/words/en.ts';
import type { PlainAnswer, PlainRequest } from './plain-route.ts';
import { addressOf } from './sent-to.ts';

/**
 * Sends a browser on that has been signed in by a form. Browsers let our forms go to this server alone, redirects
 * included: to another origin, and to where an application waits behind a redirect, the page leads itself.
 * @param returnTo as `returnAddress` let it through
 */
export function goneOn(app: App, request: PlainRequest, returnTo: string, cookie: string): PlainAnswer {
  const address = addressOf(app, returnTo);
  if (returnTo.startsWith('/') && !returnTo.startsWith('/oidc/')) {
    return { status: 303, text: '', headers: { 'Location': address, 'Set-Cookie': cookie } };
  }
  const { headers, ...answer } = leadingPage(app, request, 'signedIn', address);
  return { ...answer, headers: { ...headers, 'Set-Cookie': cookie } };
}

/** A page that leads on to an address by itself. */
export function leadingPage(
  app: App,
  request: Pick<PlainRequest, 'headers'>,
  heading: WordKey,
  address: string,
): PlainAnswer {
  const speech = speechOf(app, request.headers);
  const to = escapeHtml(address);
  const body = `<meta http-equiv="refresh" content="0; url=${to}">\n<h1>${speech.html(heading)}</h1>\n<p><a href="${to}">${speech.html('goOn')}</a></p>`;
  return page(app, speech.say(heading), body, { speech });
}
