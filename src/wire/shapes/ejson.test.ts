import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeEjson, encodeEjson } from './ejson.ts';

const day = new Date(1_803_085_735_407);

/** Values and how they travel, the same in both directions. */
const pairs: readonly (readonly [string, unknown, unknown])[] = [
  ['a date', day, { $date: 1_803_085_735_407 }],
  ['an invalid date', new Date(Number.NaN), { $date: null }],
  ['bytes', new Uint8Array([1, 2]), { $binary: 'AQI=' }],
  ['no bytes', new Uint8Array(), { $binary: '' }],
  ['not a number', Number.NaN, { $InfNaN: 0 }],
  ['infinity', Number.POSITIVE_INFINITY, { $InfNaN: 1 }],
  ['minus infinity', Number.NEGATIVE_INFINITY, { $InfNaN: -1 }],
  ['a pattern', /a.b/i, { $regexp: 'a.b', $flags: 'i' }],
  ['an unknown type', { $type: 'oid', $value: '507f' }, { $type: 'oid', $value: '507f' }],
  ['what looks like a date', { $date: 5 }, { $escape: { $date: 5 } }],
  ['what looks like an escape', { $escape: { $date: 5 } }, { $escape: { $escape: { $escape: { $date: 5 } } } }],
  ['a date beside another key', { $date: 1, x: 2 }, { $date: 1, x: 2 }],
  ['a dollar key that means nothing', { $ne: null }, { $ne: null }],
  [
    'values within values',
    { a: [day, { b: day }] },
    { a: [{ $date: day.getTime() }, { b: { $date: day.getTime() } }] },
  ],
  ['plain data', [1, 'a', null, true, { a: [1] }], [1, 'a', null, true, { a: [1] }]],
  ['an empty object', {}, {}],
];

describe('EJSON', () => {
  for (const [name, value, wire] of pairs) {
    it(`writes ${name}`, () => {
      assert.deepEqual(encodeEjson(value), wire);
    });
    it(`reads ${name}`, () => {
      assert.deepEqual(decodeEjson(wire), value);
    });
  }

  const plain: readonly unknown[] = [
    { $date: '2020-01-01' },
    { $date: { $gt: 1 } },
    { $binary: 'not base64!' },
    { $binary: 5 },
    { $InfNaN: 2 },
    { $regexp: '(', $flags: '' },
    { $regexp: 'a', $flags: 'q' },
    { $regexp: 'a'.repeat(1001), $flags: '' },
    { $regexp: 'a' },
    { $escape: 5 },
    { $type: 'oid', $value: { $gt: '' } },
  ];
  for (const value of plain) {
    it(`leaves ${JSON.stringify(value).slice(0, 40)} the object it is`, () => {
      assert.deepEqual(decodeEjson(value), value);
    });
  }

  it('decodes what stands inside an escaped object', () => {
    assert.deepEqual(decodeEjson({ $escape: { $date: { $date: 5 } } }), { $date: new Date(5) });
  });

  it('changes nothing that is handed in', () => {
    const given = { a: [{ $date: 5 }] };
    decodeEjson(given);
    encodeEjson({ a: day });
    assert.deepEqual(given, { a: [{ $date: 5 }] });
  });

  it('hands plain values through without a copy', () => {
    const given = { a: [1, { b: 'x' }] };
    assert.equal(decodeEjson(given), given);
    assert.equal(encodeEjson(given), given);
  });

  it('reaches no prototype through an own key of that name', () => {
    const given: unknown = JSON.parse('{"__proto__":{"isAdmin":true,"at":{"$date":5}},"constructor":{"$date":6}}');
    const read = decodeEjson(given) as Record<string, unknown>;
    assert.equal(Object.getPrototypeOf(read), Object.prototype);
    assert.deepEqual(Object.keys(read), ['__proto__', 'constructor']);
    assert.equal(({} as Record<string, unknown>)['isAdmin'], undefined);
    assert.equal((read as { isAdmin?: unknown }).isAdmin, undefined);
  });

  it('refuses what nests too deep, and takes what any argument needs', () => {
    const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    assert.deepEqual(decodeEjson(nested(64)), nested(64));
    assert.throws(() => decodeEjson(nested(65)), { code: 'malformed' });
    assert.throws(() => decodeEjson(nested(200_000)), { code: 'malformed' });
    assert.throws(() => decodeEjson(JSON.parse('{"$escape":'.repeat(100) + '1' + '}'.repeat(100))), {
      code: 'malformed',
    });
  });

  it('leaves undefined to JSON: no key in an object, null in an array', () => {
    assert.equal(JSON.stringify(encodeEjson({ a: undefined, b: [undefined] })), '{"b":[null]}');
  });
});
