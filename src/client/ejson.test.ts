import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeEjson, encodeEjson } from '../wire/shapes/ejson.ts';
import { decode, encode } from './ejson.ts';

const day = new Date(1_803_085_735_407);

const values: readonly (readonly [string, unknown, unknown])[] = [
  ['a date', day, { $date: 1_803_085_735_407 }],
  ['an invalid date', new Date(Number.NaN), { $date: null }],
  ['bytes', new Uint8Array([0, 1, 254, 255]), { $binary: 'AAH+/w==' }],
  ['no bytes', new Uint8Array(), { $binary: '' }],
  ['not a number', Number.NaN, { $InfNaN: 0 }],
  ['infinity', Number.POSITIVE_INFINITY, { $InfNaN: 1 }],
  ['minus infinity', Number.NEGATIVE_INFINITY, { $InfNaN: -1 }],
  ['what looks like a date', { $date: 5 }, { $escape: { $date: 5 } }],
  ['what looks like an escape', { $escape: { $date: 5 } }, { $escape: { $escape: { $escape: { $date: 5 } } } }],
  ['a date beside another key', { $date: 1, x: 2 }, { $date: 1, x: 2 }],
  ['a dollar key that means nothing', { $ne: null }, { $ne: null }],
  ['values within values', { a: [day, { b: [] }] }, { a: [{ $date: day.getTime() }, { b: [] }] }],
  ['plain data', [1, 'a', null, true, {}], [1, 'a', null, true, {}]],
];

describe('EJSON of the client', () => {
  for (const [name, value, wire] of values) {
    it(`takes ${name} to the server and back`, () => {
      assert.deepEqual(encode(value), wire);
      assert.deepEqual(decode(wire), value);
      assert.deepEqual(decodeEjson(JSON.parse(JSON.stringify(encode(value)))), value);
      assert.deepEqual(decode(JSON.parse(JSON.stringify(encodeEjson(value)))), value);
    });
  }

  it('leaves what it does not know as it is', () => {
    for (const value of [
      { $binary: '!' },
      { $binary: 5 },
      { $date: 'x' },
      { $type: 'oid', $value: 1 },
      { $escape: 1 },
    ]) {
      assert.deepEqual(decode(value), value);
    }
  });

  it('makes no prototype of a member', () => {
    const read = decode(JSON.parse('{"__proto__":{"isAdmin":true}}')) as { readonly isAdmin?: boolean };
    assert.equal(read.isAdmin, undefined);
    assert.deepEqual(Object.keys(read), ['__proto__']);
  });
});
