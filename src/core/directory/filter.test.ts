import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allOf, anyOf, dnValue, filledFilter, filterValue, inParentheses } from './filter.ts';

describe('filters of a directory', () => {
  it('compare a value, whatever it holds (RFC 4515)', () => {
    for (const [value, escaped] of [
      ['ada', 'ada'],
      ['*', String.raw`\2a`],
      ['*)(uid=*))(|(uid=*', String.raw`\2a\29\28uid=\2a\29\29\28|\28uid=\2a`],
      [String.raw`\2a`, String.raw`\5c2a`],
      ['a\0b', String.raw`a\00b`],
      [' a b  ', String.raw`\20a b\20\20`],
      ['é&|!=', 'é&|!='],
    ] as const) {
      assert.equal(filterValue(value), escaped);
    }
  });

  it('hold names in their parts (RFC 4514)', () => {
    for (const [value, escaped] of [
      ['a,b', String.raw`a\,b`],
      ['a+b', String.raw`a\+b`],
      ['"a"', String.raw`\"a\"`],
      ['#a', String.raw`\#a`],
      [' a ', String.raw`\ a\ `],
      ['a\\', String.raw`a\\`],
      ['a=b;c<d>', String.raw`a\=b\;c\<d\>`],
      ['a\0', String.raw`a\00`],
    ] as const) {
      assert.equal(dnValue(value), escaped);
    }
  });

  it('are filled by place: as a value, or as a part of a name', () => {
    const values = { username: 'a,(b)*', userdn: 'uid=a\\2C\\28b,dc=x', groupName: 'g' };
    const inName = String.raw`a\5c,\28b\29\2a`;
    for (const [template, filled] of [
      ['(&(cn=#{groupName})(memberUid=#{username}))', String.raw`(&(cn=g)(memberUid=a,\28b\29\2a))`],
      ['(member=#{userdn})', String.raw`(member=uid=a\5c2C\5c28b,dc=x)`],
      ['(member=uid=#{username},ou=people)', `(member=uid=${inName},ou=people)`],
      ['uid=#{username},ou=people', `uid=${inName},ou=people`],
      ['(member=ou=x,cn=#{ username })', `(member=ou=x,cn=${inName})`],
      ['(cn=#{unknown}#{toString}#{__proto__})', '(cn=)'],
    ] as const) {
      assert.equal(filledFilter(template, values), filled);
    }
  });

  it('are put together', () => {
    assert.equal(inParentheses(' objectClass=person '), '(objectClass=person)');
    assert.equal(inParentheses('(a=b)'), '(a=b)');
    assert.equal(inParentheses(' '), '');
    assert.equal(allOf('(a=b)', '', '(c=d)'), '(&(a=b)(c=d))');
    assert.equal(anyOf('(a=b)'), '(a=b)');
    assert.equal(allOf(), '');
  });
});
