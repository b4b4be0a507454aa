import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault } from '../fault.ts';
import { checkedCustomFields } from './custom-fields.ts';
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

  it('are bounded', () => {
    assert.equal(
      codeOf(() => checkedCustomFields('', { big: 'x'.repeat(70_000) })),
      'custom-field-invalid',
    );
  });
});
