import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { futureOf } from './future.ts';

describe('the moment at which something shall end', () => {
  it('is a moment of ISO 8601, or a day', () => {
    const told = {
      '2027-01-31': '2027-01-31T00:00:00.000Z',
      '2027-01-31T10:20Z': '2027-01-31T10:20:00.000Z',
      '2027-01-31T10:20:30.5+02:00': '2027-01-31T08:20:30.500Z',
      '2028-02-29T00:00:00Z': '2028-02-29T00:00:00.000Z',
    };
    for (const [text, at] of Object.entries(told)) assert.equal(new Date(futureOf(text)).toISOString(), at);
  });

  it('is nothing else', () => {
    const odd = ['', 'tomorrow', '2027-02-29', '2027-13-01', '2027-1-1', '2027-01-31T10:20:30', '1830000000000'];
    for (const text of [...odd, '2027-01-31T25:00Z', '+012027-01-01', '2027-01-31 ', ' 2027-01-31', 'Infinity']) {
      assert.throws(() => futureOf(text), { code: 'date-not-future' }, text);
    }
  });
});
