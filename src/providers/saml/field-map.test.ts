import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldMapOf, fieldOf, valuesOf } from './field-map.ts';
import { isWithin, momentOf } from './times.ts';

describe('the field map of SAML', () => {
  const attributes = new Map<string, readonly string[]>([
    ['mail', ['jane@example.com', 'other@example.com']],
    ['given_name', ['Jane']],
    ['sn', ['Doe']],
    ['http://schemas.example/claims/upn', ['jane@corp']],
    ['empty', ['']],
    ['__proto__', ['evil']],
  ]);
  const field = (rule: unknown): string | undefined =>
    fieldOf(fieldMapOf(JSON.stringify({ name: rule })).name, attributes);

  it('takes the first value of an attribute, or of the first that has one', () => {
    assert.equal(field('mail'), 'jane@example.com');
    assert.equal(field({ fieldName: 'mail' }), 'jane@example.com');
    assert.equal(field({ fieldNames: ['none', 'empty', 'sn'] }), 'Doe');
    assert.equal(field('http://schemas-example/claims/upn'), 'jane@corp');
    for (const rule of ['none', 'empty', 'toString', 'constructor', { fieldNames: [] }, {}]) {
      assert.equal(field(rule), undefined);
    }
    assert.deepEqual(valuesOf(attributes, 'mail').length, 2);
  });

  it('cuts by a pattern and fills a template', () => {
    assert.equal(field({ fieldName: 'mail', regex: '^([^@]+)@' }), 'jane');
    assert.equal(field({ fieldName: 'mail', regex: '@.*$' }), '@example.com');
    assert.equal(field({ fieldName: 'mail', regex: 'nobody' }), undefined);
    assert.equal(field({ fieldNames: ['given_name', 'sn'], template: '__given_name__ __sn__' }), 'Jane Doe');
    assert.equal(field({ fieldName: 'mail', regex: '^([^@]+)@', template: 'd-__regex__.__sn__' }), 'd-jane.Doe');
    assert.equal(field({ template: '__none__' }), undefined);
  });

  it('is given up where a pattern takes for ever', () => {
    const hostile = new Map([['mail', [`${'a'.repeat(60)}!`]]]);
    const rule = { fieldName: 'mail', regex: '^(a+)+$' };
    const begun = performance.now();
    assert.equal(fieldOf(fieldMapOf(JSON.stringify({ name: rule })).name, hostile), undefined);
    assert.ok(performance.now() - begun < 5_000);
  });

  it('must be an object of fields', () => {
    for (const text of ['[]', '1', '{"name": 1}', '{"__identifier__": 1}', '{', '{"name": {"regex": "("}}']) {
      assert.throws(() => fieldMapOf(text), text);
    }
    assert.equal(fieldMapOf('').identifier, undefined);
    assert.deepEqual(fieldMapOf('').email.names, ['email']);
  });
});

describe('times of SAML', () => {
  it('have a zone, and hold to the millisecond', () => {
    assert.equal(momentOf('2026-01-01T00:00:00Z'), Date.UTC(2026, 0, 1));
    assert.equal(momentOf('2026-01-01T01:00:00.250+01:00'), Date.UTC(2026, 0, 1) + 250);
    for (const text of ['', '2026-01-01', '2026-01-01T00:00:00', 'Thu, 01 Jan 2026 00:00:00 GMT', '0']) {
      assert.ok(Number.isNaN(momentOf(text)), text);
    }
    const at = Date.UTC(2026, 0, 1);
    const element = (more: Readonly<Record<string, string>>) => ({ attributes: new Map(Object.entries(more)) });
    assert.equal(isWithin(element({ NotOnOrAfter: '2026-01-01T00:00:00Z' }), at, 0).held, false);
    assert.equal(isWithin(element({ NotOnOrAfter: '2026-01-01T00:00:00Z' }), at, 1).held, true);
    assert.equal(isWithin(element({ NotBefore: '2026-01-01T00:00:00Z' }), at, 0).held, true);
    assert.equal(isWithin(element({ NotBefore: '2026-01-01T00:00:00Z' }), at - 1, 0).held, false);
    assert.equal(isWithin(element({ NotBefore: 'never' }), at, 0).held, false);
    assert.equal(isWithin(element({ NotOnOrAfter: 'never' }), at, 0).held, false);
  });
});
