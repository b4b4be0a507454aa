import type { ServerResponse } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { App } from '../../app.ts';
import { escapeHtml, type Page, page } from '../shapes/page.ts';
import { bareHeaders } from './bare-headers.ts';

/** Sentences for what an application, or a link, got wrong; nothing else is told (RFC 6749 §4.1.2.1). */
const sentences: Readonly<Record<string, string>> = {
  invalid_client: 'The application that sent you here is not known here, or is switched off.',
  invalid_redirect_uri: 'The application that sent you here wants you back at an address that is not its own.',
  invalid_request:
    'The address that brought you here is not complete, or it is too old. Begin again at the application.',
};

/** A page for an error that no application can be told of. */
export function errorPage(app: App, ctx: KoaContextWithOIDC, error: string): void {
  show(ctx, errorAnswer(app, error, ctx.status));
}

/** @param error the word of OAuth for it */
export function errorAnswer(app: App, error: string, status: number): Page {
  const title = 'This cannot go on';
  const sentence = sentences[error] ?? 'Something is wrong with the address that brought you here.';
  const word = /^[a-z_]{1,64}$/u.test(error) ? `\n<p>For its administrator: <code>${error}</code></p>` : '';
  return page(app, title, `<h1>${title}</h1>\n<p>${sentence}</p>${word}`, { status });
}

/** Asks whoever an application wants to sign out. @param form the provider's own, with what proves that it made it */
export function logOutPage(app: App, ctx: KoaContextWithOIDC, form: string): void {
  const title = 'Sign out';
  const name = ctx.oidc.client?.clientName;
  const who = name === undefined ? 'An application' : `<strong>${escapeHtml(name)}</strong>`;
  const answer = page(
    app,
    title,
    `<h1>${title}</h1>
<p>${who} asks whether you want to sign out from ${escapeHtml(app.settings.get('Site_Name'))}. The other applications that
this browser is signed in to by your account here are told as well.</p>
${form}
<button form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<p><button form="op.logoutForm">Stay signed in</button></p>`,
    { sendsForm: true },
  );
  show(ctx, leadingOn(answer));
}

export function signedOutPage(app: App, ctx: KoaContextWithOIDC): void {
  show(ctx, page(app, 'Done', '<h1>Done</h1>\n<p>You can close this page.</p>'));
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
