import type { App } from '../../../app.ts';
import type { Application } from '../../../core/application/application.ts';
import type { Signed } from '../../../core/session/token.ts';
import { escapeHtml } from '../../shapes/escape-html.ts';
import { page } from '../../shapes/page.ts';
import { speechOf } from '../../shapes/speech.ts';
import type { WordKey } from '../../shapes/words/en.ts';
import type { PlainAnswer, PlainRequest } from './plain-route.ts';
import { addressOf } from './sent-to.ts';

/** What a consent page shows. */
export interface ShownConsent {
  readonly application: Application;
  readonly redirect: string;
  readonly signed: Signed;
  /** What its form sends. */
  readonly form: string;
  /** Where somebody else signs in. */
  readonly again: string;
}

/** Asks whether an application may speak for whoever is signed in. */
export function consentPage(
  app: App,
  { headers }: PlainRequest,
  { application, redirect, signed, form, again }: ShownConsent,
): PlainAnswer {
  const speech = speechOf(app, headers);
  const name = `<strong>${escapeHtml(application.name)}</strong>`;
  const site = escapeHtml(app.settings.get('Site_Name'));
  const person = escapeHtml(signed.account.username ?? signed.account.name ?? signed.account.id);
  const answer = page(
    app,
    speech.say('consentTitle', { application: application.name }),
    `<h1>${speech.html('consentTitle', { application: escapeHtml(application.name) })}</h1>
<p>${speech.html(reach(application), { application: name, site })}</p>
<p>${speech.html('signedInAs', { name: `<strong>${person}</strong>` })} <a href="${escapeHtml(again)}">${speech.html('somebodyElse')}</a></p>
<p>${speech.html('sentToAfterwards', { place: `<strong>${escapeHtml(placeOf(redirect))}</strong>` })}</p>
<form method="post" action="${escapeHtml(addressOf(app, '/oauth/authorize'))}">
<input type="hidden" name="consent" value="${escapeHtml(form)}">
<button name="allow" value="yes">${speech.html('allow')}</button>
<button name="allow" value="no" class="other">${speech.html('doNotAllow')}</button>
</form>`,
    { sendsForm: true, speech },
  );
  // Over plain HTTP a browser says only so where a form comes from.
  return { ...answer, headers: { ...answer.headers, 'Referrer-Policy': 'same-origin' } };
}

/** What stands where a form was answered that does not count. */
export function staleConsentPage(app: App, { headers }: PlainRequest): PlainAnswer {
  const speech = speechOf(app, headers);
  const body = `<h1>${speech.html('staleTitle')}</h1>\n<p>${speech.html('staleText')}</p>`;
  return page(app, speech.say('staleTitle'), body, { status: 400, speech });
}

function reach({ options }: Application): WordKey {
  if (options.permissions === undefined) return 'consentAll';
  return options.permissions.length === 0 ? 'consentNone' : 'consentSome';
}

/** The part of an address that says who is behind it. */
function placeOf(redirect: string): string {
  const url = URL.parse(redirect);
  return url === null || url.host === '' ? redirect.replace(/[/?].*$/u, '') : url.host;
}
