import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { describe, it } from 'node:test';
import { clientAddress } from './client-address.ts';

const trusted = new BlockList();
trusted.addSubnet('10.0.0.0', 8, 'ipv4');
trusted.addAddress('::1', 'ipv6');
const list = { trusted, hops: 0 };
const none = { trusted: undefined, hops: 0 };

describe('the address of a client', () => {
  const cases: readonly [string, string, string | undefined, Parameters<typeof clientAddress>[2], string][] = [
    ['believes no header without trusted proxies', '198.51.100.7', '1.1.1.1', none, '198.51.100.7'],
    ['believes no header from a peer that is not on the list', '198.51.100.7', '1.1.1.1', list, '198.51.100.7'],
    [
      'takes the right-most address that is no trusted proxy',
      '10.0.0.1',
      '1.1.1.1, 203.0.113.5, 10.9.9.9',
      list,
      '203.0.113.5',
    ],
    [
      'takes the first address when all of them are trusted proxies',
      '10.0.0.1',
      '10.1.1.1, 10.2.2.2',
      list,
      '10.1.1.1',
    ],
    ['stays with the peer when the nearest part is no address', '10.0.0.1', '203.0.113.5, evil', list, '10.0.0.1'],
    ['counts hops from the right', '192.0.2.1', '1.1.1.1, 203.0.113.5', { trusted: undefined, hops: 1 }, '203.0.113.5'],
    [
      'stays with the peer when there are fewer parts than hops',
      '192.0.2.1',
      '1.1.1.1',
      { trusted: undefined, hops: 2 },
      '192.0.2.1',
    ],
    ['takes an IPv4 address out of IPv6', '::ffff:192.0.2.1', undefined, none, '192.0.2.1'],
    ['drops ports and brackets', '::1', '[2001:db8::5]:443', list, '2001:db8::5'],
    ['is the peer without a header', '10.0.0.1', undefined, list, '10.0.0.1'],
  ];
  for (const [name, peer, header, trust, expected] of cases) {
    it(name, () => {
      assert.equal(clientAddress(peer, header, trust), expected);
    });
  }
});
