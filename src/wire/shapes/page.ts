import { createHash } from 'node:crypto';
import type { App } from '../../app.ts';

const style = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.1rem; margin-top: 2.5rem; border-top: 1px solid; padding-top: 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid; border-radius: 0.25rem; }
form { margin: 1.5rem 0; }
label, input, button { display: block; font: inherit; }
label { font-weight: 600; }
form ul { margin: 0.25rem 0 0.5rem; padding-left: 1.25rem; }
.told { padding-left: 1.5rem; border-left: 0.25rem solid #d32f2f; font-weight: 600; }
input { margin: 0.25rem 0 1.25rem; padding: 0.5rem; width: min(24rem, 100%); box-sizing: border-box; }
input[hidden] { display: none; }
[aria-invalid] { border: 2px solid #d32f2f; }
button { padding: 0.6rem 1.25rem; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
`;
const styleHash = createHash('sha256').update(style).digest('base64');

/** A page as it is answered. */
export interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A page without script, which may load nothing, be framed by nobody, and send no form unless it says so.
 * @param more.sendsForm true where it has a form, which it may send to this server alone
 */
export function page(
  app: App,
  title: string,
  body: string,
  more: { readonly status?: number; readonly sendsForm?: true } = {},
): Page {
  return {
    status: more.status ?? 200,
    text: documentOf(title, style, body),
    headers: pageHeaders(app, more.sendsForm === true),
  };
}

/** A page as text. @param body markup, whose texts are escaped already */
export function documentOf(title: string, css: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${css}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function pageHeaders(app: App, sendsForm: boolean): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action ${sendsForm ? "'self'" : "'none'"}; frame-ancestors 'none'`,
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    ...(app.settings.get('Site_Url').startsWith('https://') ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
}

/** Text as it may stand between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}
