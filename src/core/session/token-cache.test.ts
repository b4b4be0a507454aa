import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Events, Happening } from '../ports.ts';
import { sampleAccount, sampleToken } from '../samples.suite.ts';
import type { Signed } from './token.ts';
import { TokenCache } from './token-cache.ts';

const lifeMs = 5_000;

/** A cache over a clock and announcements that move by hand. */
function openCache(most = 100) {
  let now = 1_000_000;
  const hearers: ((happening: Happening) => void)[] = [];
  const events: Events = {
    publish: (happening) => {
      for (const hear of hearers) hear(happening);
    },
    subscribe: (hear) => {
      hearers.push(hear);
      return () => undefined;
    },
    onGap: () => () => undefined,
  };
  const cache = new TokenCache({ now: () => now }, events, { most, lifeMs });
  return {
    cache,
    keep(signed: Signed) {
      cache.keep(signed.token.hash, signed, cache.age);
    },
    end(accountId: string) {
      events.publish({ kind: 'account', accountId, changed: [], forced: false });
    },
    move(ms: number) {
      now += ms;
    },
  };
}

function signedBy(account = sampleAccount()): Signed {
  return { account, token: sampleToken(account.id) };
}

describe('tokens in memory', () => {
  it('are all forgotten with their account, whether it has one or several', () => {
    const { cache, keep, end } = openCache();
    const [one, several] = [sampleAccount(), sampleAccount()];
    const kept = [signedBy(one), signedBy(several), signedBy(several), signedBy(several)];
    for (const signed of kept) keep(signed);
    const there = (): boolean[] => kept.map(({ token }) => cache.get(token.hash) !== undefined);
    assert.deepEqual(there(), [true, true, true, true]);
    end(several.id);
    assert.deepEqual(there(), [true, false, false, false]);
    end(one.id);
    assert.deepEqual(there(), [false, false, false, false]);
  });

  it('count for a while and leave when somebody tidies, the oldest first', () => {
    const { cache, keep, move } = openCache();
    const [old, young] = [signedBy(), signedBy()];
    keep(old);
    move(lifeMs - 1);
    keep(young);
    move(1);
    cache.tidy(Number.POSITIVE_INFINITY);
    assert.equal(cache.get(young.token.hash), young);
    move(-2);
    // Within its time again by a clock that was set back: what was dropped stays dropped.
    assert.equal(cache.get(old.token.hash), undefined);
  });

  it('live anew when they are read again', () => {
    const { cache, keep, move } = openCache();
    const [first, second] = [signedBy(), signedBy()];
    keep(first);
    keep(second);
    move(lifeMs - 1);
    keep(first);
    move(1);
    cache.tidy(Number.POSITIVE_INFINITY);
    assert.equal(cache.get(first.token.hash), first);
    assert.equal(cache.get(second.token.hash), undefined);
  });

  it('are no more than so many', () => {
    const { cache, keep } = openCache(2);
    const kept = [signedBy(), signedBy(), signedBy()];
    for (const signed of kept) keep(signed);
    assert.deepEqual(
      kept.map(({ token }) => cache.get(token.hash) !== undefined),
      [false, true, true],
    );
  });
});
