import { isIPv6 } from 'node:net';
import { sha256Base64 } from '../../lib/digest.ts';
import type { Caller } from '../ports.ts';
import type { AddressList } from '../setting/address-list.ts';

/**
 * The address under which failures are counted: an IPv6 address is cut to its /64, since one household owns all of it;
 * an IPv4 address inside IPv6 counts as the IPv4 one.
 */
export function addressKey(address: string): string {
  // Nearly always: this is asked several times for each connection.
  if (!address.includes(':')) return address.toLowerCase().slice(0, 64);
  const plain = address.replace(/%.*$/u, '').toLowerCase();
  const mapped = /^(?:::ffff:)(\d+\.\d+\.\d+\.\d+)$/u.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(plain)) return plain.slice(0, 64);
  return `${first64Bits(plain)}::/64`;
}

/** Whether all of what is counted under an `addressKey` is on a list: of a /64 its first address and its last. */
export function isWhollyOn(list: AddressList, key: string): boolean {
  const [network, isNetwork] = [key.replace(/::\/64$/u, ''), key.endsWith('::/64')];
  if (!isNetwork) return list.has(key);
  return list.has(`${network}::`) && list.has(`${network}:ffff:ffff:ffff:ffff`);
}

/** Names a device: the address it comes from and the client it says it is. Not a secret, and no proof of anything. */
export function deviceKey(caller: Caller): string {
  return sha256Base64(JSON.stringify([addressKey(caller.address), caller.userAgent]));
}

function first64Bits(address: string): string {
  const [head = '', tail] = address.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  // An IPv4 tail (`::1.2.3.4`) stands for two groups.
  const groups = right.flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
  const middle =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - groups.length) }, () => '0');
  return [...left, ...middle, ...groups]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
