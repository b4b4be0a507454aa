import type { App } from '../../../app.ts';
import { Fault, type FaultFacts } from '../../../core/fault.ts';
import { faultText } from '../../shapes/fault-text.ts';
import { flowCookieIn } from '../../shapes/flow-cookie.ts';
import { escapeHtml, page } from '../../shapes/page.ts';
import { pageCookie, pageCookieIn } from '../../shapes/page-cookie.ts';
import { isFromOurPage } from '../../shapes/same-origin.ts';
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
      return returnTo === undefined ? forClients(app) : form(app, request, { method });
    },
    async post(request, { code = '', send }) {
      const { method, challengeId } = partsOf(request);
      const returnTo = await app.browserFlow.pageHalfOf(challengeId, flowCookieIn(app, request.headers));
      if (returnTo === undefined) return refusalPage(app, new Fault('pending-log-in-unknown'));
      const told = (mistake: string): PlainAnswer => form(app, request, { method, mistake });
      if (!isFromOurPage(app, request.headers).held) return told('This form was not sent by this page. Try again.');
      const caller = { ...request.caller, door: 'page' } as const;
      try {
        if (send !== undefined) {
          await app.session.sendPendingCode(challengeId, caller);
          return form(app, request, { method, note: 'A fresh code was mailed to you.' });
        }
        if (code.trim() === '' || code.length > longestCode) return told('That is no code.');
        const text = await app.browserFlow.verifyAndOpenPage(challengeId, { code: code.trim(), method }, caller);
        const found = await app.page.find(text);
        if (found === undefined) return mustChangePassword(app);
        const before = pageCookieIn(app, request.headers);
        if (before !== undefined) await app.page.leave(before, found.signed, caller);
        return goneOn(app, returnTo, pageCookie(app, text));
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        const isWrong = cause.code === 'factor-wrong' || cause.code === 'factor-code-void';
        if (isWrong) return told('The code is not right.');
        if (cause.code === 'account-blocked') return told(faultText(cause).reason ?? 'Try again later.');
        return refusalPage(app, new Fault('pending-log-in-unknown'));
      }
    },
  };
}

const title = 'One more step';

function forClients(app: App): PlainAnswer {
  return page(
    app,
    title,
    `<h1>${title}</h1>
<p>The service has let you in, and your account here asks for a second factor. The client that has sent you here goes on
by itself: it asks you for a code within five minutes. You can close this page.</p>
<p>A program ends the sign-in with what stands last in the address of this page:</p>
<pre>curl ${escapeHtml(app.settings.get('Site_Url'))}/api/v1/twoFactorChallenges.verifyChallenge -d 'challengeId=…' -d 'code=…'</pre>`,
  );
}

/** What the form says beside its field. */
interface Shown {
  readonly method: string;
  readonly mistake?: string;
  readonly note?: string;
}

function form(app: App, { params, query }: PlainRequest, { method, mistake, note }: Shown): PlainAnswer {
  const where = method === 'email' ? 'A code was mailed to you.' : 'Your authenticator app shows the code.';
  const isEmail = method === 'email';
  const or = typeof query['or'] === 'string' ? query['or'].split(',') : [];
  const others = or.filter((one) => askable.has(one) && one !== method);
  const links = others.map((other) => {
    const address = waitingAddress(app, params['challengeId'] ?? '', other, [method, ...others]);
    const words = other === 'email' ? 'Use a code by e-mail' : 'Use the code of the authenticator app';
    return `<p><a href="${escapeHtml(address)}">${words}</a></p>`;
  });
  const send = isEmail
    ? '\n<form method="post">\n<button name="send" value="1">Mail a fresh code</button>\n</form>'
    : '';
  const answer = page(
    app,
    mistake === undefined ? title : `Not yet: ${title}`,
    `<h1>${title}</h1>
<p${note === undefined ? '' : ' role="status"'}>${note ?? where} A backup code will do as well.</p>
<form method="post">
<label for="code">Code</label>
${mistake === undefined ? '' : `<ul id="code-told" class="told" role="alert"><li>${escapeHtml(mistake)}</li></ul>\n`}<input id="code" name="code" autocomplete="one-time-code" inputmode="text" required maxlength="${longestCode}"${mistake === undefined ? '' : ' aria-describedby="code-told" aria-invalid="true"'} autofocus>
<button>Sign in</button>
</form>${send}${links.length === 0 ? '' : `\n${links.join('\n')}`}`,
    { status: mistake === undefined ? 200 : 400, sendsForm: true },
  );
  // Over plain HTTP a browser says only so where a form comes from; to other servers it says nothing.
  return { ...answer, headers: { ...answer.headers, 'Referrer-Policy': 'same-origin' } };
}

function mustChangePassword(app: App): PlainAnswer {
  return page(
    app,
    'You are not signed in',
    '<h1>You are not signed in yet</h1>\n<p>Your password must be changed first. Sign in with the application that you use every day, choose a new password there,\nand come back.</p>',
    { status: 403 },
  );
}

function partsOf({ params }: PlainRequest): { readonly method: string; readonly challengeId: string } {
  return { method: params['method'] ?? '', challengeId: params['challengeId'] ?? '' };
}
