import type { App } from '../../../app.ts';
import type { Claim } from '../../../core/account/account.ts';
import { Fault } from '../../../core/fault.ts';
import type { LoggedIn } from '../../../core/session/log-in.ts';
import { flowCookie } from '../../shapes/flow-cookie.ts';
import { returnAddress } from '../../shapes/local-path.ts';
import { loginServiceDocuments } from '../../shapes/login-services.ts';
import { escapeHtml, page } from '../../shapes/page.ts';
import { pageCookie, pageCookieIn } from '../../shapes/page-cookie.ts';
import { isFromOurPage } from '../../shapes/same-origin.ts';
import { goneOn } from './gone-on.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';
import { firstMethod, waitingAddress } from './second-factor-page.ts';
import { addressOf } from './sent-to.ts';
import { refusalInWords } from './sign-in-words.ts';

/** Longer ones are nobody's. */
const longest = { user: 1024, password: 4096 };

const title = 'Sign in';

/** What a form that is shown again holds already, and what was wrong with it. */
interface Shown {
  readonly returnTo: string;
  readonly user?: string;
  readonly mistake?: { readonly status: number; readonly told: string };
}

/**
 * `/sign-in[?return=<path>][&again=1][&user=<name>]`: where a browser is signed in for our own pages, and for other
 * services that send it here. `again=1` asks also whoever is signed in already.
 */
export function signIn(app: App): PlainRoute {
  return {
    path: '/sign-in',
    async run(request) {
      const { query } = request;
      const returnTo = whereTo(app, query['return']);
      const cookie = query['again'] === '1' ? undefined : pageCookieIn(app, request.headers);
      if (cookie !== undefined && (await app.page.find(cookie)) !== undefined) {
        return { status: 303, text: '', headers: { Location: addressOf(app, returnTo) } };
      }
      const user = typeof query['user'] === 'string' ? query['user'].slice(0, longest.user) : '';
      return form(app, { returnTo, user });
    },
    async post(request, { username = '', password = '', ...fields }) {
      const returnTo = whereTo(app, fields['return']);
      const shown = { returnTo, user: username.slice(0, longest.user) };
      if (!isFromOurPage(app, request.headers).held) {
        return form(app, {
          returnTo,
          mistake: { status: 403, told: 'This form was not sent by this page. Try again.' },
        });
      }
      const name = username.trim();
      const isComplete =
        name !== '' && password !== '' && name.length <= longest.user && password.length <= longest.password;
      if (!isComplete) return form(app, { ...shown, mistake: refusalInWords(new Fault('wrong-credentials')) });
      try {
        return await signedIn(app, request, claimOf(name), password, returnTo);
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        return form(app, { ...shown, mistake: refusalInWords(cause) });
      }
    },
  };
}

async function signedIn(
  app: App,
  request: PlainRequest,
  claim: Claim,
  password: string,
  returnTo: string,
): Promise<PlainAnswer> {
  const caller = { ...request.caller, door: 'page' } as const;
  const done = await app.page.logIn(claim, { plain: password }, caller);
  if ('challengeId' in done) {
    const browser = await app.page.waitForFactor(done.challengeId, done.accountId, returnTo);
    const methods = Array.isArray(done.facts['availableMethods']) ? done.facts['availableMethods'] : [];
    const location = waitingAddress(app, done.challengeId, firstMethod(done.facts), methods);
    return { status: 303, text: '', headers: { 'Location': location, 'Set-Cookie': flowCookie(app, browser) } };
  }
  return await opened(app, request, done.loggedIn, returnTo);
}

/**
 * Opens the browser's session, or says what has to be done before; whom the browser belonged to is signed out.
 */
async function opened(app: App, request: PlainRequest, loggedIn: LoggedIn, returnTo: string): Promise<PlainAnswer> {
  const caller = { ...request.caller, door: 'page' } as const;
  const { token, account } = loggedIn;
  const told = token.enrolsOnly
    ? 'Your account needs a second factor. Sign in with the application that you use every day, set one up there, and come back.'
    : account.passwordChange === undefined
      ? undefined
      : 'Your password must be changed first. Sign in with the application that you use every day, choose a new password there, and come back.';
  if (told !== undefined) {
    await app.session.logOut(loggedIn, caller);
    return form(app, { returnTo, mistake: { status: 403, told } });
  }
  const before = pageCookieIn(app, request.headers);
  if (before !== undefined) await app.page.leave(before, loggedIn, caller);
  return goneOn(app, returnTo, pageCookie(app, await app.page.open(loggedIn)));
}

function form(app: App, { returnTo, user = '', mistake }: Shown): PlainAnswer {
  const site = escapeHtml(app.settings.get('Site_Name'));
  const hidden = `<input type="hidden" name="return" value="${escapeHtml(returnTo)}">`;
  const wrong = mistake === undefined ? '' : ' aria-invalid="true" aria-describedby="told"';
  const told = mistake === undefined ? '' : `<p id="told" class="told" role="alert">${escapeHtml(mistake.told)}</p>\n`;
  const focus = user === '' ? [' autofocus', ''] : ['', ' autofocus'];
  const fields = `${told}<form method="post">
${hidden}
<label for="username">Username or e-mail address</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="${longest.user}" value="${escapeHtml(user)}"${wrong}${focus[0]}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="${longest.password}"${wrong}${focus[1]}>
<button>Sign in</button>
</form>`;
  const others = services(app, returnTo);
  const answer = page(
    app,
    mistake === undefined
      ? `${title}: ${app.settings.get('Site_Name')}`
      : `Not signed in: ${app.settings.get('Site_Name')}`,
    `<h1>${title} to ${site}</h1>\n${others === '' || app.settings.get('Accounts_ShowFormLogin') ? fields : ''}${others}`,
    { status: mistake?.status ?? 200, sendsForm: true },
  );
  // Over plain HTTP a browser says only so where a form comes from.
  return { ...answer, headers: { ...answer.headers, 'Referrer-Policy': 'same-origin' } };
}

/** The other ways in, each a link that begins there. */
function services(app: App, returnTo: string): string {
  const query = `?return=${encodeURIComponent(returnTo)}`;
  const links = app.external.providers
    .list()
    .filter(({ showsButton }) => showsButton)
    .map(({ service, label }) => {
      const address = addressOf(app, `/oauth/${encodeURIComponent(service)}${query}`);
      return `<li><a href="${escapeHtml(address)}">${escapeHtml(label)}</a></li>`;
    });
  for (const service of ['saml', 'cas']) {
    const document = loginServiceDocuments(app).find((one) => one.service === service);
    if (document === undefined || document['showButton'] === false) continue;
    const label = document['buttonLabelText'];
    const words = typeof label === 'string' && label !== '' ? label : service.toUpperCase();
    links.push(
      `<li><a href="${escapeHtml(addressOf(app, `/oauth/${service}${query}`))}">${escapeHtml(words)}</a></li>`,
    );
  }
  return links.length === 0 ? '' : `\n<h2>Other ways to sign in</h2>\n<ul>\n${links.join('\n')}\n</ul>`;
}

function claimOf(name: string): Claim {
  return { by: name.includes('@') ? 'email' : 'username', value: name };
}

function whereTo(app: App, given: unknown): string {
  return returnAddress(given, app.settings.get('Countersign_Return_Origins'));
}
