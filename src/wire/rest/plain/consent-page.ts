import type { App } from '../../../app.ts';
import type { Application } from '../../../core/application/application.ts';
import type { Signed } from '../../../core/session/token.ts';
import { escapeHtml, page } from '../../shapes/page.ts';
import type { PlainAnswer } from './plain-route.ts';
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
export function consentPage(app: App, { application, redirect, signed, form, again }: ShownConsent): PlainAnswer {
  const name = escapeHtml(application.name);
  const site = escapeHtml(app.settings.get('Site_Name'));
  const person = escapeHtml(signed.account.username ?? signed.account.name ?? signed.account.id);
  const answer = page(
    app,
    `Let ${application.name} in?`,
    `<h1>Let ${name} in?</h1>
<p><strong>${name}</strong> wants to know who you are on ${site}, and to act for you there${reach(application)}. It cannot
change your password, your second factors or your tokens. You can take this back at any time.</p>
<p>You are signed in as <strong>${person}</strong>. <a href="${escapeHtml(again)}">Somebody else?</a></p>
<p>Afterwards you are sent to <strong>${escapeHtml(placeOf(redirect))}</strong>.</p>
<form method="post" action="${escapeHtml(addressOf(app, '/oauth/authorize'))}">
<input type="hidden" name="consent" value="${escapeHtml(form)}">
<button name="allow" value="yes">Allow</button>
<button name="allow" value="no">Do not allow</button>
</form>`,
    { sendsForm: true },
  );
  // Over plain HTTP a browser says only so where a form comes from.
  return { ...answer, headers: { ...answer.headers, 'Referrer-Policy': 'same-origin' } };
}

/** What stands where a form was answered that does not count. */
export function staleConsentPage(app: App): PlainAnswer {
  const title = 'Nothing was agreed';
  return page(
    app,
    title,
    `<h1>${title}</h1>\n<p>The page was answered already, it is too old, or you have signed in again since. Go back to the service that sent\nyou here, and begin again.</p>`,
    { status: 400 },
  );
}

function reach({ options }: Application): string {
  if (options.permissions === undefined) return ' with all your rights';
  return options.permissions.length === 0 ? ' without any special right' : ' with some of your rights';
}

/** The part of an address that says who is behind it. */
function placeOf(redirect: string): string {
  const url = URL.parse(redirect);
  return url === null || url.host === '' ? redirect.replace(/[/?].*$/u, '') : url.host;
}
