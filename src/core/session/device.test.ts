import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressKey, deviceKey } from './device.ts';

describe('the key of an address', () => {
  for (const [address, expected] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ] as const) {
    it(`of ${address} is ${expected}`, () => {
      assert.equal(addressKey(address), expected);
    });
  }
});

it('a device is its address and its client together', () => {
  const one = { door: 'rest', address: '192.0.2.7', userAgent: 'a', requestId: '' } as const;
  assert.equal(deviceKey(one), deviceKey({ ...one, door: 'ddp' }));
  assert.notEqual(deviceKey(one), deviceKey({ ...one, userAgent: 'b' }));
  assert.notEqual(deviceKey(one), deviceKey({ ...one, address: '192.0.2.8' }));
});
