import { createHmac } from 'node:crypto';

/** A request that is to be signed. */
export interface OAuth1Request {
  readonly method: 'GET' | 'POST';
  /** With its query, which is signed as well. */
  readonly url: string;
  readonly consumer: { readonly key: string; readonly secret: string };
  /** What the provider gave before; undefined for the first request. */
  readonly token?: { readonly key: string; readonly secret: string } | undefined;
  /** More parameters of the protocol: `oauth_callback`, `oauth_verifier`. */
  readonly params?: Readonly<Record<string, string>>;
  readonly nonce: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/**
 * The `Authorization` header of a request by OAuth 1.0 with HMAC-SHA1 (RFC 5849 §3).
 * @returns the header's value; parameters in the order in which they are written there
 */
export function oauth1Header(request: OAuth1Request): string {
  const { consumer, token, params = {}, nonce, timestamp } = request;
  const protocol: Readonly<Record<string, string>> = {
    oauth_consumer_key: consumer.key,
    ...(token === undefined ? {} : { oauth_token: token.key }),
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(timestamp),
    oauth_nonce: nonce,
    ...params,
  };
  const signature = oauth1Signature(request, protocol);
  const written = Object.entries({ ...protocol, oauth_signature: signature }).map(
    ([name, value]) => `${encoded(name)}="${encoded(value)}"`,
  );
  return `OAuth ${written.join(', ')}`;
}

/** The signature over method, address and every parameter (RFC 5849 §3.4). */
export function oauth1Signature(
  { method, url, consumer, token }: Pick<OAuth1Request, 'method' | 'url' | 'consumer' | 'token'>,
  protocol: Readonly<Record<string, string>>,
): string {
  const key = `${encoded(consumer.secret)}&${encoded(token?.secret ?? '')}`;
  return createHmac('sha1', key)
    .update(oauth1Base(method, url, protocol))
    .digest('base64');
}

/** The text that is signed (RFC 5849 §3.4.1). */
export function oauth1Base(method: string, address: string, protocol: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  const all = [...url.searchParams, ...Object.entries(protocol)]
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .toSorted((one, other) => (one[0] === other[0] ? order(one[1], other[1]) : order(one[0], other[0])))
    .map(([name, value]) => `${name}=${value}`);
  return [method, `${url.origin}${url.pathname}`, all.join('&')].map(encoded).join('&');
}

/** In the order of their bytes: encoded text is ASCII. */
function order(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Everything but the unreserved characters in hexadecimal (RFC 5849 §3.6). */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
