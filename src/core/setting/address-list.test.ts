import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressList } from './address-list.ts';

describe('a list of addresses', () => {
  it('has its addresses and everything in its networks', () => {
    const list = addressList(' 203.0.113.9 ,198.51.100.0/24,, 2001:db8:1::/48, 2001:db8:2::7,');
    for (const inside of [
      '203.0.113.9',
      '198.51.100.255',
      '2001:db8:1:ffff::1',
      '2001:DB8:2:0::7',
      '::ffff:203.0.113.9',
    ]) {
      assert.equal(list?.has(inside), true, inside);
    }
    for (const outside of [
      '203.0.113.10',
      '198.51.101.0',
      '2001:db8:3::1',
      '2001:db8:2::8',
      '',
      'here',
      '203.0.113.9.',
    ]) {
      assert.equal(list?.has(outside), false, outside);
    }
    assert.equal(addressList('')?.has('203.0.113.9'), false);
    assert.equal(addressList('0.0.0.0/0')?.has('203.0.113.9'), true);
  });

  it('is refused as a whole where one entry is not understood', () => {
    for (const bad of [
      'localhost',
      '203.0.113.9;203.0.113.10',
      '203.0.113.9 203.0.113.10',
      '203.0.113',
      '203.0.113.9/33',
      '203.0.113.9/-1',
      '203.0.113.9/',
      '203.0.113.9/24/24',
      '203.0.113.0/2 4',
      '203.0.113.09',
      '2001:db8::/129',
      'fe80::1%eth0',
      '*',
      '203.0.113.*',
      '203.0.113.9, nonsense',
    ]) {
      assert.equal(addressList(bad), undefined, bad);
    }
  });
});
