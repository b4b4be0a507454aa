import type { App } from '../../../app.ts';
import { Fault, type FaultFacts } from '../../../core/fault.ts';
import { escapeHtml } from '../../shapes/escape-html.ts';
import { flowCookieIn } from '../../shapes/flow-cookie.ts';
import { page } from '../../shapes/page.ts';
import { pageCookie, pageCookieIn } from '../../shapes/page-cookie.ts';
import { isFromOurPage } from '../../shapes/same-origin.ts';
import { type Speech, speechOf } from '../../shapes/speech.ts';
import type { WordKey } from '../../shapes/words/en.ts';
import { refusalPage } from './flow-refusal.ts';
import { goneOn } from './gone-on.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';
import { addressOf } from './sent-to.ts';

/** Longer ones are nobody's. */
const longestCode = 256;

/** The factors that a page without script can ask for. */
const askable: ReadonlySet<string> = new Set(['totp', 'email']);

/** The factor that a browser is asked for first: the one that is due, where a page without script can ask for it. */
export function firstMethod({ method, availableMethods }: FaultFacts): string {
  const others: readonly unknown[] = Array.isArray(availableMethods) ? availableMethods : [];
  const all = [method, ...others];
  const first = all.find((one) => typeof one === 'string' && askable.has(one));
  return typeof first === 'string' ? first : 'totp';
}

/** Where a browser waits for its second half. @param methods the other ones that may be asked for */
export function waitingAddress(app: App, challengeId: string, method: string, methods: readonly unknown[]): string {
  const others = methods.filter((one) => typeof one === 'string' && one !== method && askable.has(one));
  return addressOf(app, `/2fa/${method}/${challengeId}${others.length === 0 ? '' : `?or=${others.join(',')}`}`);
}

/**
 * `/2fa/<method>/<challengeId>[?or=<method>]`: where a browser waits for the second half of a sign-in at a provider. For a client it
 * says what the client has to do; the browser that is to be signed in at our own pages finds the field for the code.
 */
export function secondFactorPage(app: App): PlainRoute {
  return {
    path: '/2fa/:method/:challengeId',
    async run(request) {
      const { method, challengeId } = partsOf(request);
      const returnTo = await app.browserFlow.pageHalfOf(challengeId, flowCookieIn(app, request.headers));
      return returnTo === undefined ? forClients(app, speechOf(app, request.headers)) : form(app, request, { method });
    },
    async post(request, { code = '', send }) {
      const { method, challengeId } = partsOf(request);
      const returnTo = await app.browserFlow.pageHalfOf(challengeId, flowCookieIn(app, request.headers));
      if (returnTo === undefined) return refusalPage(app, request, new Fault('pending-log-in-unknown'));
      const told = (mistake: WordKey): PlainAnswer => form(app, request, { method, mistake });
      if (!isFromOurPage(app, request.headers).held) return told('tryAgain');
      const caller = { ...request.caller, door: 'page' } as const;
      try {
        if (send !== undefined) {
          await app.session.sendPendingCode(challengeId, caller);
          return form(app, request, { method, note: 'factorMailed' });
        }
        if (code.trim() === '' || code.length > longestCode) return told('codeNone');
        const text = await app.browserFlow.verifyAndOpenPage(challengeId, { code: code.trim(), method }, caller);
        const found = await app.page.find(text);
        if (found === undefined) {
          await app.page.logOut(text, caller);
          return refusalPage(app, request, new Fault('password-change-required'));
        }
        const before = pageCookieIn(app, request.headers);
        if (before !== undefined) await app.page.leave(before, found.signed, caller);
        return goneOn(app, request, returnTo, pageCookie(app, text));
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        const isWrong = cause.code === 'factor-wrong' || cause.code === 'factor-code-void';
        if (isWrong) return told('codeWrong');
        if (cause.code === 'account-blocked') return told('codeLater');
        return refusalPage(app, request, new Fault('pending-log-in-unknown'));
      }
    },
  };
}

function forClients(app: App, speech: Speech): PlainAnswer {
  return page(
    app,
    speech.say('factorTitle'),
    `<h1>${speech.html('factorTitle')}</h1>
<p>${speech.html('factorForClients')}</p>
<p>${speech.html('factorForPrograms')}</p>
<pre tabindex="0">curl ${escapeHtml(app.settings.get('Site_Url'))}/api/v1/twoFactorChallenges.verifyChallenge -d 'challengeId=…' -d 'code=…'</pre>`,
    { speech },
  );
}

/** What the form says beside its field. */
interface Shown {
  readonly method: string;
  readonly mistake?: WordKey;
  readonly note?: WordKey;
}

function form(app: App, { params, query, headers }: PlainRequest, { method, mistake, note }: Shown): PlainAnswer {
  const speech = speechOf(app, headers);
  const isEmail = method === 'email';
  const where = isEmail ? 'factorByMail' : 'factorByApp';
  const or = typeof query['or'] === 'string' ? query['or'].split(',') : [];
  const others = or.filter((one) => askable.has(one) && one !== method);
  const links = others.map((other) => {
    const address = waitingAddress(app, params['challengeId'] ?? '', other, [method, ...others]);
    return `<p><a href="${escapeHtml(address)}">${speech.html(other === 'email' ? 'useMail' : 'useApp')}</a></p>`;
  });
  const send = isEmail
    ? `\n<form method="post">\n<button name="send" value="1" class="other">${speech.html('mailFresh')}</button>\n</form>`
    : '';
  const told =
    mistake === undefined ? '' : `<ul id="code-told" class="told" role="alert"><li>${speech.html(mistake)}</li></ul>\n`;
  const wrong = mistake === undefined ? '' : ' aria-describedby="code-told" aria-invalid="true"';
  const answer = page(
    app,
    speech.say(mistake === undefined ? 'factorTitle' : 'factorTitleAgain'),
    `<h1>${speech.html('factorTitle')}</h1>
<p${note === undefined ? '' : ' role="status"'}>${speech.html(note ?? where)}</p>
<form method="post">
<label for="code">${speech.html('code')}</label>
${told}<input id="code" name="code" autocomplete="one-time-code" inputmode="text" required maxlength="${longestCode}"${wrong} autofocus>
<button>${speech.html('signIn')}</button>
</form>${send}${links.length === 0 ? '' : `\n${links.join('\n')}`}`,
    { status: mistake === undefined ? 200 : 400, sendsForm: true, speech },
  );
  // Over plain HTTP a browser says only so where a form comes from; to other servers it says nothing.
  return { ...answer, headers: { ...answer.headers, 'Referrer-Policy': 'same-origin' } };
}

function partsOf({ params }: PlainRequest): { readonly method: string; readonly challengeId: string } {
  return { method: params['method'] ?? '', challengeId: params['challengeId'] ?? '' };
}
