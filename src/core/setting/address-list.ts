import { BlockList, isIP } from 'node:net';

/** Addresses and networks, as a text with commas names them. */
export interface AddressList {
  has(address: string): boolean;
}

/**
 * Reads addresses and CIDR ranges that are separated by commas.
 * @returns undefined where an entry is neither: what was meant is not guessed
 */
export function addressList(text: string): AddressList | undefined {
  const list = new BlockList();
  for (const entry of text.split(',').map((item) => item.trim())) {
    if (entry === '') continue;
    const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/u.exec(entry) ?? [];
    const version = isIP(address);
    // A zone (`fe80::1%eth0`) means something on one host only.
    if (version === 0 || address.includes('%')) return undefined;
    const most = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : Number(bits);
    if (prefix > most) return undefined;
    list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  }
  return {
    has(address) {
      const plain = address.replace(/%.*$/u, '');
      const version = isIP(plain);
      return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
}
