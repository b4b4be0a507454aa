import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FirstVisit } from './first-visit.ts';

it('the first visit lies ahead until somebody has signed in, and costs one look in two seconds', async () => {
  let now = 1_000_000;
  let [entries, looks, isDone]: [object[], number, boolean] = [[], 0, false];
  const visit = new FirstVisit({
    clock: { now: () => now },
    settings: { get: () => isDone as never },
    audit: {
      page: async (filter) => {
        looks += 1;
        assert.deepEqual(filter, { what: ['log-in'], outcome: 'done' });
        return await Promise.resolve({ entries: entries as never, next: undefined });
      },
    },
  });
  const isAhead = async (): Promise<boolean> => (await visit.isAhead()).held;
  assert.deepEqual([await isAhead(), await isAhead(), looks], [true, true, 1]);
  isDone = true;
  assert.equal(await isAhead(), false);
  isDone = false;
  entries = [{}];
  assert.equal(await isAhead(), true);
  now += 2_000;
  assert.deepEqual([await isAhead(), await isAhead(), looks], [false, false, 2]);
  // What the trail forgets later changes nothing.
  entries = [];
  now += 60_000;
  assert.equal(await isAhead(), false);
});
