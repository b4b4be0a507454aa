import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault } from '../fault.ts';
import { checkedCustomFields, mergedCustomFields } from './custom-fields.ts';
import { foldName } from './names.ts';
import { mustBeEmail, mustBeName, mustBeUsername } from './rules.ts';

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'fine';
  } catch (cause) {
    assert.ok(cause instanceof Fault);
    return cause.code;
  }
}

describe('usernames', () => {
  const policy = { usernamePattern: '[0-9a-zA-Z-_.]+', reserved: ['admin', 'system', 'team-.*'] };
  const cases: readonly (readonly [string, string])[] = [
    ['jane.doe', 'fine'],
    ['__proto__', 'fine'],
    ['', 'username-invalid'],
    [' jane', 'username-invalid'],
    ['jane doe', 'username-invalid'],
    ['jané', 'username-invalid'],
    ['x'.repeat(129), 'username-invalid'],
    ['\u202ejane', 'username-invalid'],
    ['admin', 'username-reserved'],
    ['ADMIN', 'username-reserved'],
    ['administrators', 'fine'],
    ['all', 'username-reserved'],
    ['Here', 'username-reserved'],
    ['team-red', 'username-reserved'],
  ];
  for (const [username, expected] of cases) {
    it(`${JSON.stringify(username.slice(0, 20))} is ${expected}`, () => {
      assert.equal(
        codeOf(() => {
          mustBeUsername(username, policy);
        }),
        expected,
      );
    });
  }

  it('fold look-alikes into one form', () => {
    assert.equal(foldName('ＡＤＭＩＮ'), 'admin');
    assert.equal(foldName('ad\u200bmin'), 'admin');
    assert.equal(foldName('Jane'), foldName('jane'));
  });

  it('are looked at for a bounded time, whatever the patterns are', () => {
    const hostile = `${'a'.repeat(40)}!`;
    const timed = (given: { readonly usernamePattern: string; readonly reserved: readonly string[] }): number => {
      const begun = performance.now();
      assert.notEqual(
        codeOf(() => {
          mustBeUsername(hostile, given);
        }),
        'fine',
      );
      return performance.now() - begun;
    };
    const evil = { usernamePattern: '(a+)+', reserved: [] };
    assert.ok(timed(evil) < 2_000);
    // Whoever asks again and again keeps the server for less.
    const again = Array.from({ length: 10 }, () => timed(evil));
    assert.ok(Math.min(...again) < 150, String(again));
    const many = Array.from({ length: 200 }, (_, n) => `(a+)+${n}`);
    assert.ok(timed({ usernamePattern: '.*', reserved: many }) < 2_000);
    const aaa = () =>
      codeOf(() => {
        mustBeUsername('aaa', evil);
      });
    // On a machine that is busy with other things a name that fits may need a second try.
    assert.ok(Array.from({ length: 5 }, aaa).includes('fine'));
  });

  it('stay checked when the setting holds no regular expression', () => {
    assert.equal(
      codeOf(() => mustBeUsername('a b', { usernamePattern: '[', reserved: [] })),
      'username-invalid',
    );
    assert.equal(
      codeOf(() => mustBeUsername('jane', { usernamePattern: '[', reserved: [] })),
      'fine',
    );
  });
});

describe('names', () => {
  for (const [name, expected] of [
    ['Jane Doe', 'fine'],
    ['<b>', 'name-invalid'],
    ['a/b', 'name-invalid'],
    ['%3Cb%3E', 'name-invalid'],
    ['a\u0000b', 'name-invalid'],
    ['100 %', 'fine'],
    ['  ', 'name-required'],
  ] as const) {
    it(`${JSON.stringify(name)} is ${expected}`, () => {
      assert.equal(
        codeOf(() => {
          mustBeName(name, { nameRequired: true });
        }),
        expected,
      );
    });
  }
});

describe('e-mail addresses', () => {
  const open = { allowedDomains: [], blockedDomains: [] };
  for (const [address, expected] of [
    ['jane@example.com', 'fine'],
    ['j+tag@sub.example.co', 'fine'],
    ['jane', 'email-invalid'],
    ['a@x.org,b@evil.org', 'email-invalid'],
    ['a@x.org\r\nBcc: b@evil.org', 'email-invalid'],
    ['a b@example.com', 'email-invalid'],
    ['@example.com', 'email-invalid'],
    ['a@b', 'email-invalid'],
    [`${'a'.repeat(250)}@example.com`, 'email-invalid'],
  ] as const) {
    it(`${JSON.stringify(address.slice(0, 30))} is ${expected}`, () => {
      assert.equal(
        codeOf(() => {
          mustBeEmail(address, open);
        }),
        expected,
      );
    });
  }

  it('are held to the lists of domains, in any case of letters', () => {
    const policy = { allowedDomains: ['example.com'], blockedDomains: ['bad.org'] };
    assert.equal(
      codeOf(() => mustBeEmail('a@Example.COM', policy)),
      'fine',
    );
    assert.equal(
      codeOf(() => mustBeEmail('a@other.com', policy)),
      'email-domain-not-allowed',
    );
    assert.equal(
      codeOf(() => mustBeEmail('a@BAD.org', { ...policy, allowedDomains: [] })),
      'email-domain-blocked',
    );
  });

  it('are judged in time linear in their length', () => {
    const started = process.cpuUsage();
    codeOf(() => mustBeEmail(`${'a@'.repeat(120)}!`, open));
    codeOf(() => mustBeEmail('a'.repeat(1_000_000), open));
    assert.ok(process.cpuUsage(started).user < 1_000_000);
  });
});

describe('custom fields', () => {
  const definition = JSON.stringify({
    team: { type: 'select', options: ['red', 'blue'], required: true },
    floor: { type: 'text', minLength: 2, maxLength: 3 },
  });
  for (const [given, expected] of [
    [{ team: 'red' }, 'fine'],
    [{}, 'custom-field-invalid'],
    [{ team: 'green' }, 'custom-field-invalid'],
    [{ team: { $ne: '' } }, 'custom-field-invalid'],
    [{ team: 'red', floor: '1' }, 'custom-field-invalid'],
    [{ team: 'red', floor: '1234' }, 'custom-field-invalid'],
  ] as const) {
    it(`${JSON.stringify(given)} are ${expected}`, () => {
      assert.equal(
        codeOf(() => checkedCustomFields(definition, given)),
        expected,
      );
    });
  }

  it('keep only what is defined, and everything where nothing is', () => {
    assert.deepEqual(checkedCustomFields(definition, { team: ' red ', other: 'x' }), { team: 'red' });
    assert.deepEqual(checkedCustomFields('', { any: 1 }), { any: 1 });
    assert.deepEqual(checkedCustomFields('not json', { any: 1 }), { any: 1 });
  });

  it('are merged as they are defined; what is defined no more stays until it is taken away', () => {
    const before = { old: { a: 1 }, team: 'red', older: 'x' };
    type Fields = Readonly<Record<string, unknown>>;
    const cases: readonly (readonly [Fields, Fields])[] = [
      [{ floor: ' 12 ' }, { ...before, floor: '12' }],
      [
        { evil: { a: [1, 2] }, evils: 'text', team: 'blue' },
        { ...before, team: 'blue' },
      ],
      [{ evil: null, evils: '' }, before],
      [{ old: 'other', older: 'x' }, before],
      [{ old: null, older: '' }, { team: 'red' }],
      [JSON.parse('{"__proto__": {"a": 1}, "floor": null}') as Fields, { ...before, floor: '' }],
    ];
    for (const [given, expected] of cases) {
      const merged = mergedCustomFields(definition, before, given);
      assert.equal(JSON.stringify(merged), JSON.stringify(expected), JSON.stringify(given));
    }
    assert.deepEqual(mergedCustomFields('{}', {}, { any: 1 }), {});
    assert.deepEqual(mergedCustomFields('', { one: 1 }, { any: 1, one: null }), { one: null, any: 1 });
    assert.equal(
      codeOf(() => mergedCustomFields(definition, before, { team: '' })),
      'custom-field-invalid',
    );
  });

  it('are bounded', () => {
    assert.equal(
      codeOf(() => checkedCustomFields('', { big: 'x'.repeat(70_000) })),
      'custom-field-invalid',
    );
  });
});
