// Signing out whom a directory has disabled, between runs, over a directory in memory (providers.md §4.1).
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { DirectoryUnreachable } from '../src/core/directory/directory.ts';
import { fakeDirectory, type Written } from '../src/core/directory/fake-directory.suite.ts';
import { openSample } from '../src/core/samples.suite.ts';
import { caller, openWorld, type World } from './world.ts';

const dnOf = (uid: string): string => `uid=${uid},dc=example,dc=test`;
const person = (uid: string, more: Written = {}): Written => ({
  objectClass: 'person',
  uid,
  cn: uid,
  mail: `${uid}@example.test`,
  uidNumber: `1000${uid}`,
  ...more,
});
const runs = caller({ door: 'cli', address: '' });

describe('signing out whom a directory has disabled', () => {
  const open: World[] = [];
  afterEach(async () => {
    for (const world of open.splice(0)) await world.close();
  });

  async function ground(uids: readonly string[], settings: Readonly<Record<string, string>> = {}) {
    const directory = fakeDirectory(Object.fromEntries(uids.map((uid) => [dnOf(uid), person(uid)])));
    const all = {
      LDAP_Enable: 'true',
      LDAP_Server_Type: '',
      LDAP_BaseDN: 'dc=example,dc=test',
      LDAP_User_Search_Filter: '(objectClass=person)',
      LDAP_Sync_AutoLogout_Enabled: 'true',
      ...settings,
    };
    const env = Object.fromEntries(Object.entries(all).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));
    const world = await openWorld({ env, parts: { directory: () => directory } });
    open.push(world);
    await world.app.directory.sync({ caller: runs });
    const find = async (uid: string) =>
      (await world.store.accounts.find({ by: 'username', value: uid })) ?? assert.fail(uid);
    const tokens = async (uid: string): Promise<number> =>
      (await world.store.tokens.list((await find(uid)).id, ['interactive', 'script', 'personal'], world.clock.now()))
        .length;
    const ends = async (uid: string): Promise<number> => {
      const entries = await world.store.audit.newest(50, (await find(uid)).id);
      return entries.filter(({ what }) => what === 'session.end-all').length;
    };
    return { world, directory, find, tokens, ends };
  }

  it('ends every token of theirs and no other, leaves the account open, and is over then', async () => {
    const { world, directory, find, tokens, ends } = await ground(['ada', 'bert', 'cleo']);
    for (const uid of ['ada', 'bert']) {
      const { id } = await find(uid);
      await openSample(world.store, id);
      await openSample(world.store, id, { pool: 'personal', name: 'robot' });
    }
    for (const uid of ['ada', 'cleo']) directory.entries.set(dnOf(uid), person(uid, { nsAccountLock: 'TRUE' }));
    assert.equal(await world.app.directory.logOutDue(), 1);
    assert.deepEqual([await tokens('ada'), await tokens('bert')], [0, 2]);
    assert.equal((await find('ada')).open, true);
    world.clock.move(300_000);
    assert.equal(await world.app.directory.logOutDue(), 0);
    assert.deepEqual([await ends('ada'), await ends('cleo')], [1, 0], 'nothing is written where nothing ends');
  });

  it('comes as often as it is set, and not at all while it is off', async () => {
    const { world } = await ground(['ada']);
    const due = async (): Promise<boolean> => (await world.app.directory.logOutDue()) !== undefined;
    assert.deepEqual([await due(), await due()], [true, false]);
    world.clock.move(299_999);
    assert.equal(await due(), false);
    world.clock.move(1);
    assert.equal(await due(), true);
    const set = async (id: string, value: string | boolean): Promise<void> => {
      await world.app.settings.write([{ id, value }], { caller: runs, accountId: undefined, asHost: true });
    };
    await set('LDAP_Sync_AutoLogout_Interval', '0 * * * *');
    world.clock.move(3_599_999);
    assert.equal(await due(), false);
    world.clock.move(1);
    assert.equal(await due(), true);
    await set('LDAP_Sync_AutoLogout_Enabled', false);
    world.clock.move(9_000_000);
    assert.equal(await due(), false);
  });

  it('is done by one node', async () => {
    const { world } = await ground(['ada']);
    const both = await Promise.all([world.app.directory.logOutDue(), world.app.directory.logOutDue()]);
    assert.equal(both.filter((count) => count !== undefined).length, 1);
  });

  it('signs out nobody who is merely not found, nor whose number another person has by now', async () => {
    const { world, directory, find, tokens } = await ground(['ada', 'bert']);
    for (const uid of ['ada', 'bert']) await openSample(world.store, (await find(uid)).id);
    directory.entries.delete(dnOf('ada'));
    directory.entries.delete(dnOf('bert'));
    directory.entries.set(
      dnOf('zoe'),
      person('zoe', { uidNumber: '1000bert', mail: 'zoe@example.test', nsAccountLock: 'TRUE' }),
    );
    assert.equal(await world.app.directory.logOutDue(), 0);
    assert.deepEqual([await tokens('ada'), await tokens('bert')], [1, 1]);
  });

  it('says that there was no answer', async () => {
    const { world, directory } = await ground(['ada']);
    directory.breakAfter = 0;
    await assert.rejects(world.app.directory.logOutDue(), DirectoryUnreachable);
  });
});
