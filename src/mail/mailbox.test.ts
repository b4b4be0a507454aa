import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault } from '../core/fault.ts';
import { mailboxOf } from '../lib/mailbox.ts';
import { mustBeAddress } from './mailbox.ts';

const good = ['ada@example.org', 'zoë@exämple.org', 'a+b.c@localhost', 'noreply@[127.0.0.1]', 'noreply@[::1]'];
const bad = [
  '',
  'ada',
  '@example.org',
  'ada@',
  'a b@example.org',
  'ada@example.org\r\nBcc: eve@example.org',
  'ada@example.org\nDATA',
  'ada@example.org,eve@example.org',
  'ada@example.org;eve@example.org',
  '<ada@example.org>',
  'ada@eve@example.org',
  '"ada"@example.org',
  'ada@example.org\u2028',
  'ada\0@example.org',
  `${'a'.repeat(65)}@example.org`,
];

describe('an address', () => {
  for (const address of good) it(`may be ${address}`, () => mustBeAddress(address));
  for (const address of bad) {
    it(`may not be ${JSON.stringify(address)}`, () => {
      assert.throws(
        () => mustBeAddress(address),
        (cause: unknown) => cause instanceof Fault && cause.code === 'email-invalid',
      );
    });
  }
});

describe('a sender', () => {
  it('has an address, and may have a name', () => {
    const address = 'ada@example.org';
    assert.deepEqual(mailboxOf(` ${address} `), { name: '', address });
    assert.deepEqual(mailboxOf(`<${address}>`), { name: '', address });
    assert.deepEqual(mailboxOf(`Ada Lovelace <${address}>`), { name: 'Ada Lovelace', address });
    assert.deepEqual(mailboxOf(`"Lovelace, Ada" <${address}>`), { name: 'Lovelace, Ada', address });
  });

  for (const text of [
    ...bad.filter((one) => one !== '<ada@example.org>'),
    'Ada\r\nBcc: eve@example.org <ada@example.org>',
    'Ada <ada@example.org> <eve@example.org>',
    'Ada <ada@example.org>, eve@example.org',
  ]) {
    it(`may not be ${JSON.stringify(text)}`, () => {
      assert.equal(mailboxOf(text), undefined);
    });
  }
});
