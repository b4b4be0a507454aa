import type { App } from '../../../app.ts';
import { Fault, type FaultCode } from '../../../core/fault.ts';
import { faultText } from '../../shapes/fault-text.ts';
import { escapeHtml, page } from '../../shapes/page.ts';
import { isViolation } from '../../shapes/password-policy.ts';
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
      title: 'Set a new password',
      note: 'It signs you out everywhere. Second factors stay.',
    }),
    passwordPage(app, { path: '/enroll-account/:token', title: 'Set your password', note: '' }),
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
  { path, title, note }: { readonly path: string; readonly title: string; readonly note: string },
): PlainRoute {
  const form = (username: string | undefined, mistake?: Mistake): PlainAnswer =>
    page(
      app,
      mistake === undefined ? title : `Not set yet: ${title}`,
      `<h1>${title}</h1>
<p>For ${username === undefined ? 'your account' : `<strong>${escapeHtml(username)}</strong>`} on ${siteName(app)}.</p>
<form method="post">
<input value="${escapeHtml(username ?? '')}" autocomplete="username" hidden>
${passwordField({ name: 'password', label: 'New password', mistake, rules: rulesInWords(app.account.passwordPolicy()) })}
${isTypedTwice(app) ? `${passwordField({ name: 'again', label: 'The new password again', mistake, rules: [] })}\n` : ''}<button>${title}</button>
</form>${note === '' ? '' : `\n<p>${note}</p>`}`,
      { status: mistake === undefined ? 200 : 400, sendsForm: true },
    );
  return {
    path,
    async run(request) {
      const { held, username } = await app.recovery.resetLinkHolds(tokenOf(request));
      return held ? form(username) : dead(app);
    },
    async post(request, { password = '', again = '' }) {
      const refused = async (field: Mistake['field'], ...told: readonly string[]): Promise<PlainAnswer> => {
        const { held, username } = await app.recovery.resetLinkHolds(tokenOf(request));
        return held ? form(username, { field, told }) : dead(app);
      };
      if (isTypedTwice(app) && password !== again) return await refused('again', 'The two passwords are not the same.');
      if (password.length > longestPassword) return await refused('password', 'It is too long.');
      try {
        await app.recovery.resetPassword(tokenOf(request), { plain: password }, callerOf(request));
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        if (mendable.has(cause.code)) return await refused('password', ...whyNot(cause));
        if (isDead(cause)) return dead(app);
        throw cause;
      }
      return page(
        app,
        title,
        '<h1>Your password is set</h1>\n<p>You can sign in with it now, and close this page.</p>',
      );
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
  const title = 'Verify your e-mail address';
  return {
    path: '/verify-email/:token',
    async run(request) {
      const { held, username } = await app.recovery.verificationLinkHolds(tokenOf(request));
      if (!held) return dead(app);
      // Whoever registered with somebody else's address waits for just this button to be pressed.
      const whose = username === undefined ? 'an account' : `the account <strong>${escapeHtml(username)}</strong>`;
      return page(
        app,
        title,
        `<h1>${title}</h1>
<p>Press the button to confirm that the mail from ${siteName(app)} has reached you, and that ${whose} is yours.
If you did not make it, close this page: nothing happens then.</p>
<form method="post">
<button>Verify</button>
</form>`,
        { sendsForm: true },
      );
    },
    async post(request) {
      try {
        await app.recovery.verifyEmail(tokenOf(request), callerOf(request));
      } catch (cause) {
        if (cause instanceof Fault && isDead(cause)) return dead(app);
        throw cause;
      }
      return page(app, title, '<h1>Your e-mail address is verified</h1>\n<p>You can close this page.</p>');
    },
  };
}

function dead(app: App): PlainAnswer {
  return page(
    app,
    'This link is no longer good',
    '<h1>This link is no longer good</h1>\n<p>It was used, a newer one took its place, or its time is over. You can ask for a new one where you sign in; if that is\nswitched off, ask your administrator.</p>',
    { status: 404 },
  );
}

/** Everything that is wrong with the password, not only that something is. */
function whyNot(fault: Fault): readonly string[] {
  const { violations } = fault.facts;
  const told = Array.isArray(violations) ? violations.filter(isViolation).map(violationInWords) : [];
  return told.length === 0 ? [faultText(fault).reason ?? ''] : told;
}

function isDead({ code }: Fault): boolean {
  return code === 'link-dead' || code === 'link-address-gone';
}

function tokenOf({ params }: PlainRequest): string {
  return params['token'] ?? '';
}

function callerOf({ caller }: PlainRequest): PlainRequest['caller'] {
  return { ...caller, door: 'page' };
}
