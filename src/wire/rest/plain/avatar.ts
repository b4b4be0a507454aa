import type { App } from '../../../app.ts';
import { Fault } from '../../../core/fault.ts';
import { sha256Hex } from '../../../lib/digest.ts';
import { pageCookieIn } from '../../shapes/page-cookie.ts';
import { header, isNobodys } from '../admit.ts';
import type { PlainAnswer, PlainRequest, PlainRoute } from './plain-route.ts';

/** Dark enough for white letters. */
const colours = [
  '#b91c1c',
  '#c2410c',
  '#a16207',
  '#4d7c0f',
  '#15803d',
  '#0f766e',
  '#0e7490',
  '#0369a1',
  '#1d4ed8',
  '#4338ca',
  '#6d28d9',
  '#a21caf',
  '#be185d',
  '#57534e',
] as const;

/**
 * The picture that somebody chose, or one of the name's first letter: that is made for any name, so that it tells nobody
 * who exists.
 */
export function avatar(app: App): PlainRoute {
  return {
    path: '/avatar/:username',
    async run(request) {
      const isBlocked = app.settings.get('Accounts_AvatarBlockUnauthenticatedAccess');
      if (isBlocked && !(await isSignedIn(app, request))) return { status: 403, text: 'Forbidden' };
      const life = app.settings.get('Accounts_AvatarCacheTime');
      const common = { 'Cache-Control': `${isBlocked ? 'private' : 'public'}, max-age=${life}` };
      return (await chosen(app, request, common)) ?? picture(request, common);
    },
  };
}

type Headers = Readonly<Record<string, string>>;

async function chosen(app: App, { headers, params }: PlainRequest, more: Headers): Promise<PlainAnswer | undefined> {
  const username = params['username'] ?? '';
  // No store takes these, and nobody is called so.
  if (username.includes('\0') || !username.isWellFormed()) return undefined;
  const found = await app.avatar.of(username);
  if (found === undefined) return undefined;
  const etag = `"${found.tag}"`;
  const common = {
    ...more,
    'ETag': etag,
    // A picture that a browser takes for something else can run and load nothing either.
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Content-Type': found.mediaType,
  };
  if (headers['if-none-match'] === etag) return { status: 304, text: '', headers: common };
  return { status: 200, text: '', bytes: found.bytes, headers: common };
}

function picture({ headers, params }: PlainRequest, more: Headers): PlainAnswer {
  const text = drawn(params['username'] ?? '');
  const etag = `"${sha256Hex(text).slice(0, 32)}"`;
  const common = {
    ...more,
    'ETag': etag,
    // Even opened on its own it can run and load nothing.
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Content-Type': 'image/svg+xml; charset=utf-8',
  };
  if (headers['if-none-match'] === etag) return { status: 304, text: '', headers: common };
  return { status: 200, text, headers: common };
}

function drawn(username: string): string {
  const [first = ''] = username;
  const letter = /[\p{L}\p{N}\p{P}\p{S}]/u.test(first) ? escaped(first.toUpperCase()) : '?';
  const colour = colours[Number.parseInt(sha256Hex(username).slice(0, 8), 16) % colours.length] ?? colours[0];
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" width="200" height="200">' +
    `<rect width="200" height="200" fill="${colour}"/>` +
    '<text x="100" y="100" dy="0.36em" text-anchor="middle" font-family="sans-serif" font-size="110" fill="#ffffff">' +
    `${letter}</text></svg>`
  );
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Pictures are fetched by pages, which can send no headers: cookie, header or query, in this order (rest.md §3.3); our own
 * pages have a cookie of their own.
 */
async function isSignedIn(app: App, { headers, query, caller }: PlainRequest): Promise<boolean> {
  const ours = pageCookieIn(app, headers);
  if (ours !== undefined && (await app.page.findWaiting(ours)) !== undefined) return true;
  const cookies = cookiesOf(header(headers, 'cookie', 8192) ?? '');
  const pairs = [
    [cookies.get('rc_uid'), cookies.get('rc_token')],
    [header(headers, 'x-user-id', 512), header(headers, 'x-auth-token', 512)],
    [query['rc_uid'], query['rc_token']],
  ];
  const shown = pairs.find(([id, token]) => id !== undefined && token !== undefined);
  const [id, token] = shown ?? [];
  if (typeof id !== 'string' || typeof token !== 'string' || id.length > 512 || token.length > 512) return false;
  try {
    await app.session.authenticate(id, token, { address: caller.address });
    return true;
  } catch (cause) {
    if (cause instanceof Fault && isNobodys.has(cause.code)) return false;
    throw cause;
  }
}

function cookiesOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? ([pair.trim(), ''] as const) : ([pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const);
  });
  return new Map(pairs);
}
