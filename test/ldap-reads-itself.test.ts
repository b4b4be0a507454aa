// Whether somebody can read their own entry after the password was right: a line in the log, and no more (providers.md §4.1).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeDirectory } from '../src/core/directory/fake-directory.suite.ts';
import { ldapDirectory } from '../src/providers/ldap/client.ts';
import { openSlapd, slapdMissing } from './slapd.ts';
import { caller, openWorld } from './world.ts';

const claim = { by: 'username', value: 'ada' } as const;

describe('reading one’s own entry after a sign-in', () => {
  it('is looked at by a real directory on the connection of the person', {
    skip: slapdMissing() ?? false,
  }, async () => {
    const slapd = await openSlapd();
    const directory = ldapDirectory({
      host: '127.0.0.1',
      port: slapd.port,
      encryption: 'plain',
      ca: '',
      rejectUnauthorized: true,
      service: undefined,
      answerMs: 5_000,
      connectMs: 5_000,
      idleMs: 0,
      pageSize: 100,
    });
    try {
      const dn = 'uid=alice,ou=people,dc=example,dc=test';
      assert.deepEqual(await directory.bind(dn, 'alice-pw'), { held: true });
      assert.deepEqual(await directory.bind(dn, 'alice-pw', { readsItself: true }), { held: true, readsItself: true });
      assert.equal((await directory.bind(dn, 'wrong', { readsItself: true })).held, false);
    } finally {
      await directory.close();
      await slapd.stop();
    }
  });

  it('is logged where it fails, and changes nothing; nobody looks where that is off', async () => {
    for (const on of [true, false]) {
      const fake = fakeDirectory({ 'uid=ada,dc=x': { uid: 'ada', cn: 'Ada', mail: 'ada@example.test' } });
      const asked: unknown[] = [];
      const logged: unknown[] = [];
      const env = {
        OVERWRITE_SETTING_LDAP_Enable: 'true',
        OVERWRITE_SETTING_LDAP_Server_Type: '',
        OVERWRITE_SETTING_LDAP_BaseDN: 'dc=x',
        OVERWRITE_SETTING_LDAP_Find_User_After_Login: String(on),
      };
      const directory = {
        ...fake,
        bind: async (_dn: string, _password: string, how?: { readonly readsItself: boolean }) => {
          asked.push(how?.readsItself);
          return await Promise.resolve({ held: true as const, ...(on ? { readsItself: false } : {}) });
        },
      };
      const log = (sentence: string): void => {
        logged.push(sentence);
      };
      const world = await openWorld({ env, parts: { directory: () => directory, log } });
      const { kind } = await world.app.directory.logIn(claim, 'ada-pw', caller());
      assert.deepEqual([kind, asked], ['ldap', [on]]);
      assert.deepEqual(logged, on ? ['Somebody of the directory cannot read their own entry.'] : []);
      await world.close();
    }
  });
});
