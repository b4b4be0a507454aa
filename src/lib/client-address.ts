import { type BlockList, isIP } from 'node:net';

/** Which proxies are believed (design §3.6). */
export interface ProxyTrust {
  /** Proxies by address; where there is such a list, `hops` is not looked at. */
  readonly trusted: BlockList | undefined;
  /** How many proxies stand in front; 0 believes no header. */
  readonly hops: number;
}

/**
 * The address a request came from. Only `X-Forwarded-For` is read, and only what trusted proxies appended to it: with
 * a list the right-most address that is no trusted proxy, with a count of hops the one so far from the right.
 * @param peer the address at the other end of the socket
 * @param forwardedFor the header as received, or undefined
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, trust: ProxyTrust): string {
  const direct = plain(peer);
  if (forwardedFor === undefined) return direct;
  const chain = forwardedFor.split(',').map((part) => plain(part.trim()));
  if (trust.trusted !== undefined) {
    if (!isTrusted(trust.trusted, direct)) return direct;
    for (const address of chain.toReversed()) {
      // A part that is no address breaks the chain: nothing left of it can be believed.
      if (isIP(address) === 0) return direct;
      if (!isTrusted(trust.trusted, address)) return address;
    }
    return chain[0] ?? direct;
  }
  if (trust.hops <= 0) return direct;
  const address = chain[chain.length - trust.hops];
  return address !== undefined && isIP(address) !== 0 ? address : direct;
}

/** Whether a peer is a proxy that is believed; of a count of hops every peer is taken for one. */
export function isProxy(peer: string, { trusted, hops }: ProxyTrust): boolean {
  return trusted === undefined ? hops > 0 : isTrusted(trusted, plain(peer));
}

function isTrusted(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** Without port, brackets and zone, and IPv4 inside IPv6 as IPv4. */
function plain(address: string): string {
  const inBrackets = /^\[([^\]]*)\](?::\d+)?$/u.exec(address)?.[1] ?? address;
  const withoutPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/u.exec(inBrackets)?.[1] ?? inBrackets;
  const withoutZone = withoutPort.replace(/%.*$/u, '');
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(withoutZone)?.[1] ?? withoutZone;
}
