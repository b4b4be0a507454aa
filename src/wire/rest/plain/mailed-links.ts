import type { App } from '../../../app.ts';
import { Fault, type FaultCode } from '../../../core/fault.ts';
import { faultText } from '../../shapes/fault-text.ts';
import { violationTexts } from '../../shapes/password-policy.ts';
import { escapeHtml, page } from './page.ts';
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
    passwordPage(app, '/reset-password/:token', 'Set a new password'),
    passwordPage(app, '/enroll-account/:token', 'Set your password'),
    verifyPage(app),
  ];
}

function passwordPage(app: App, path: string, title: string): PlainRoute {
  const form = (told = '', status = 200): PlainAnswer =>
    page(
      app,
      title,
      `<h1>${title}</h1>
${told === '' ? '' : `<p role="alert">${escapeHtml(told)}</p>\n`}<p>All sessions of the account end then. Second factors and personal tokens stay.</p>
<form method="post">
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required maxlength="${longestPassword}">
${isTypedTwice(app) ? again : ''}<button>${title}</button>
</form>`,
      { status, sendsForm: true },
    );
  return {
    path,
    async run(request) {
      return (await app.recovery.resetLinkHolds(tokenOf(request))).held ? form() : dead(app);
    },
    async post(request, { password = '', again: repeated = '' }) {
      if (isTypedTwice(app) && password !== repeated) return form('The two passwords are not the same.', 400);
      if (password.length > longestPassword) return form('The password is too long.', 400);
      try {
        await app.recovery.resetPassword(tokenOf(request), { plain: password }, callerOf(request));
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        if (mendable.has(cause.code)) return form(whyNot(cause), 400);
        if (isDead(cause)) return dead(app);
        throw cause;
      }
      return page(app, title, '<h1>Your password is set</h1>\n<p>You can sign in with it now.</p>');
    },
  };
}

const again = `<label for="again">The same once more</label>
<input id="again" name="again" type="password" autocomplete="new-password" required maxlength="${longestPassword}">
`;

function isTypedTwice(app: App): boolean {
  return app.settings.get('Accounts_RequirePasswordConfirmation');
}

function verifyPage(app: App): PlainRoute {
  const title = 'Verify your e-mail address';
  return {
    path: '/verify-email/:token',
    async run(request) {
      if (!(await app.recovery.verificationLinkHolds(tokenOf(request))).held) return dead(app);
      return page(
        app,
        title,
        `<h1>${title}</h1>
<p>Confirm that the mail with this link has reached you.</p>
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
    '<h1>This link is no longer good</h1>\n<p>It was used, a newer one took its place, or its time is over. Ask for a new one.</p>',
    { status: 404 },
  );
}

/** Everything that is wrong with the password, not only that something is. */
function whyNot(fault: Fault): string {
  const { violations } = fault.facts;
  const texts = Array.isArray(violations) ? violationTexts(violations) : [];
  return texts.length === 0 ? (faultText(fault).reason ?? '') : texts.map(({ message }) => message).join(' ');
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
