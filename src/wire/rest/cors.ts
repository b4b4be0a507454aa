import type { Settings } from '../../core/setting/settings.ts';

const allowedHeaders =
  'Origin, X-Requested-With, Content-Type, Accept, X-User-Id, X-Auth-Token, x-visitor-token, Authorization, MCP-Protocol-Version';
const allowedMethods = 'GET, POST, PUT, DELETE, HEAD, PATCH';

type Headers = Readonly<Record<string, string>>;

const open: Headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': allowedHeaders };

/** What a reply of the JSON API says to pages of other origins (rest.md §2.2). No cookie is read here, so `*` is safe. */
export function corsHeaders(settings: Settings, origin: string | undefined): Headers {
  if (!settings.get('API_Enable_CORS')) return open;
  const wanted = settings.get('API_CORS_Origin').trim();
  if (wanted === '*') return open;
  return {
    ...(origin !== undefined && isListed(wanted, origin) ? { 'access-control-allow-origin': origin } : {}),
    'access-control-allow-headers': allowedHeaders,
    'vary': 'Origin',
  };
}

/** The answer to the question that a browser asks before it sends a request to another origin. */
export function preflight(
  settings: Settings,
  origin: string | undefined,
): { readonly status: number; readonly text: string; readonly headers: Headers } {
  if (!settings.get('API_Enable_CORS')) {
    const text = 'CORS not enabled. Go to "Admin > General > REST Api" to enable it.';
    return { status: 405, text, headers: {} };
  }
  const headers = corsHeaders(settings, origin);
  if (headers['access-control-allow-origin'] === undefined) {
    return { status: 403, text: 'Invalid origin', headers: { vary: 'Origin' } };
  }
  return { status: 200, text: '', headers: { ...headers, 'access-control-allow-methods': allowedMethods } };
}

function isListed(wanted: string, origin: string): boolean {
  const asked = origin.toLowerCase();
  return wanted.split(',').some((one) => one.trim().toLowerCase() === asked);
}
