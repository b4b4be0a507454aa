// What mailed links are worth to people of a directory: the way around whatever the directory says of them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BindOutcome } from '../src/core/directory/directory.ts';
import { fakeDirectory, type Written } from '../src/core/directory/fake-directory.suite.ts';
import { outcomeOf } from './factor-owner.ts';
import { caller, openWorld, type World } from './world.ts';

const dn = 'uid=bob,ou=people,dc=example,dc=test';
const bob: Written = {
  objectClass: ['inetOrgPerson'],
  uid: 'bob',
  cn: 'Bob Example',
  mail: 'bob@example.test',
  entryUUID: 'uuid-bob',
};
const fresh = { plain: 'A new passw0rd of his!' };
const claim = { by: 'username', value: 'bob' } as const;

/** A place where Bob of the directory has signed in once, and is disabled there by now. */
async function place(settings: Readonly<Record<string, string>> = {}) {
  const fake = fakeDirectory({ [dn]: bob });
  const bind = async (_dn: string, given: string): Promise<BindOutcome> =>
    await Promise.resolve(given === 'right' ? { held: true } : { held: false, because: 'wrong' });
  const all = {
    LDAP_Enable: 'true',
    LDAP_Server_Type: '',
    LDAP_BaseDN: 'dc=example,dc=test',
    LDAP_User_Search_Filter: '(objectClass=inetOrgPerson)',
    LDAP_Unique_Identifier_Field: 'entryUUID',
    ...settings,
  };
  const env = Object.fromEntries(Object.entries(all).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));
  const world = await openWorld({ env, parts: { directory: () => ({ ...fake, bind }) } });
  const { account } = await world.app.directory.logIn(claim, 'right', caller());
  await world.app.host.setPassword(account.id, { plain: 'Some passw0rd of 2019' }, caller());
  fake.entries.set(dn, { ...bob, nsAccountLock: 'true' });
  assert.equal(await outcomeOf(world.app.directory.logIn(claim, 'right', caller())), 'wrong-credentials');
  world.clock.move(60_000);
  return { world, account };
}

const links = (world: World): readonly string[] =>
  world.mails.flatMap(
    ({ facts }) => /(?:reset-password|enroll-account)\/([\w-]{43})$/u.exec(facts['link'] ?? '')?.[1] ?? [],
  );

async function switchDirectory(world: World, on: boolean): Promise<void> {
  await world.app.host.changeSetting('LDAP_Enable', on, caller({ door: 'cli' }));
}

describe('a mailed link of somebody of a directory', () => {
  for (const fallback of ['false', 'true']) {
    it(`is not mailed, with the fallback ${fallback}`, async () => {
      const { world, account } = await place({ LDAP_Login_Fallback: fallback });
      await world.app.recovery.askForReset('bob@example.test', caller());
      assert.deepEqual(links(world), []);
      const byHost = world.app.host.mailPasswordLink(account, 'bob@example.test', caller());
      assert.equal(await outcomeOf(byHost), 'password-reset-off');
      // Who is local has one as ever.
      await world.add('local', { email: { address: 'local@example.test', verified: true } });
      await world.app.recovery.askForReset('local@example.test', caller());
      assert.equal(links(world).length, 1);
      await world.close();
    });

    for (const kind of ['password-reset', 'enrolment'] as const) {
      it(`is dead, and opens nothing, with the fallback ${fallback}: ${kind}`, async () => {
        const { world, account } = await place({ LDAP_Login_Fallback: fallback });
        const { app } = world;
        await switchDirectory(world, false);
        const setReset = async (on: boolean): Promise<void> => {
          await app.host.changeSetting('Accounts_PasswordReset', on, caller({ door: 'cli' }));
        };
        await setReset(kind === 'password-reset');
        await app.host.mailPasswordLink(account, 'bob@example.test', caller());
        assert.deepEqual(
          world.mails.filter(({ facts }) => facts['link'] !== undefined).map((mail) => mail.kind),
          [kind],
        );
        const [text = ''] = links(world);
        assert.equal((await app.recovery.resetLinkHolds(text)).held, true);
        await switchDirectory(world, true);
        const before = await world.store.passwords.hashOf(account.id);
        assert.deepEqual(await app.recovery.resetLinkHolds(text), { held: false });
        assert.equal(await outcomeOf(app.recovery.resetPassword(text, fresh, caller())), 'link-dead');
        assert.equal(await outcomeOf(app.recovery.resetAndSignIn(text, fresh, caller())), 'link-dead');
        assert.equal(await world.store.passwords.hashOf(account.id), before);
        // Off is off: then the local password is the only one.
        await switchDirectory(world, false);
        const { loggedIn } = await app.recovery.resetAndSignIn(text, fresh, caller());
        assert.equal(loggedIn?.account.id, account.id);
        await world.close();
      });
    }
  }
});
