import { lookup as systemLookup } from 'node:dns';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** A request to another server. */
export interface OutboundRequest {
  /** `https:` or `http:`; what follows `#` is not sent. */
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** A form (`application/x-www-form-urlencoded`), or text with a content type among the headers. */
  readonly body?: string | Readonly<Record<string, string>>;
  /**
   * Who chose the address: `operator` for one that stands in the settings, which may lead anywhere but to where a machine
   * learns its own credentials; `other` for one that came in an answer, which never leads into this host or a private
   * network.
   */
  readonly chosenBy: 'operator' | 'other';
  /** In ms, for all of it; 10 s where nothing is said. */
  readonly timeoutMs?: number;
  /** In bytes, of the body; 1 MiB where nothing is said. */
  readonly mostBytes?: number;
}

export interface OutboundAnswer {
  readonly status: number;
  /** Names in lower case; of several with one name the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The same as it came, for what is no text; parts that stand in for the network may leave it out. */
  readonly bytes?: Uint8Array;
}

/** Sends a request. Redirects are answers like any other: nothing is followed. @throws OutboundError */
export type Outbound = (asked: OutboundRequest) => Promise<OutboundAnswer>;

/** Why there is no answer; the sentence names neither credentials nor the body. */
export class OutboundError extends Error {
  /** Whether somebody answered at all, with what is not taken: compressed, too large, or cut off. */
  readonly answered: boolean;

  constructor(sentence: string, cause?: unknown, answered = false) {
    super(sentence, cause === undefined ? {} : { cause });
    this.name = 'OutboundError';
    this.answered = answered;
  }
}

/** What the network is made of; tests put in another name service. */
export interface OutboundParts {
  readonly lookup: LookupFunction;
}

const defaults = { timeoutMs: 10_000, mostBytes: 1_048_576 };

/** Addresses that no stranger may send us to (RFC 6890): this host, private and link-local networks, and their like. */
const inner = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  inner.addSubnet(net, prefix, 'ipv4');
}
/** Of IPv6 only the public part is let through (2000::/3), and of that not what carries IPv4 or documentation. */
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');
const innerV6 = new BlockList();
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const) {
  innerV6.addSubnet(net, prefix, 'ipv6');
}

/**
 * Where a rented machine learns its own credentials, asked by nothing but plain HTTP: link-local addresses, and those that
 * some providers have besides. No service to sign in with is there, and whoever may change settings need not hold the host.
 */
const credentials = new BlockList();
credentials.addSubnet('169.254.0.0', 16, 'ipv4');
credentials.addAddress('100.100.100.200', 'ipv4');
credentials.addSubnet('fe80::', 10, 'ipv6');
credentials.addAddress('fd00:ec2::254', 'ipv6');
credentials.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');

/** Whether a request may go to an address, by who chose where it goes. */
export function mayBeAsked(address: string, chosenBy: OutboundRequest['chosenBy']): { readonly held: boolean } {
  if (chosenBy === 'other') return isPublicAddress(address);
  const [plain = ''] = address.split('%', 1);
  const family = isIP(plain);
  return { held: family !== 0 && !credentials.check(plain, family === 6 ? 'ipv6' : 'ipv4') };
}

/** Whether an address belongs to the public internet. */
export function isPublicAddress(address: string): { readonly held: boolean } {
  switch (isIP(address)) {
    case 4:
      return { held: !inner.check(address, 'ipv4') };
    case 6:
      return { held: publicV6.check(address, 'ipv6') && !innerV6.check(address, 'ipv6') };
    default:
      return { held: false };
  }
}

/**
 * Speaks to other servers within bounds: a time for all of it, a size, no redirects, no compression, and for addresses
 * that strangers chose no way into inner networks. The address that is judged is the one that is connected to.
 */
export function outboundOver({ lookup }: OutboundParts = { lookup: systemLookup as LookupFunction }): Outbound {
  return async (asked) => {
    const url = URL.parse(asked.url);
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
      throw new OutboundError('An address of another server is no web address.');
    }
    const host = url.hostname.replace(/^\[|\]$/gu, '');
    if (isIP(host) !== 0 && !mayBeAsked(host, asked.chosenBy).held) throw notAsked();
    const { timeoutMs = defaults.timeoutMs, mostBytes = defaults.mostBytes } = asked;
    const { text, type } = bodyOf(asked.body);
    const send = url.protocol === 'https:' ? tlsRequest : plainRequest;
    return await new Promise<OutboundAnswer>((resolve, reject) => {
      const request = send(url, {
        method: asked.method ?? 'GET',
        headers: {
          'Accept': 'application/json',
          'User-Agent': 'Countersign',
          ...(type === undefined ? {} : { 'Content-Type': type }),
          ...asked.headers,
          'Accept-Encoding': 'identity',
          ...(text === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(text)) }),
        },
        agent: false,
        lookup: within(lookup, asked.chosenBy),
        signal: AbortSignal.timeout(timeoutMs),
      });
      request.on('error', (cause) => {
        reject(cause instanceof OutboundError ? cause : new OutboundError(`${host} did not answer.`, cause));
      });
      request.on('response', (response) => {
        read(response, mostBytes).then(resolve, (cause: unknown) => {
          request.destroy();
          reject(cause instanceof OutboundError ? cause : new OutboundError(`${host} broke off.`, cause, true));
        });
      });
      request.end(text);
    });
  };
}

function bodyOf(body: OutboundRequest['body']): { text?: string; type?: string } {
  if (body === undefined) return {};
  if (typeof body === 'string') return { text: body };
  return { text: new URLSearchParams(body).toString(), type: 'application/x-www-form-urlencoded' };
}

async function read(response: IncomingMessage, mostBytes: number): Promise<OutboundAnswer> {
  const { 'content-encoding': encoding } = response.headers;
  if (encoding !== undefined && encoding !== 'identity') {
    throw new OutboundError('An answer came compressed, unasked.', undefined, true);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new OutboundError('An answer is larger than it may be.', undefined, true);
    chunks.push(chunk);
  }
  if (!response.complete) throw new OutboundError('An answer broke off.', undefined, true);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = first;
  }
  const bytes = Buffer.concat(chunks);
  return { status: response.statusCode ?? 0, headers, text: bytes.toString('utf8'), bytes };
}

function within(lookup: LookupFunction, chosenBy: OutboundRequest['chosenBy']): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      const all = Array.isArray(found) ? found : [];
      const isBarred = all.length === 0 || all.some(({ address }) => !mayBeAsked(address, chosenBy).held);
      if (isBarred) callback(notAsked(), '', 0);
      else if (options.all === true) callback(null, all);
      else callback(null, all[0]?.address ?? '', all[0]?.family);
    });
  };
}

function notAsked(): OutboundError {
  return new OutboundError(
    'An address leads into an inner network that nobody here may choose, or that no operator chose.',
  );
}
