import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Settings } from '../../core/setting/settings.ts';
import { cut, pageOf, sortOf } from './paging.ts';

function settings(values: Readonly<Record<string, number | boolean>>): Pick<Settings, 'get'> {
  return { get: (id) => values[id] as never };
}

describe('paging', () => {
  const usual = settings({ API_Default_Count: 50, API_Upper_Count_Limit: 100, API_Allow_Infinite_Count: true });

  it('keeps to the limits of the settings', () => {
    assert.deepEqual(pageOf(usual, {}), { offset: 0, count: 50 });
    assert.deepEqual(pageOf(usual, { offset: 5, count: 7 }), { offset: 5, count: 7 });
    assert.deepEqual(pageOf(usual, { count: 1000 }), { offset: 0, count: 100 });
    const finite = settings({ API_Default_Count: 0, API_Upper_Count_Limit: 0, API_Allow_Infinite_Count: false });
    assert.deepEqual(pageOf(finite, { count: 0 }), { offset: 0, count: 50 });
    assert.deepEqual(pageOf(finite, { count: 200 }), { offset: 0, count: 100 });
  });

  it('gives no more than 1,000, whatever the settings say', () => {
    assert.deepEqual(pageOf(usual, { count: 0 }), { offset: 0, count: 1000 });
    const wide = settings({
      API_Default_Count: 1_000_000,
      API_Upper_Count_Limit: 1_000_000,
      API_Allow_Infinite_Count: false,
    });
    for (const count of [undefined, 0, 5000]) assert.deepEqual(pageOf(wide, { count }), { offset: 0, count: 1000 });
  });

  it('cuts a list', () => {
    assert.deepEqual(cut([1, 2, 3, 4], { offset: 1, count: 2 }), [2, 3]);
    assert.deepEqual(cut([1, 2, 3, 4], { offset: 1, count: 1000 }), [2, 3, 4]);
    assert.deepEqual(cut([1], { offset: 5, count: 2 }), []);
  });

  it('reads an order', () => {
    assert.deepEqual(sortOf(undefined), []);
    assert.deepEqual(sortOf('{"a":1,"b":-1}'), [
      { field: 'a', ascending: true },
      { field: 'b', ascending: false },
    ]);
    for (const wrong of [
      'x',
      '[]',
      'null',
      '1',
      '{"a":0}',
      '{"a":"1"}',
      '{"a":{"$gt":1}}',
      `{"${'a'.repeat(2000)}":1}`,
    ]) {
      assert.equal(sortOf(wrong), undefined, wrong);
    }
  });
});
