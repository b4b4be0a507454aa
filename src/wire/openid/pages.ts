import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { App } from '../../app.ts';
import { escapeHtml } from '../shapes/escape-html.ts';
import { type Page, page } from '../shapes/page.ts';
import { speechOf } from '../shapes/speech.ts';
import type { WordKey } from '../shapes/words/en.ts';
import { bareHeaders } from './bare-headers.ts';

/** Sentences for what an application, or a link, got wrong; nothing else is told (RFC 6749 §4.1.2.1). */
const sentences: Readonly<Record<string, WordKey>> = {
  invalid_client: 'invalidClient',
  invalid_redirect_uri: 'invalidRedirect',
  invalid_request: 'invalidRequest',
};

/** A page for an error that no application can be told of. */
export function errorPage(app: App, ctx: KoaContextWithOIDC, error: string): void {
  show(ctx, errorAnswer(app, ctx.req, error, ctx.status));
}

/** @param error the word of OAuth for it */
export function errorAnswer(app: App, { headers }: IncomingMessage, error: string, status: number): Page {
  const speech = speechOf(app, headers);
  const sentence = (Object.hasOwn(sentences, error) ? sentences[error] : undefined) ?? 'invalidOther';
  const isWord = /^[a-z_]{1,64}$/u.test(error);
  const word = isWord
    ? `\n<p class="quiet">${speech.html('forAdministrator', { word: `<code>${error}</code>` })}</p>`
    : '';
  const body = `<h1>${speech.html('cannotGoOn')}</h1>\n<p>${speech.html(sentence)}</p>${word}`;
  return page(app, speech.say('cannotGoOn'), body, { status, speech });
}

/** Asks whoever an application wants to sign out. @param form the provider's own, with what proves that it made it */
export function logOutPage(app: App, ctx: KoaContextWithOIDC, form: string): void {
  const speech = speechOf(app, ctx.req.headers);
  const name = ctx.oidc.client?.clientName;
  const application = name === undefined ? speech.html('anApplication') : `<strong>${escapeHtml(name)}</strong>`;
  const site = escapeHtml(app.settings.get('Site_Name'));
  const answer = page(
    app,
    speech.say('signOut'),
    `<h1>${speech.html('signOut')}</h1>
<p>${speech.html('asksToLeave', { application, site })}</p>
${form}
<button form="op.logoutForm" name="logout" value="yes" autofocus>${speech.html('signOut')}</button>
<button form="op.logoutForm" class="other">${speech.html('staySignedIn')}</button>`,
    { sendsForm: true, speech },
  );
  show(ctx, leadingOn(answer));
}

export function signedOutPage(app: App, ctx: KoaContextWithOIDC): void {
  const speech = speechOf(app, ctx.req.headers);
  const body = `<h1>${speech.html('done')}</h1>\n<p>${speech.html('canClose')}</p>`;
  show(ctx, page(app, speech.say('done'), body, { speech }));
}

/** Sends a page outside of the provider. */
export function send(response: ServerResponse, { status, headers, text }: Page): void {
  response.writeHead(status, { ...bareHeaders, ...headers, 'Content-Length': Buffer.byteLength(text) }).end(text);
}

/** A form whose answer leads to an application: browsers would not follow it where forms are bound to this server. */
function leadingOn(answer: Page): Page {
  const { headers } = answer;
  const policy = headers['Content-Security-Policy']?.replace(" form-action 'self';", '') ?? '';
  return { ...answer, headers: { ...headers, 'Content-Security-Policy': policy, 'Referrer-Policy': 'same-origin' } };
}

function show(ctx: KoaContextWithOIDC, { status, headers, text }: Page): void {
  ctx.status = status;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
  ctx.body = text;
}
