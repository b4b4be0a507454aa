import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SettingDefinition } from './definition.ts';
import {
  blockedDomains,
  changeFacts,
  fit,
  isMeaningful,
  mask,
  outranks,
  type Rank,
  same,
  shown,
  tidy,
} from './rules.ts';

const about = { group: 'Test', about: 'A setting.' };
const integer: SettingDefinition = { ...about, kind: 'integer', initial: 5, least: 1, most: 9 };
const secret: SettingDefinition = { ...about, kind: 'text', initial: '', secret: true };
const text: SettingDefinition = { ...about, kind: 'text', initial: '' };
const list: SettingDefinition = { ...about, kind: 'list', initial: ['a'], choices: ['a', 'b'] };

describe('a value of a setting', () => {
  it('must have the kind of the setting, without conversion', () => {
    const cases: readonly [SettingDefinition, readonly unknown[], readonly unknown[]][] = [
      [{ ...about, kind: 'boolean', initial: true }, [true, false], ['true', 1, null, undefined, {}]],
      [integer, [1, 9], ['5', 1.5, Number.NaN, Number.POSITIVE_INFINITY, null, [5], true]],
      [text, ['', 'x'], [1, null, ['x'], { $ne: '' }, 'a\0b', '\ud800']],
      [{ ...about, kind: 'choice', initial: 'a', choices: ['a', 'b'] }, ['a', 'b'], ['c', '', 'toString', 0]],
      [list, [[], ['b', 'a']], ['a', ['c'], ['a', 'a'], [1], { length: 0 }]],
    ];
    for (const [definition, good, bad] of cases) {
      for (const value of good) assert.deepEqual(fit(definition, value), { fits: true, value });
      for (const value of bad) assert.deepEqual(fit(definition, value), { fits: false, bound: {} }, String(value));
    }
  });

  it('that is too small or too great is refused with the bound that it breaks', () => {
    assert.deepEqual(fit(integer, 0), { fits: false, bound: { least: 1 } });
    assert.deepEqual(fit(integer, 10), { fits: false, bound: { most: 9 } });
  });

  it('may be a part of the unit only where the setting says so', () => {
    assert.equal(fit({ ...about, kind: 'integer', initial: 5, fractions: true }, 3 / 60).fits, true);
    assert.equal(fit({ ...about, kind: 'integer', initial: 5 }, 3 / 60).fits, false);
  });

  it('is copied when it is a list, so that nobody can change it afterwards', () => {
    const given = ['a'];
    const fitting = fit(list, given);
    given.push('b');
    assert.deepEqual(fitting, { fits: true, value: ['a'] });
  });

  it('is who a mail is from, where the setting says so, or nothing', () => {
    const sender: SettingDefinition = { ...about, kind: 'text', initial: '', form: 'mailbox' };
    for (const value of ['', 'a@b.org', 'Desk <desk@b.org>', '"Desk, the" <desk@b.org>']) {
      assert.equal(isMeaningful(sender, value).held, true, value);
    }
    for (const value of ['foo', 'a@b.org\nBcc: c@d.org', 'Desk <foo>', ' ', 'a@b.org, c@d.org']) {
      assert.equal(isMeaningful(sender, value).held, false, value);
    }
  });

  it('is no regular expression that takes for ever', () => {
    const pattern: SettingDefinition = { ...about, kind: 'text', initial: '', form: 'pattern' };
    const patterns: SettingDefinition = { ...about, kind: 'text', initial: '', form: 'patterns' };
    const good = [
      '[0-9a-zA-Z-_.]+',
      '[a-z]+(?:-[a-z]+)*',
      '(?:[a-z]+\\.)+[a-z]+',
      '(?=.{3,20}$)[a-z].*',
      '[^@]+@example\\.org',
      '\\p{L}[\\p{L}\\p{N}._-]{0,40}',
      '(anna|bert)[0-9]{2}',
    ];
    const slow = ['(a+)+', '(?:a|a)+', '(a*)*b', '(?:[a-z]+[-.]?)+', '([\\w-]+)*', '(ab|abab)+x', 'team-(\\d+)+'];
    const isGood = (definition: SettingDefinition, value: string) => isMeaningful(definition, value).held;
    for (const value of good) {
      assert.ok(isGood(pattern, value), value);
      assert.ok(isGood(patterns, `anna, ${value.replaceAll(',', '')}, bert`), value);
    }
    for (const value of slow) {
      assert.ok(!isGood(pattern, value), value);
      assert.ok(!isGood(patterns, `anna,${value},bert`), value);
    }
    for (const value of ['', '(', 'a'.repeat(2_000)]) assert.ok(!isGood(pattern, value), value);
    // What is no regular expression is a name.
    assert.ok(isGood(patterns, ''));
    assert.ok(isGood(patterns, 'a(b'));
  });

  it('loses the slashes at its end when it is the address of the server', () => {
    assert.equal(tidy('Site_Url', 'https://chat.example.org/base//'), 'https://chat.example.org/base');
    assert.equal(tidy('Site_Name', 'A/'), 'A/');
  });

  it('is the same as another one by its content', () => {
    assert.ok(same(['a', 'b'], ['a', 'b']));
    assert.ok(!same(['a', 'b'], ['b', 'a']));
    assert.ok(!same('5', 5));
    assert.ok(!same(['a'], 'a'));
  });
});

describe('a secret', () => {
  it('is masked in lists, and an empty one is seen to be empty', () => {
    assert.equal(shown(secret, 'hunter2'), mask);
    assert.equal(shown(secret, ''), '');
    assert.equal(shown(text, 'open'), 'open');
  });

  it('never reaches the audit', () => {
    assert.deepEqual(changeFacts('Some_Secret', secret, 'old', 'new'), { id: 'Some_Secret' });
  });
});

it('the audit of a long value is cut', () => {
  assert.equal(changeFacts('Accounts_CustomFields', text, '', 'x'.repeat(10_000))['to']?.length, 200);
});

describe('blocked mail domains', () => {
  it('are those of the list, in lower case', () => {
    assert.deepEqual([...blockedDomains('Example.org, example.net', false)], ['example.org', 'example.net']);
  });

  it('include the built-in ones only while the list is not empty, as in Rocket.Chat', () => {
    assert.ok(blockedDomains('example.org', true).has('mailinator.com'));
    assert.equal(blockedDomains('', true).size, 0);
    assert.equal(blockedDomains(' , ', true).size, 0);
  });
});

describe('rank', () => {
  const rank = (roles: readonly string[], ...permissions: string[]): Rank => ({
    roles,
    permissions: new Set(permissions),
  });
  const cases: readonly [string, Rank, Rank, boolean][] = [
    ['an administrator above a user', rank(['admin'], 'p'), rank(['user'], 'p'), true],
    ['an administrator with no permission left above a user', rank(['admin']), rank(['user'], 'p'), true],
    ['no user above an administrator, whatever it holds', rank(['user'], 'p', 'q'), rank(['admin'], 'p'), false],
    ['no administrator above another', rank(['admin', 'extra'], 'p', 'q'), rank(['admin'], 'p'), false],
    ['one with more permissions above one with fewer', rank(['a'], 'p', 'q'), rank(['b'], 'p'), true],
    ['one with fewer permissions not above one with more', rank(['b'], 'p'), rank(['a'], 'p', 'q'), false],
    ['nobody above an equal', rank(['a'], 'p'), rank(['b'], 'p'), false],
    ['each above the other where each holds what the other lacks', rank(['a'], 'p'), rank(['b'], 'q'), true],
    ['each above the other, seen from the other side', rank(['b'], 'q'), rank(['a'], 'p'), true],
    ['nobody without permissions above anybody', rank([]), rank([]), false],
  ];
  for (const [name, one, other, held] of cases) {
    it(`puts ${name}`, () => assert.deepEqual(outranks(one, other, 'admin'), { held }));
  }
});
