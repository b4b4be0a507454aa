import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changedAt, changedSince } from './changed.ts';
import type { Entry } from './directory.ts';
import { type EntryPolicy, identityOfEntry } from './entry-identity.ts';
import { isShut } from './shut.ts';

const policy: EntryPolicy = {
  idField: 'objectGUID,uidNumber',
  searchField: 'uid',
  usernameField: 'uid',
  emailField: 'mail',
  nameField: 'cn',
  defaultDomain: '',
  variables: [],
};
const how = {
  joins: { byEmail: false, byUsername: false },
  overwrites: { username: false, name: false, emails: false },
};

function entry(attributes: Readonly<Record<string, string | Buffer | readonly string[]>>): Entry {
  const bytes = (value: string | Buffer): Buffer => (typeof value === 'string' ? Buffer.from(value) : value);
  return {
    dn: 'uid=ada,dc=x',
    attributes: new Map(
      Object.entries(attributes).map(([name, value]) => [
        name.toLowerCase(),
        typeof value === 'string' || Buffer.isBuffer(value) ? [bytes(value)] : value.map(bytes),
      ]),
    ),
  };
}

const identityOf = (attributes: Parameters<typeof entry>[0], more: Partial<EntryPolicy> = {}) =>
  identityOfEntry(entry(attributes), { ...policy, ...more }, how);

describe('the person that an entry stands for', () => {
  it('is known by the hex of the raw bytes of the first unique attribute, then of what people sign in by, then of the DN', () => {
    const all = { uid: 'ada', uidNumber: '10001', objectGUID: Buffer.from([0, 255, 16]) };
    assert.equal(identityOf(all).subject, '00ff10');
    const { objectGUID: _guid, ...numbered } = all;
    assert.equal(identityOf(numbered).subject, '3130303031');
    assert.equal(identityOf({ uid: 'ada' }).subject, Buffer.from('ada').toString('hex'));
    assert.equal(identityOf({}).subject, Buffer.from('uid=ada,dc=x').toString('hex'));
    assert.equal(
      identityOf({ ...numbered, objectGUID: Buffer.alloc(5_000) }).subject,
      '3130303031',
      'a picture is no id',
    );
    assert.deepEqual(identityOf(numbered).facts, { dn: 'uid=ada,dc=x', idAttribute: 'uidNumber', username: 'ada' });
  });

  it('is called by fields and templates', () => {
    const given = { uid: 'ada', displayName: 'Ada L.', givenName: 'Ada', sn: 'Lovelace' };
    assert.equal(identityOf(given, { nameField: 'cn, displayName' }).name, 'Ada L.');
    assert.equal(identityOf(given, { nameField: '#{givenName} #{sn}' }).name, 'Ada Lovelace');
    assert.equal(identityOf(given, { usernameField: '#{givenName}.#{sn}' }).username, 'Ada.Lovelace');
    assert.equal(identityOf(given, { usernameField: 'missing' }).username, 'ada', 'by what they sign in with');
    assert.equal(identityOf({ uid: 'ada', cn: Buffer.from([0xff, 0xfe]) }).name, undefined, 'no text');
  });

  it('has the first address that is one, or a made one, or none', () => {
    const emails = (...given: Parameters<typeof identityOf>) =>
      identityOf(...given).emails.map(({ address }) => address);
    assert.deepEqual(emails({ uid: 'ada', mail: ['none', 'ada@x.test', 'other@x.test'] }), ['ada@x.test']);
    const made = { defaultDomain: 'x.test', emailField: 'email' };
    assert.deepEqual(emails({ uid: 'ada', mail: 'ada@elsewhere.test' }, made), ['ada@x.test']);
    assert.deepEqual(emails({ uid: 'ada', mail: 'ada@elsewhere.test' }, { emailField: 'email' }), [
      'ada@elsewhere.test',
    ]);
    assert.deepEqual(emails({ uid: 'ada' }), []);
  });
});

describe('whether the directory has shut somebody out', () => {
  const shut = (attributes: Parameters<typeof entry>[0]): boolean => isShut(entry(attributes)).held;

  it('goes by the marks of every directory', () => {
    assert.equal(
      shut({ userAccountControl: '512', lockoutTime: '0', orclIsEnabled: 'enabled', nsAccountLock: 'false' }),
      false,
    );
    assert.equal(shut({ userAccountControl: '66050' }), true);
    assert.equal(shut({ nsAccountLock: 'TRUE' }), true);
    assert.equal(shut({ orclIsEnabled: 'DISABLED' }), true);
    assert.equal(shut({ loginDisabled: 'TRUE' }), true);
    assert.equal(shut({ pwdAccountLockedTime: '000001010000Z' }), true);
  });

  it('takes no lock that passes by itself for one that lasts', () => {
    assert.equal(shut({ pwdAccountLockedTime: '20260820095900Z' }), false);
    assert.equal(shut({ lockoutTime: '134000000000000000', lockoutDuration: '0' }), false);
  });
});

it('asks for changes by the clock of the directory, with some overlap', () => {
  assert.equal(changedAt(entry({ whenChanged: '20260101000200.0Z' }), 'whenChanged'), '20260101000200');
  assert.equal(changedAt(entry({}), 'whenChanged'), undefined);
  assert.equal(changedSince('whenChanged', '20260101000200'), '(whenChanged>=20251231235700.0Z)');
  assert.equal(changedSince('modifyTimestamp', '20260101000200'), '(modifyTimestamp>=20251231235700Z)');
});
