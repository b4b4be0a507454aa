/** Longer ones lead nowhere that we know; what an OpenID request carries fits. */
const longest = 4096;

/**
 * Where a browser goes after it signed in: a path of this server, or an address under an origin that the operator listed;
 * everything else leads to `/` (attacks K15, R04).
 * @param given as it came in the request
 * @param origins exact origins separated by commas, the setting `Countersign_Return_Origins`; without it only paths
 */
export function returnAddress(given: unknown, origins = ''): string {
  if (typeof given !== 'string' || given.length > longest || !isPlain(given).held) return '/';
  if (isLocalPath(given).held) return given;
  const url = URL.parse(given);
  // What a parser mended or left out is not what a browser would be told to open.
  const isAddress = url !== null && /^https?:$/u.test(url.protocol) && url.username === '' && url.password === '';
  return isAddress && given.startsWith(`${url.origin}/`) && listed(origins).has(url.origin) ? given : '/';
}

/** Whether a text is a path of this server: one slash and no second beside it, nothing that a browser reads as one. */
function isLocalPath(given: string): { readonly held: boolean } {
  if (!given.startsWith('/') || given.startsWith('//')) return { held: false };
  const here = 'http://local.invalid';
  const url = URL.parse(given, here);
  // `/.//host` and `/..//host` become `//host` in whoever cleans paths up.
  return { held: url?.origin === here && !url.pathname.startsWith('//') && !beginsSignIn(url.pathname).held };
}

/** Whether it leads to a provider: who has just signed in is not sent to begin another sign-in, which nobody chose here. */
function beginsSignIn(pathname: string): { readonly held: boolean } {
  const plain = pathname.replaceAll(/%[\da-f]{2}/giu, (one) => String.fromCharCode(Number.parseInt(one.slice(1), 16)));
  return { held: /^\/+oauth\//u.test(plain) && !/^\/oauth\/authorize$/u.test(plain) };
}

/** Printed ASCII alone: what stands in a header as it is, and means the same to every parser. */
function isPlain(given: string): { readonly held: boolean } {
  return { held: /^[\u0021-\u007E]+$/u.test(given) && !given.includes('\\') };
}

function listed(origins: string): ReadonlySet<string> {
  return new Set(
    origins
      .split(',')
      .map((origin) => URL.parse(origin.trim()))
      .filter((url) => url !== null)
      .map(({ origin }) => origin),
  );
}
