import type { App } from '../../../app.ts';
import { escapeHtml } from '../../shapes/escape-html.ts';
import { returnAddress } from '../../shapes/local-path.ts';
import { page } from '../../shapes/page.ts';
import { noPageCookie, pageCookieIn } from '../../shapes/page-cookie.ts';
import { isFromOurPage } from '../../shapes/same-origin.ts';
import { type Speech, speechOf } from '../../shapes/speech.ts';
import type { PlainAnswer, PlainRoute } from './plain-route.ts';
import { addressOf } from './sent-to.ts';

/** `/sign-out[?return=<path>]`: ends the session behind the browser's cookie. Opening the page ends nothing yet. */
export function signOut(app: App): PlainRoute {
  const whereTo = (given: unknown): string | undefined => {
    const address = returnAddress(given, app.settings.get('Countersign_Return_Origins'));
    return address === '/' ? undefined : address;
  };
  return {
    path: '/sign-out',
    async run({ headers, query }) {
      const cookie = pageCookieIn(app, headers);
      const found = cookie === undefined ? undefined : await app.page.find(cookie);
      const speech = speechOf(app, headers);
      if (found === undefined) return signedOut(app, speech, whereTo(query['return']));
      const name = escapeHtml(found.signed.account.username ?? '');
      const answer = page(
        app,
        speech.say('signOut'),
        `<h1>${speech.html('signOut')}</h1>
<p>${speech.html('signedInAs', { name: `<strong>${name}</strong>` })} ${speech.html('signOutTells')}</p>
<form method="post">
<input type="hidden" name="return" value="${escapeHtml(whereTo(query['return']) ?? '')}">
<button autofocus>${speech.html('signOut')}</button>
</form>`,
        { sendsForm: true, speech },
      );
      return { ...answer, headers: { ...answer.headers, 'Referrer-Policy': 'same-origin' } };
    },
    async post({ headers, caller }, form) {
      const speech = speechOf(app, headers);
      if (!isFromOurPage(app, headers).held) {
        const body = `<h1>${speech.html('signOut')}</h1>\n<p>${speech.html('nothingHappened')}</p>`;
        return page(app, speech.say('signOut'), body, { status: 403, speech });
      }
      const cookie = pageCookieIn(app, headers);
      if (cookie !== undefined) await app.page.logOut(cookie, { ...caller, door: 'page' });
      const answer = signedOut(app, speech, whereTo(form['return']));
      return { ...answer, headers: { ...answer.headers, 'Set-Cookie': noPageCookie(app) } };
    },
  };
}

function signedOut(app: App, speech: Speech, returnTo: string | undefined): PlainAnswer {
  const to = escapeHtml(addressOf(app, returnTo ?? '/sign-in'));
  const words = speech.html(returnTo === undefined ? 'signInAgain' : 'goOn');
  const body = `<h1>${speech.html('signedOut')}</h1>\n<p><a href="${to}">${words}</a></p>`;
  return page(app, speech.say('signedOut'), body, { speech });
}
