/** Longer ones are nobody's. */
const longestRedirect = 2_048;
/** An application with more addresses than these is several applications. */
const mostRedirects = 100;

/**
 * The addresses that stand in a text, one on each line or separated by commas.
 * @returns undefined where there is none, or one of them may not be registered
 */
export function redirectsIn(text: string): readonly string[] | undefined {
  const all = text
    .split(/[\n\r,]/u)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const redirects = [...new Set(all)];
  const isGood = redirects.length > 0 && redirects.length <= mostRedirects && redirects.every(mayBeRegistered);
  return isGood ? redirects : undefined;
}

/**
 * Whether browsers may be sent to an address: absolute, `http` or `https` with a host, or a scheme of a program's own that
 * is a domain name turned round (RFC 8252 §7.1); without a fragment, a wildcard, a name and password, or a character that
 * one program reads in another way than the next (RFC 9700 §4.1.3).
 */
export function mayBeRegistered(address: string): boolean {
  if (address.length > longestRedirect || !/^[\w!$%&'()*+./:;=?@[\]~-]+$/u.test(address) || address.includes('*')) {
    return false;
  }
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:' || url.protocol === 'http:') {
    return /^https?:\/\/[^/]/iu.test(address) && url.hostname !== '' && !hasDotSegment(address);
  }
  return /^[a-z][a-z\d+-]*(?:\.[a-z\d+-]+)+:$/u.test(url.protocol);
}

/** Whether a server may be told something at an address: `http` or `https`, and what is asked of every address. */
export function mayBeTold(address: string): boolean {
  return mayBeRegistered(address) && /^https?:/iu.test(address);
}

const ownMachine: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether these addresses can be of one application. A program on people's own machines comes back by a scheme of its
 * own, by `http` on that machine alone, or by an `https` address of the web (RFC 8252 §7); one of the web by no scheme of
 * its own, not even after signing out.
 */
export function goTogether(redirects: readonly string[], postLogoutRedirects: readonly string[]): boolean {
  const isOfWeb = (address: string): boolean => /^https?:/iu.test(address);
  const all = [...redirects, ...postLogoutRedirects];
  if (redirects.every(isOfWeb)) return all.every(isOfWeb);
  return all.filter(isOfWeb).every((address) => {
    const url = URL.parse(address);
    return url !== null && (url.protocol === 'http:') === ownMachine.has(url.hostname);
  });
}

/** A path that another program would shorten. */
function hasDotSegment(address: string): boolean {
  return /(?:\/|%2f)(?:\.|%2e){1,2}(?:[/;?]|%2f|$)/iu.test(address);
}

/** So long a code is good (RFC 6749 §4.1.2: ten minutes at most). */
export const codeLifeMs = 300_000;
/** A code that was used is remembered so long, so that whoever brings it again ends what came of it. */
export const usedCodeMs = 3_600_000;
export const accessLifeMs = 3_600_000;
export const refreshLifeMs = 1_209_600_000;
/**
 * Two requests of one client may bring the same refresh token at once: the second is refused, and ends nothing. Later it
 * is taken for a stolen one (RFC 9700 §4.14.2).
 */
export const refreshRaceMs = 10_000;
/** So many pairs of one family that were replaced are remembered, so that whoever brings one again ends them all. */
export const mostReplaced = 5;
