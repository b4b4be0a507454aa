import { createHash } from 'node:crypto';
import type { App } from '../../app.ts';
import { escapeHtml } from './escape-html.ts';
import { englishSpeech, type Speech } from './speech.ts';

/** How a page looks that loads nothing: the colours and the frame of the pages with script. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --text: #2f343d; --strong: #1f2329; --quiet: #6c737a; --line: #ebecef; --edge: #9ea2a8;
  --surface: #fff; --ground: #f7f8fa; --link: #095ad2; --focus: #156ff5; --danger: #bb0b21;
  --button: #156ff5; --on-button: #fff; --other: #e4e7ea; --on-other: #1f2329;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #c1c7d0; --strong: #f2f3f5; --quiet: #9ea2a8; --line: #333842; --edge: #6c727a;
    --surface: #262931; --ground: #1f2329; --link: #739ede; --focus: #6292da; --danger: #e0949d;
    --button: #095ad2; --other: #353b45; --on-other: #e4e7ea;
  }
}
*, ::before, ::after { box-sizing: border-box; }
body {
  display: flex; flex-direction: column; gap: 1.25rem; align-items: center; min-height: 100vh; min-height: 100dvh;
  margin: 0; padding: clamp(1rem, 6vh, 4rem) 1rem 1.5rem; background: var(--ground); color: var(--text);
  font: 0.9375rem/1.5 Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
header { color: var(--strong); font-size: 1.125rem; font-weight: 700; }
main {
  display: flex; flex-direction: column; gap: 1rem; width: min(26rem, 100%); padding: clamp(1.25rem, 5vw, 2rem);
  border: 1px solid var(--line); border-radius: 0.75rem; background: var(--surface);
  box-shadow: 0 0.5rem 2rem rgb(0 0 0 / 6%); overflow-wrap: anywhere;
}
.wide main { width: min(60rem, 100%); }
h1, h2, p, ul, pre { margin: 0; }
h1, h2, strong { color: var(--strong); }
h1 { font-size: 1.5rem; line-height: 2rem; text-wrap: balance; }
h2 { font-size: 1.125rem; line-height: 1.5rem; }
.wide h2 { margin-block-start: 1rem; padding-block-start: 1.5rem; border-block-start: 1px solid var(--line); }
ul { padding-inline-start: 1.25rem; }
a { color: var(--link); text-underline-offset: 0.15em; }
.quiet { color: var(--quiet); }
code, pre { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; font-size: 0.875em; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--ground); direction: ltr; text-align: start; }
form { display: flex; flex-direction: column; gap: 0.25rem; }
label { color: var(--strong); font-weight: 500; }
input {
  width: 100%; min-height: 2.5rem; margin-block-end: 0.75rem; padding: 0.5rem 0.75rem; border: 1px solid var(--edge);
  border-radius: 0.25rem; background: var(--surface); color: var(--strong); font: inherit; font-size: 1rem;
}
input[hidden], input[type="hidden"] { display: none; }
input[aria-invalid] { border-color: var(--danger); }
form ul { margin-block-end: 0.35rem; color: var(--quiet); font-size: 0.875rem; }
.told, form .told {
  margin-block-end: 0.5rem; padding-inline-start: 0.75rem; border-inline-start: 0.25rem solid var(--danger);
  color: var(--danger); font-weight: 500;
}
ul.told { list-style: none; }
button, .button {
  display: block; width: 100%; min-height: 2.5rem; padding: 0.5rem 1rem; border: 1px solid transparent; border-radius: 0.25rem;
  background: var(--button); color: var(--on-button); font: inherit; font-weight: 500; text-align: center;
  text-decoration: none; cursor: pointer;
}
.other, .ways a { background: var(--other); color: var(--on-other); }
button + button { margin-block-start: 0.5rem; }
li > a, p > a:only-child { display: inline-block; padding-block: 0.2rem; }
.ways { display: flex; flex-direction: column; gap: 0.5rem; padding: 0; list-style: none; }
.ways a { display: block; min-height: 2.5rem; padding: 0.5rem 1rem; border-radius: 0.25rem; font-weight: 500; text-align: center; text-decoration: none; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
`;
const styleHash = createHash('sha256').update(pageStyle).digest('base64');

/** A page as it is answered. */
export interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A page without script, which may load nothing, be framed by nobody, and send no form unless it says so.
 * @param body markup, whose texts are escaped already, with its heading
 * @param more.isWide true for one that is read at length
 * @param more.speech in which language it is written, English unless it is told
 * @param more.sendsForm true where it has a form, which it may send to this server alone
 */
export function page(
  app: App,
  title: string,
  body: string,
  more: {
    readonly status?: number;
    readonly sendsForm?: true;
    readonly isWide?: true;
    readonly speech?: Speech;
  } = {},
): Page {
  const site = app.settings.get('Site_Name');
  const head = title === site ? '' : `<header>${escapeHtml(site)}</header>\n`;
  return {
    status: more.status ?? 200,
    text: documentOf(title, pageStyle, `${head}<main>\n${body}\n</main>`, more),
    headers: pageHeaders(app, more.sendsForm === true),
  };
}

/** A page as text. @param body markup, whose texts are escaped already */
export function documentOf(
  title: string,
  css: string,
  body: string,
  how: { readonly isWide?: true; readonly speech?: Speech } = {},
): string {
  const { language, dir } = how.speech ?? englishSpeech;
  return `<!doctype html>
<html lang="${language}" dir="${dir}"${how.isWide === true ? ' class="wide"' : ''}>
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
