import type { App } from '../../../app.ts';
import type { PageFiles } from '../../../lib/page-files.ts';
import { escapeHtml } from '../../shapes/escape-html.ts';
import { loginServiceDocuments } from '../../shapes/login-services.ts';
import { home } from './home.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';

/**
 * Where the pages are: their one document is answered there, and its script shows the rest. The ones that are a route of
 * their own as well, for browsers without script, are in `withShell`.
 */
const shellPaths = [
  '/',
  '/register',
  '/register/:secret',
  '/forgot-password',
  '/reset-password',
  '/enroll-account',
  '/verify-email',
  '/account',
  '/account/:section',
  '/admin',
  '/admin/:section',
  '/admin/:section/:id',
  '/setup',
] as const;

/** Nothing is loaded from another host, no script stands in the document, and nobody frames it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** The document of the pages, and the files that it loads. */
export function shell(app: App, pages: PageFiles): readonly PlainRoute[] {
  const { run } = home(app);
  return [...shellPaths.map((path) => withShell(app, pages, { path, run })), assets(pages)];
}

/**
 * Puts the pages in front of a route that does the same without script. `?plain=1` asks for that one, which is where the
 * document leads a browser that runs none.
 * @param isPlain whether this request is answered by the route itself in any case
 */
export function withShell(
  app: App,
  pages: PageFiles | undefined,
  route: PlainRoute,
  isPlain: (request: PlainRequest) => Promise<boolean> = async () => await Promise.resolve(false),
): PlainRoute {
  if (pages === undefined) return route;
  return {
    ...route,
    run: async (request) =>
      request.query['plain'] === '1' || (await isPlain(request))
        ? await route.run(request)
        : await shellAnswer(app, pages, request),
  };
}

async function shellAnswer(app: App, { document }: PageFiles, { params, search }: PlainRequest): Promise<PlainAnswer> {
  const root = app.settings.get('Site_Url').replace(/\/+$/u, '');
  const { pathname } = new URL(root);
  const base = pathname.replace(/\/+$/u, '');
  // A browser without script goes on to the same place, with what it was asked.
  const plain = new URLSearchParams(search);
  plain.set('plain', '1');
  const facts = JSON.stringify(await factsOf(app, base)).replaceAll('<', '\\u003C');
  return {
    status: 200,
    text: document
      .replaceAll('./assets/', () => `${escapeHtml(base)}/assets/`)
      .replace('?plain=1', () => `?${escapeHtml(plain.toString())}`)
      .replace('<title></title>', () => `<title>${escapeHtml(app.settings.get('Site_Name'))}</title>`)
      .replace('{"facts":true}', () => facts),
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'X-Frame-Options': 'DENY',
      // Over plain HTTP a browser says only so where a form comes from; to other servers it says nothing. An address that
      // opens something is told to nobody at all, not even with the files that the page loads.
      'Referrer-Policy':
        'token' in params || 'secret' in params || plain.has('loginCode') ? 'no-referrer' : 'same-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
      ...(root.startsWith('https://') ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
    },
  };
}

/**
 * What the first screen needs, so that nothing on it moves when an answer comes: all of it is public
 * (`settings.public`, `settings.oauth`).
 */
async function factsOf({ settings, ...app }: App, base: string): Promise<object> {
  const services = loginServiceDocuments({ settings, ...app }).map((document) => ({
    service: document.service,
    label: textOf(document['buttonLabelText']),
    shown: document['showButton'] !== false,
    custom: document['custom'] === true,
    address: textOf(document['login_url']),
  }));
  return {
    base,
    siteName: settings.get('Site_Name'),
    siteUrl: settings.get('Site_Url'),
    language: settings.get('Language'),
    services,
    form: {
      shown: settings.get('Accounts_ShowFormLogin'),
      userHint: settings.get('Accounts_EmailOrUsernamePlaceholder'),
      passwordHint: settings.get('Accounts_PasswordPlaceholder'),
      againHint: settings.get('Accounts_ConfirmPasswordPlaceholder'),
    },
    registration: {
      form: settings.get('Accounts_RegistrationForm'),
      closed: settings.get('Accounts_RegistrationForm_LinkReplacementText'),
      nameRequired: settings.get('Accounts_RequireNameForSignUp'),
      reasonRequired: settings.get('Accounts_ManuallyApproveNewUsers'),
      passwordTwice: settings.get('Accounts_RequirePasswordConfirmation'),
      verification: settings.get('Accounts_EmailVerification'),
      customFields: settings.get('Accounts_CustomFields'),
    },
    passwordReset: settings.get('Accounts_PasswordReset'),
    // A stranger learns that this server is new, and nothing by which one could sign in.
    nobodyWasHere: (await app.page.nobodyWasHere()).held,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A file's name changes with what it holds, so whoever has it never asks again. */
function assets(pages: PageFiles): PlainRoute {
  return {
    path: '/assets/:name',
    run({ params, headers }) {
      const accepted = headers['accept-encoding'];
      const found = pages.file(params['name'] ?? '', typeof accepted === 'string' ? accepted : '');
      if (found === undefined) return { status: 404, text: '404 Not Found' };
      return {
        status: 200,
        text: '',
        bytes: found.bytes,
        headers: {
          'Content-Type': found.mediaType,
          'Cache-Control': 'public, max-age=31536000, immutable',
          'Vary': 'Accept-Encoding',
          ...(found.encoding === undefined ? {} : { 'Content-Encoding': found.encoding }),
          'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
          'Cross-Origin-Resource-Policy': 'same-origin',
        },
      };
    },
  };
}
