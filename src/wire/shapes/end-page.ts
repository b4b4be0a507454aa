import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../../app.ts';
import { escapeHtml } from './escape-html.ts';
import { returnAddress } from './local-path.ts';
import type { OAuthState } from './oauth-state.ts';
import { documentOf, type Page, pageStyle } from './page.ts';
import { type Speech, speechOf } from './speech.ts';
import type { WordKey } from './words/en.ts';

const style = `${pageStyle}#config { display: none; }`;
const hidden = 'display:none;';

function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'unsafe-hashes' ${sourceOf(style)} ${sourceOf(hidden)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Where clients and scripts look for the secret, before the token. */
const storagePrefix = 'Meteor.oauth.credentialSecret-';

/** Hands token and secret to whoever has opened the window, and closes it (realtime.md §13.3). */
const popupScript = `(function () {
  'use strict';
  var config = JSON.parse(document.getElementById('config').textContent);
  var token = config.credentialToken;
  var secret = config.credentialSecret;
  var link = document.getElementById('loginCompleted');
  if (link !== null) {
    link.addEventListener('click', function (event) {
      event.preventDefault();
      window.close();
    });
  }
  if (config.setCredentialToken) {
    if (config.isCordova) {
      window.location.hash = JSON.stringify({ credentialToken: token, credentialSecret: secret });
      return;
    }
    try {
      window.opener.Package.oauth.OAuth._handleCredentialSecret(token, secret);
    } catch (cause) {
      try {
        window.localStorage[config.storagePrefix + token] = secret;
      } catch (full) {
        return;
      }
    }
  }
  if (!config.isCordova) window.close();
})();
`;

/** Keeps the secret for the page that the browser came from, and leads back to it. */
const redirectScript = `(function () {
  'use strict';
  var config = JSON.parse(document.getElementById('config').textContent);
  if (config.setCredentialToken) {
    try {
      window.sessionStorage[config.storagePrefix + config.credentialToken] = config.credentialSecret;
    } catch (full) {
      return;
    }
  }
  window.location.replace(config.redirectUrl);
})();
`;

/** The scripts of the end pages by their paths. */
export const endScripts = {
  '/packages/oauth/end_of_popup_response.js': popupScript,
  '/packages/oauth/end_of_redirect_response.js': redirectScript,
} as const;

/** What an end page hands over; the secret is undefined where the sign-in has failed. */
export interface Ended extends Pick<OAuthState, 'loginStyle' | 'isCordova' | 'redirectUrl'> {
  readonly token: string;
  readonly secret: string | undefined;
}

/** What may stand in a page, so that no text of a request can be more than text. */
const suitable = /^[a-zA-Z0-9\-_]+$/u;

/**
 * The page on which a sign-in at a provider ends, always with 200 (realtime.md §13.3). Its script belongs to this server,
 * and nothing else runs or loads; the window of whoever has opened it stays in reach.
 */
export function endPage(app: App, headers: IncomingHttpHeaders, ended: Ended): Page {
  const { loginStyle, isCordova, token, secret } = ended;
  const isGood = secret !== undefined && suitable.test(token) && suitable.test(secret);
  const isRedirect = loginStyle === 'redirect';
  const config = {
    setCredentialToken: isGood,
    ...(isGood ? { credentialToken: token, credentialSecret: secret } : {}),
    storagePrefix,
    redirectUrl: isRedirect ? leadingTo(app, ended) : undefined,
    isCordova,
  };
  const { pathname } = new URL(rootOf(app));
  const script = isRedirect ? 'end_of_redirect_response' : 'end_of_popup_response';
  const speech = speechOf(app, headers);
  const sentence = speech.html(isGood ? 'completedText' : 'failedText');
  return written(
    app,
    speech,
    isGood ? 'completed' : 'failed',
    `<main><div id="completedText"><p>${sentence} <a href="#" id="loginCompleted">${speech.html('closeWindow')}</a></p></div></main>
<div id="config" style="${hidden}">${escapeHtml(JSON.stringify(config))}</div>
<script src="${escapeHtml(pathname.replace(/\/+$/u, ''))}/packages/oauth/${script}.js"></script>`,
  );
}

/** A page for a browser that came with nothing to end: it runs nothing, and hands nothing over. */
export function nothingEnded(app: App, headers: IncomingHttpHeaders): Page {
  const speech = speechOf(app, headers);
  const body = `<main><h1>${speech.html('nothingTitle')}</h1>\n<p>${speech.html('nothingText')}</p></main>`;
  return written(app, speech, 'nothingTitle', body);
}

function written(app: App, speech: Speech, title: WordKey, body: string): Page {
  return {
    status: 200,
    text: documentOf(speech.say(title), style, body, { speech }),
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'X-Frame-Options': 'DENY',
      // The address holds a code.
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      ...(rootOf(app).startsWith('https://') ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
    },
  };
}

/**
 * Where the browser is led: back into this server, and to its root where the client named another place (attack K15).
 * The mobile app, which asks for that, gets token and secret in the address of its own form.
 */
function leadingTo(app: App, { redirectUrl, token, secret }: Ended): string {
  const root = rootOf(app);
  if (redirectUrl !== undefined && /^rocketchat:\/\/auth(?:$|[?#/])/u.test(redirectUrl)) {
    const told =
      secret === undefined ? { error: 'login-failed' } : { credentialToken: token, credentialSecret: secret };
    return `rocketchat://auth?${new URLSearchParams({ host: root, type: 'oauth', ...told }).toString()}`;
  }
  const { origin } = new URL(root);
  const to = returnAddress(redirectUrl, origin);
  if (to === '/') return `${root}/`;
  return to.startsWith('/') ? `${origin}${to}` : to;
}

function rootOf({ settings }: App): string {
  return settings.get('Site_Url').replace(/\/+$/u, '');
}
