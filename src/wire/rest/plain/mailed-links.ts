import type { App } from '../../../app.ts';
import { Fault, type FaultCode } from '../../../core/fault.ts';
import { escapeHtml } from '../../shapes/escape-html.ts';
import { page } from '../../shapes/page.ts';
import { isViolation } from '../../shapes/password-policy.ts';
import { type Speech, speechOf } from '../../shapes/speech.ts';
import type { WordKey } from '../../shapes/words/en.ts';
import { rulesInWords, violationInWords } from './password-words.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';

/** Longer ones are nobody's. */
const longestPassword = 4096;

/** Refusals that the person before the page can mend, by another password. */
const mendable: ReadonlySet<FaultCode> = new Set([
  'password-unacceptable',
  'password-same-as-current',
  'password-in-history',
]);

/**
 * The pages behind mailed links. Opening one uses nothing up, since mail servers and previews open links, too; sending its
 * form does. They need no script, and tell the address that they were opened at to nobody.
 */
export function mailedLinks(app: App): readonly PlainRoute[] {
  return [
    passwordPage(app, {
      path: '/reset-password/:token',
      title: 'resetTitle',
      note: 'resetNote',
    }),
    passwordPage(app, { path: '/enroll-account/:token', title: 'enrolTitle', note: undefined }),
    verifyPage(app),
  ];
}

/** What was wrong with a form that was sent, and beside which field it stands. */
interface Mistake {
  readonly field: 'password' | 'again';
  readonly told: readonly string[];
}

function passwordPage(
  app: App,
  { path, title, note }: { readonly path: string; readonly title: WordKey; readonly note: WordKey | undefined },
): PlainRoute {
  const form = (speech: Speech, username: string | undefined, mistake?: Mistake): PlainAnswer =>
    page(
      app,
      mistake === undefined ? speech.say(title) : speech.say('notSetYet', { title: speech.say(title) }),
      `<h1>${speech.html(title)}</h1>
<p>${username === undefined ? speech.html('forYourAccount', { site: siteName(app) }) : speech.html('forAccount', { name: `<strong>${escapeHtml(username)}</strong>`, site: siteName(app) })}</p>
<form method="post">
<input value="${escapeHtml(username ?? '')}" autocomplete="username" hidden>
${passwordField({ name: 'password', label: speech.html('newPassword'), mistake, rules: rulesInWords(app.account.passwordPolicy(), speech) })}
${isTypedTwice(app) ? `${passwordField({ name: 'again', label: speech.html('newPasswordAgain'), mistake, rules: [] })}\n` : ''}<button>${speech.html(title)}</button>
</form>${note === undefined ? '' : `\n<p class="quiet">${speech.html(note)}</p>`}`,
      { status: mistake === undefined ? 200 : 400, sendsForm: true, speech },
    );
  return {
    path,
    async run(request) {
      const { held, username } = await app.recovery.resetLinkHolds(tokenOf(request));
      const speech = speechOf(app, request.headers);
      return held ? form(speech, username) : dead(app, speech);
    },
    async post(request, { password = '', again = '' }) {
      const speech = speechOf(app, request.headers);
      const refused = async (field: Mistake['field'], ...told: readonly string[]): Promise<PlainAnswer> => {
        const { held, username } = await app.recovery.resetLinkHolds(tokenOf(request));
        return held ? form(speech, username, { field, told }) : dead(app, speech);
      };
      if (isTypedTwice(app) && password !== again) return await refused('again', speech.say('notTheSame'));
      if (password.length > longestPassword) return await refused('password', speech.say('tooLong'));
      try {
        await app.recovery.resetPassword(tokenOf(request), { plain: password }, callerOf(request));
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        if (mendable.has(cause.code)) return await refused('password', ...whyNot(cause, speech));
        if (isDead(cause)) return dead(app, speech);
        throw cause;
      }
      const body = `<h1>${speech.html('passwordSet')}</h1>\n<p>${speech.html('passwordSetNote')}</p>`;
      return page(app, speech.say(title), body, { speech });
    },
  };
}

/** A field with its label above it, and beside it what it must hold and what was wrong with what it held. */
function passwordField({
  name,
  label,
  mistake,
  rules,
}: {
  readonly name: Mistake['field'];
  readonly label: string;
  readonly mistake: Mistake | undefined;
  readonly rules: readonly string[];
}): string {
  // Who hears the page instead of seeing it begins where the mistake is.
  const isWrong = mistake?.field === name;
  const isFirst = mistake === undefined ? name === 'password' : isWrong;
  const beside = [...(isWrong ? [`${name}-told`] : []), ...(rules.length === 0 ? [] : [`${name}-rules`])];
  return [
    `<label for="${name}">${label}</label>`,
    ...(isWrong ? [bullets(`${name}-told`, mistake.told)] : []),
    ...(rules.length === 0 ? [] : [bullets(`${name}-rules`, rules)]),
    `<input id="${name}" name="${name}" type="password" autocomplete="new-password" required maxlength="${longestPassword}"` +
      `${beside.length === 0 ? '' : ` aria-describedby="${beside.join(' ')}"`}` +
      `${isWrong ? ' aria-invalid="true"' : ''}${isFirst ? ' autofocus' : ''}>`,
  ].join('\n');
}

function bullets(id: string, lines: readonly string[]): string {
  const isTold = id.endsWith('-told');
  return `<ul id="${id}"${isTold ? ' class="told" role="alert"' : ''}>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
}

function siteName(app: App): string {
  return escapeHtml(app.settings.get('Site_Name'));
}

function isTypedTwice(app: App): boolean {
  return app.settings.get('Accounts_RequirePasswordConfirmation');
}

function verifyPage(app: App): PlainRoute {
  return {
    path: '/verify-email/:token',
    async run(request) {
      const { held, username } = await app.recovery.verificationLinkHolds(tokenOf(request));
      const speech = speechOf(app, request.headers);
      if (!held) return dead(app, speech);
      // Whoever registered with somebody else's address waits for just this button to be pressed.
      const whose =
        username === undefined
          ? speech.html('verifySomeAccount', { site: siteName(app) })
          : speech.html('verifyAccount', { site: siteName(app), name: `<strong>${escapeHtml(username)}</strong>` });
      return page(
        app,
        speech.say('verifyTitle'),
        `<h1>${speech.html('verifyTitle')}</h1>
<p>${whose}</p>
<form method="post">
<button>${speech.html('verify')}</button>
</form>`,
        { sendsForm: true, speech },
      );
    },
    async post(request) {
      const speech = speechOf(app, request.headers);
      try {
        await app.recovery.verifyEmail(tokenOf(request), callerOf(request));
      } catch (cause) {
        if (cause instanceof Fault && isDead(cause)) return dead(app, speech);
        throw cause;
      }
      const body = `<h1>${speech.html('verified')}</h1>\n<p>${speech.html('canClose')}</p>`;
      return page(app, speech.say('verifyTitle'), body, { speech });
    },
  };
}

function dead(app: App, speech: Speech): PlainAnswer {
  const body = `<h1>${speech.html('deadTitle')}</h1>\n<p>${speech.html('deadText')}</p>`;
  return page(app, speech.say('deadTitle'), body, { status: 404, speech });
}

/** Everything that is wrong with the password, not only that something is. */
function whyNot({ code, facts: { violations } }: Fault, speech: Speech): readonly string[] {
  const told = Array.isArray(violations)
    ? violations.filter(isViolation).map((violation) => violationInWords(violation, speech))
    : [];
  return told.length === 0 ? [speech.say(why[code] ?? 'notAcceptable')] : told;
}

const why: Partial<Readonly<Record<FaultCode, WordKey>>> = {
  'password-same-as-current': 'sameAsBefore',
  'password-in-history': 'usedBefore',
};

function isDead({ code }: Fault): boolean {
  return code === 'link-dead' || code === 'link-address-gone';
}

function tokenOf({ params }: PlainRequest): string {
  return params['token'] ?? '';
}

function callerOf({ caller }: PlainRequest): PlainRequest['caller'] {
  return { ...caller, door: 'page' };
}
