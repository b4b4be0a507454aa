import type { Settings } from '../../core/setting/settings.ts';

const allowedHeaders =
  'Origin, X-Requested-With, Content-Type, Accept, X-User-Id, X-Auth-Token, x-visitor-token, Authorization, MCP-Protocol-Version';
const allowedMethods = 'GET, POST, PUT, DELETE, HEAD, PATCH';

/** Names and values in turn. */
type Head = readonly string[];

const toAll: Head = ['Access-Control-Allow-Origin', '*', 'Access-Control-Allow-Headers', allowedHeaders];
const toNone: Head = ['Access-Control-Allow-Headers', allowedHeaders, 'Vary', 'Origin'];

/** What a reply of the JSON API says to pages of other origins (rest.md §2.2). No cookie is read here, so `*` is safe. */
export function corsHeaders(settings: Settings, origin: string | undefined): Head {
  if (!settings.get('API_Enable_CORS')) return toAll;
  const wanted = settings.get('API_CORS_Origin').trim();
  if (wanted === '*') return toAll;
  return origin !== undefined && isListed(wanted, origin) ? ['Access-Control-Allow-Origin', origin, ...toNone] : toNone;
}

/** The answer to the question that a browser asks before it sends a request to another origin. */
export function preflight(
  settings: Settings,
  origin: string | undefined,
): { readonly status: number; readonly text: string; readonly headers: Readonly<Record<string, string>> } {
  if (!settings.get('API_Enable_CORS')) {
    const text = 'CORS not enabled. Go to "Admin > General > REST Api" to enable it.';
    return { status: 405, text, headers: {} };
  }
  const wanted = settings.get('API_CORS_Origin').trim();
  const allowed = wanted === '*' ? '*' : origin !== undefined && isListed(wanted, origin) ? origin : undefined;
  if (allowed === undefined) return { status: 403, text: 'Invalid origin', headers: { Vary: 'Origin' } };
  return {
    status: 200,
    text: '',
    headers: {
      'Access-Control-Allow-Origin': allowed,
      'Access-Control-Allow-Methods': allowedMethods,
      'Access-Control-Allow-Headers': allowedHeaders,
      ...(allowed === '*' ? {} : { Vary: 'Origin' }),
    },
  };
}

function isListed(wanted: string, origin: string): boolean {
  const asked = origin.toLowerCase();
  return wanted.split(',').some((one) => one.trim().toLowerCase() === asked);
}
