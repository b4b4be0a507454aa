import type { App } from '../../../app.ts';
import type { Claim } from '../../../core/account/account.ts';
import { Fault } from '../../../core/fault.ts';
import type { LoggedIn } from '../../../core/session/log-in.ts';
import { escapeHtml } from '../../shapes/escape-html.ts';
import { flowCookie } from '../../shapes/flow-cookie.ts';
import { returnAddress } from '../../shapes/local-path.ts';
import { loginServiceDocuments } from '../../shapes/login-services.ts';
import { page } from '../../shapes/page.ts';
import { pageCookie, pageCookieIn } from '../../shapes/page-cookie.ts';
import { isFromOurPage } from '../../shapes/same-origin.ts';
import { type Speech, speechOf } from '../../shapes/speech.ts';
import { goneOn } from './gone-on.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';
import { firstMethod, waitingAddress } from './second-factor-page.ts';
import { addressOf } from './sent-to.ts';
import { refusalInWords } from './sign-in-words.ts';

/** Longer ones are nobody's. */
const longest = { user: 1024, password: 4096 };

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
      return form(app, request, { returnTo, user });
    },
    async post(request, { username = '', password = '', ...fields }) {
      const returnTo = whereTo(app, fields['return']);
      const refused = (cause: Fault): PlainAnswer =>
        form(app, request, { ...shown, mistake: refusalInWords(cause, speechOf(app, request.headers)) });
      const shown = { returnTo, user: username.slice(0, longest.user) };
      if (!isFromOurPage(app, request.headers).held) {
        const told = speechOf(app, request.headers).say('tryAgain');
        return form(app, request, { returnTo, mistake: { status: 403, told } });
      }
      const name = username.trim();
      const isComplete =
        name !== '' && password !== '' && name.length <= longest.user && password.length <= longest.password;
      if (!isComplete) return refused(new Fault('wrong-credentials'));
      try {
        return await signedIn(app, request, claimOf(name), password, returnTo);
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        return refused(cause);
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
  const told = token.enrolsOnly ? 'needsFactor' : account.passwordChange === undefined ? undefined : 'needsPassword';
  if (told !== undefined) {
    await app.session.logOut(loggedIn, caller);
    return form(app, request, { returnTo, mistake: { status: 403, told: speechOf(app, request.headers).say(told) } });
  }
  const before = pageCookieIn(app, request.headers);
  if (before !== undefined) await app.page.leave(before, loggedIn, caller);
  return goneOn(app, request, returnTo, pageCookie(app, await app.page.open(loggedIn)));
}

function form(app: App, { headers }: PlainRequest, { returnTo, user = '', mistake }: Shown): PlainAnswer {
  const speech = speechOf(app, headers);
  const site = app.settings.get('Site_Name');
  const hidden = `<input type="hidden" name="return" value="${escapeHtml(returnTo)}">`;
  const wrong = mistake === undefined ? '' : ' aria-invalid="true" aria-describedby="told"';
  const told = mistake === undefined ? '' : `<p id="told" class="told" role="alert">${escapeHtml(mistake.told)}</p>\n`;
  const focus = user === '' ? [' autofocus', ''] : ['', ' autofocus'];
  const fields = `${told}<form method="post">
${hidden}
<label for="username">${speech.html('username')}</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="${longest.user}" value="${escapeHtml(user)}"${wrong}${focus[0]}>
<label for="password">${speech.html('password')}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="${longest.password}"${wrong}${focus[1]}>
<button>${speech.html('signIn')}</button>
</form>`;
  const others = services(app, returnTo, speech);
  const answer = page(
    app,
    speech.say(mistake === undefined ? 'signInTitle' : 'signInRefusedTitle', { site }),
    `<h1>${speech.html('signInTo', { site: escapeHtml(site) })}</h1>\n${others === '' || app.settings.get('Accounts_ShowFormLogin') ? fields : ''}${others}`,
    { status: mistake?.status ?? 200, sendsForm: true, speech },
  );
  // Over plain HTTP a browser says only so where a form comes from.
  return { ...answer, headers: { ...answer.headers, 'Referrer-Policy': 'same-origin' } };
}

/** The other ways in, each a link that begins there. */
function services(app: App, returnTo: string, speech: Speech): string {
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
  return links.length === 0
    ? ''
    : `\n<h2>${speech.html('otherWays')}</h2>\n<ul class="ways">\n${links.join('\n')}\n</ul>`;
}

function claimOf(name: string): Claim {
  return { by: name.includes('@') ? 'email' : 'username', value: name };
}

function whereTo(app: App, given: unknown): string {
  return returnAddress(given, app.settings.get('Countersign_Return_Origins'));
}
