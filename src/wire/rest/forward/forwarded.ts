import type { IncomingHttpHeaders } from 'node:http';

/** The request that a proxy asks about. */
export interface Forwarded {
  /** The whole address, as the proxy tells; undefined where it tells none that makes sense. */
  readonly address: string | undefined;
  /** Whether it is a browser that wants to see a page: such a one may be sent to sign in. */
  readonly wantsPage: boolean;
}

/**
 * What the proxy says of the request. Whoever lies here is sent to sign in and then nowhere else: the address is held
 * against the list of origins before anybody goes there.
 * @param path of the request itself, for proxies that send it along in their own (Envoy)
 */
export function forwardedOf(headers: IncomingHttpHeaders, verb: string, path: string | undefined): Forwarded {
  const scheme = word(headers['x-forwarded-proto']) ?? 'http';
  const host = word(headers['x-forwarded-host']) ?? (path === undefined ? undefined : word(headers.host));
  const target = path ?? text(headers['x-forwarded-uri']) ?? '/';
  const told = text(headers['x-original-url']) ?? (host === undefined ? '' : `${scheme}://${host}${target}`);
  const address = URL.parse(told);
  const method = word(headers['x-forwarded-method']) ?? word(headers['x-original-method']) ?? verb;
  return {
    address: address === null || !/^https?:$/u.test(address.protocol) ? undefined : address.href,
    wantsPage:
      (method === 'GET' || method === 'HEAD') &&
      (headers.accept ?? '').includes('text/html') &&
      headers.upgrade === undefined &&
      headers['x-requested-with'] === undefined,
  };
}

function text(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A single word: where a header came twice, somebody added to what the proxy wrote, and nothing of it is believed. */
function word(value: string | readonly string[] | undefined): string | undefined {
  const found = text(value);
  return found?.includes(',') === true ? undefined : found;
}
