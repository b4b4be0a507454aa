import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Limiter } from './limiter.ts';

describe('the limiter', () => {
  const limit = { calls: 2, windowMs: 1000 };

  it('counts in fixed windows, by address, route and verb', () => {
    let now = 5_000;
    const limiter = new Limiter({ now: () => now });
    const count = (address = '192.0.2.1', route = 'get /a'): boolean => limiter.count(address, route, limit).held;
    assert.deepEqual([count(), count(), count()], [true, true, false]);
    assert.ok(count('192.0.2.2'));
    assert.ok(count('192.0.2.1', 'post /a'));
    assert.ok(!count('::ffff:192.0.2.1'));
    now += 999;
    assert.ok(!count());
    now += 1;
    assert.ok(count());
    now -= 100_000;
    assert.ok(count());
  });

  it('takes a whole network of IPv6 for one', () => {
    const limiter = new Limiter({ now: () => 0 });
    const held = Array.from({ length: 100 }, (_, host) => limiter.count(`2001:db8:1:2::${host}`, 'r', limit).held);
    assert.equal(held.filter(Boolean).length, 2);
    assert.ok(limiter.count('2001:db8:1:3::1', 'r', limit).held);
  });

  it('remembers only so many', () => {
    const limiter = new Limiter({ now: () => 0 }, 10);
    for (let host = 0; host < 100; host += 1) limiter.count(`10.0.0.${host}`, 'r', limit);
    assert.ok(limiter.size <= 10);
  });
});
