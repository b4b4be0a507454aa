import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldOf, unwrapped, usual, valueAt } from './identity-fields.ts';

const identity = {
  sub: 'one',
  mail: 'ada@example.org',
  number: 42,
  name: { first: ' Ada ', last: 'Lovelace' },
  list: [{ value: 'first' }, 'second'],
  nothing: null,
  long: 'x'.repeat(2_000),
  dotted: { 'a.b': 'never' },
};

describe('a path', () => {
  it('finds what an answer holds, in lists by number', () => {
    const found = ['sub', 'name.last', 'list.0.value', 'list.1', 'nothing.x', 'dotted.a.b', '', 'list.2'].map((path) =>
      valueAt(identity, path),
    );
    assert.deepEqual(found, ['one', 'Lovelace', 'first', 'second', undefined, undefined, undefined, undefined]);
  });

  it('finds nothing that objects, lists and texts inherit', () => {
    for (const path of [
      '__proto__',
      '__proto__.toString',
      'constructor',
      'constructor.name',
      'toString',
      'list.length.toString',
      'list.map',
      'sub.length',
      'sub.0',
      'a.b.$c',
    ]) {
      assert.equal(valueAt(identity, path), undefined, path);
    }
    assert.equal(valueAt(JSON.parse('{"__proto__":{"x":"own"}}'), '__proto__.x'), 'own');
  });
});

describe('a formula', () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    'mail': 'ada@example.org',
    'number': '42',
    'name': undefined,
    'long': undefined,
    '{{name.first}} {{name.last}}': 'Ada Lovelace',
    'x-{{sub}}': 'x-one',
    '{{name.first}}{{missing}}': undefined,
    '{{/^(.+)@/::mail}}': 'ada',
    '{{/@(.+)$/::mail}}/{{/^(.)/::sub}}': 'example.org/o',
    '{{/^(x)@/::mail}}': undefined,
    '{{/no group/::mail}}': undefined,
    '{{/(/::mail}}': undefined,
    '{{/::mail}}': undefined,
    '{{': undefined,
    '{{constructor.name}}': undefined,
  };
  for (const [formula, found] of Object.entries(cases)) {
    it(`${formula} finds ${found ?? 'nothing'}`, () => {
      assert.equal(fieldOf(identity, formula), formula === '{{' ? '{{' : found);
    });
  }

  it('is given up where its expression would go on for ever', () => {
    const begun = performance.now();
    assert.equal(fieldOf({ x: `${'a'.repeat(1_000)}!` }, '{{/^(a+)+$/::x}}'), undefined);
    assert.ok(performance.now() - begun < 2_000);
  });
});

describe('the usual places', () => {
  it('are asked in their order', () => {
    assert.deepEqual(
      [
        usual.id({ sub: 'last', id: 4711 }),
        usual.id({ metadata: { uid: 'x' } }),
        usual.id({ ocs: { data: { id: 'cloud' } } }),
        usual.id({ user: { userid: 5 } }),
        usual.id({ id: { $ne: '' }, sub: 'told' }),
        usual.id({ id: 'x'.repeat(256) }),
        usual.id({ id: 2 ** 53 }),
        usual.id({}),
      ],
      ['4711', 'x', 'cloud', '5', 'told', undefined, undefined, undefined],
    );
    assert.equal(usual.email({ emails: [{ address: 'a@example.org' }] }), 'a@example.org');
    assert.equal(usual.email({ emails: ['b@example.org'] }), 'b@example.org');
    assert.equal(usual.name({ preferred_username: 'ada', nickname: 'Countess' }), 'Countess');
  });

  it('may lie in a wrapping', () => {
    assert.deepEqual(unwrapped({ result: [{ id: 1 }] }), { id: 1 });
    assert.deepEqual(unwrapped({ result: { id: 2 } }), { id: 2 });
    assert.deepEqual(unwrapped({ id: 3, result: { id: 4 } }), { id: 3, result: { id: 4 } });
    assert.deepEqual(unwrapped({ result: 'x' }), { result: 'x' });
  });
});
