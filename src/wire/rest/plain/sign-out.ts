import type { App } from '../../../app.ts';
import { returnAddress } from '../../shapes/local-path.ts';
import { escapeHtml, page } from '../../shapes/page.ts';
import { noPageCookie, pageCookieIn } from '../../shapes/page-cookie.ts';
import { isFromOurPage } from '../../shapes/same-origin.ts';
import type { PlainAnswer, PlainRoute } from './plain-route.ts';
import { addressOf } from './sent-to.ts';

const title = 'Sign out';

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
      if (found === undefined) return signedOut(app, whereTo(query['return']));
      const name = escapeHtml(found.signed.account.username ?? '');
      const answer = page(
        app,
        title,
        `<h1>${title}</h1>
<p>You are signed in as <strong>${name}</strong>. Applications that this browser is signed in to by your account here are
told that you leave.</p>
<form method="post">
<input type="hidden" name="return" value="${escapeHtml(whereTo(query['return']) ?? '')}">
<button autofocus>Sign out</button>
</form>`,
        { sendsForm: true },
      );
      return { ...answer, headers: { ...answer.headers, 'Referrer-Policy': 'same-origin' } };
    },
    async post({ headers, caller }, form) {
      if (!isFromOurPage(app, headers).held) {
        return page(
          app,
          title,
          `<h1>${title}</h1>\n<p>This form was not sent by this page. Nothing has happened.</p>`,
          {
            status: 403,
          },
        );
      }
      const cookie = pageCookieIn(app, headers);
      if (cookie !== undefined) await app.page.logOut(cookie, { ...caller, door: 'page' });
      const answer = signedOut(app, whereTo(form['return']));
      return { ...answer, headers: { ...answer.headers, 'Set-Cookie': noPageCookie(app) } };
    },
  };
}

function signedOut(app: App, returnTo: string | undefined): PlainAnswer {
  const to = escapeHtml(addressOf(app, returnTo ?? '/sign-in'));
  const words = returnTo === undefined ? 'Sign in again' : 'Go on';
  return page(app, 'You are signed out', `<h1>You are signed out</h1>\n<p><a href="${to}">${words}</a></p>`);
}
