import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eight, freshId, noon, type OpenGround, race } from './samples.suite.ts';
import type { OpenedStore } from './store.ts';

const windowMs = 60_000;

/** What every backend must keep to, races included. */
export function callCountsSuite(backend: string, open: OpenGround): void {
  describe(`shared counts on ${backend}`, () => {
    let store: OpenedStore;
    before(async () => {
      ({ store } = await open());
    });
    after(async () => {
      await store.close();
    });
    const count = async (key: string, now = noon) => await store.counts.count({ key, windowMs, now });

    it('are of their key alone', async () => {
      const [one, other] = [freshId(), freshId()];
      assert.deepEqual(await count(one), { calls: 1, endsAt: noon + windowMs });
      assert.deepEqual(await count(one, noon + 7), { calls: 2, endsAt: noon + windowMs });
      assert.deepEqual(await count(other, noon + 7), { calls: 1, endsAt: noon + 7 + windowMs });
    });

    it('are seen without being counted', async () => {
      const key = freshId();
      assert.deepEqual(await store.counts.seen(key, noon), { calls: 0, endsAt: noon });
      await count(key);
      await count(key);
      assert.deepEqual(await store.counts.seen(key, noon + 5), { calls: 2, endsAt: noon + windowMs });
      assert.equal((await store.counts.seen(key, noon + windowMs)).calls, 0);
    });

    it('begin anew when their window is over, and when a clock was set far back', async () => {
      const key = freshId();
      await count(key);
      assert.equal((await count(key, noon + windowMs - 1)).calls, 2);
      assert.deepEqual(await count(key, noon + windowMs), { calls: 1, endsAt: noon + 2 * windowMs });
      assert.equal((await count(key, noon + windowMs - 30_000)).calls, 2, 'clocks of nodes differ by a little');
      assert.deepEqual(await count(key, noon - 3_600_000), { calls: 1, endsAt: noon - 3_600_000 + windowMs });
    });

    it('miss none of eight at once', async () => {
      await race(store, async () => {
        const key = freshId();
        const counted = await eight(async () => await count(key));
        assert.deepEqual(
          counted.map(({ calls }) => calls).toSorted((one, other) => one - other),
          [1, 2, 3, 4, 5, 6, 7, 8],
        );
      });
    });

    it('are forgotten after their end, a few at a time', async () => {
      await store.counts.sweep(noon * 2, 10_000);
      for (let made = 0; made < 5; made += 1) await count(freshId());
      await count(freshId(), noon + 1);
      assert.equal(await store.counts.sweep(noon + windowMs, 3), 3);
      assert.equal(await store.counts.sweep(noon + windowMs, 3), 2);
      assert.equal(await store.counts.sweep(noon + windowMs, 3), 0);
    });
  });
}
