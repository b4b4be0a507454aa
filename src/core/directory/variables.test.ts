import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldOf } from './entry.ts';
import { variableAttributes, variablesOf, withVariables } from './variables.ts';

const entry = {
  dn: 'uid=ada,dc=x',
  attributes: new Map(
    Object.entries({ givenname: 'Ada', sn: 'Lovelace', mail: 'ada.l@corp.x.test', uid: 'corp\\ada' }).map(
      ([name, value]) => [name, [Buffer.from(value)]] as const,
    ),
  ),
};

function made(map: unknown, field: string, used = true): string | undefined {
  const values: Record<string, unknown> = {
    LDAP_DataSync_UseVariables: used,
    LDAP_DataSync_VariableMap: typeof map === 'string' ? map : JSON.stringify(map),
  };
  const settings = { get: (id: string) => values[id] } as unknown as Parameters<typeof variablesOf>[0];
  return fieldOf(withVariables(entry, variablesOf(settings)), field);
}

const one = (input: string, output?: unknown) => ({ v: { input, output } });

describe('variables of a directory', () => {
  it('are made of attributes, and of variables before them', () => {
    assert.equal(made(one('#{givenName} #{sn}'), 'v'), 'Ada Lovelace');
    assert.equal(
      made({ full: { input: '#{givenName} #{sn}' }, v: { input: 'Dr. #{full}' } }, '#{v}!'),
      'Dr. Ada Lovelace!',
    );
    assert.equal(made(one('missing'), 'v,sn'), 'Lovelace');
    assert.equal(made({ sn: { input: 'givenName' } }, 'sn'), 'Ada', 'in place of an attribute');
    assert.equal(made(one('sn'), 'v', false), undefined, 'only where they are switched on');
  });

  it('are worked on as their output says', () => {
    const cases: readonly (readonly [unknown, string | undefined])[] = [
      [{ operation: 'replace', pattern: 'a', replacement: '$&_' }, '$&_da.l@corp.x.test'],
      [{ operation: 'replace', pattern: 'a', replacement: '', all: true }, 'd.l@corp.x.test'],
      [{ operation: 'replace', pattern: '@.*$', regex: true, replacement: '' }, 'ada.l'],
      [
        { operation: 'replace', pattern: '[A]', regex: true, flags: 'i', all: true, replacement: '-' },
        '-d-.l@corp.x.test',
      ],
      [{ operation: 'match', pattern: 'corp', valueIfTrue: 'staff', valueIfFalse: 'guest' }, 'staff'],
      [{ operation: 'match', pattern: 'other', valueIfTrue: 'staff', valueIfFalse: 'guest' }, 'guest'],
      [{ operation: 'match', pattern: '@([^.]+)', regex: true, indexToUse: 1 }, 'corp'],
      [{ operation: 'match', pattern: '@([^.]+)', regex: true, indexToUse: 4, valueIfTrue: 'yes' }, 'yes'],
      [{ operation: 'substring', start: 0, end: 3 }, 'ada'],
      [{ operation: 'split', pattern: '@' }, 'ada.l'],
      [{ operation: 'split', pattern: '@', indexToUse: 1 }, 'corp.x.test'],
      [{ operation: 'split', pattern: '@', indexToUse: 2 }, undefined],
      [{ operation: 'fallback', fallback: '#{sn}', minLength: 40 }, 'Lovelace'],
      [{ operation: 'fallback', fallback: '#{sn}' }, 'ada.l@corp.x.test'],
      [{ operation: 'match', pattern: '(', regex: true, valueIfFalse: 'no' }, 'no'],
      [{ operation: 'eval', pattern: 'x' }, undefined],
      [{ operation: 'replace', pattern: { $ne: '' }, replacement: 'x' }, undefined],
    ];
    for (const [output, wanted] of cases) assert.equal(made(one('mail', output), 'v'), wanted, JSON.stringify(output));
  });

  it('are ended where a pattern would go on for ever', () => {
    const evil = { operation: 'replace', pattern: '^(\\w+\\s?)+$', regex: true, replacement: '' };
    const long = 'a'.repeat(40);
    const begun = performance.now();
    assert.equal(made({ v: { input: `${long}#{mail}!`, output: evil } }, 'v'), undefined);
    assert.ok(performance.now() - begun < 5_000);
  });

  it('are ended where a pattern could not even be made ready in time, or would make gigabytes', () => {
    const input = `${'a'.repeat(900)}#{mail}`;
    const all = { operation: 'replace', regex: true, all: true };
    const begun = performance.now();
    for (const output of [
      { ...all, pattern: `(?:${'a|'.repeat(200_000)})x`, replacement: '' },
      { ...all, pattern: '(?:)', replacement: '$`'.repeat(400) },
      { ...all, pattern: '(?:)', replacement: 'x'.repeat(400_000) },
      { ...all, regex: false, pattern: 'a', replacement: 'x'.repeat(400_000) },
    ]) {
      assert.equal(made({ v: { input, output } }, 'v'), undefined);
    }
    assert.equal(made({ v: { input: 'a'.repeat(20_000) } }, 'v'), undefined);
    assert.ok(performance.now() - begun < 2_000, 'nothing of it was begun');
    const usual = { ...all, pattern: '(\\w+)@(\\w+)', replacement: '$2: $1' };
    assert.equal(made(one('mail', usual), 'v'), 'ada.corp: l.x.test');
    assert.equal(
      made(one('#{sn}', { ...usual, pattern: 'l', flags: 'iy', replacement: 'H', all: false }), 'v'),
      'Hovelace',
    );
  });

  it('are none where their definition cannot be read', () => {
    for (const map of ['', '[]', 'null', '{"v":1}', '{"v":{"input":{}}}', '{"v)(":{"input":"sn"}}', '{']) {
      assert.equal(made(map, 'v'), undefined, map);
    }
  });

  it('name the attributes that they are made of', () => {
    const output = { operation: 'fallback', fallback: '#{c},#{d}' };
    assert.deepEqual(variableAttributes([{ name: 'v', input: 'a,b', output }]), ['a', 'b', 'c', 'd']);
  });
});
