// Keeping accounts in step with a directory, rule by rule, over a directory in memory (attacks L09, L10, L13, L15).
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { noSecondFactors } from '../src/core/account/account.ts';
import type { SyncReport } from '../src/core/directory/directory.ts';
import { type FakeDirectory, fakeDirectory, type Written } from '../src/core/directory/fake-directory.suite.ts';
import type { SyncOptions } from '../src/core/directory/sync-needs.ts';
import { openSample, sampleAccount, sampleAudit } from '../src/core/samples.suite.ts';
import { appOwner } from './factor-owner.ts';
import { caller, openWorld, type World } from './world.ts';

const people = 'ou=people,dc=example,dc=test';
const groups = 'ou=groups,dc=example,dc=test';
const runs = caller({ door: 'cli', address: '' });

const dnOf = (uid: string): string => `uid=${uid},${people}`;

function person(uid: string, more: Written = {}): Written {
  return {
    objectClass: ['inetOrgPerson'],
    uid,
    cn: `${uid} Example`,
    mail: `${uid}@example.test`,
    uidNumber: `1000${uid}`,
    modifyTimestamp: '20260820090000Z',
    ...more,
  };
}

const settingsOfAll = {
  LDAP_Enable: 'true',
  LDAP_Server_Type: '',
  LDAP_BaseDN: 'dc=example,dc=test',
  LDAP_User_Search_Filter: '(objectClass=inetOrgPerson)',
  LDAP_Background_Sync_Disable_Missing_Users: 'true',
  LDAP_Sync_User_Active_State: 'both',
  Countersign_LDAP_Sync_Most_Closed: '100',
};

interface Ground {
  readonly world: World;
  readonly directory: FakeDirectory;
  run(options?: Partial<SyncOptions>): Promise<SyncReport>;
  find(username: string): ReturnType<World['store']['accounts']['find']>;
  set(id: string, value: boolean | number | string): Promise<void>;
}

describe('keeping accounts in step with a directory', () => {
  const open: World[] = [];
  afterEach(async () => {
    for (const world of open.splice(0)) await world.close();
  });

  async function ground(uids: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<Ground> {
    const directory = fakeDirectory(Object.fromEntries(uids.map((uid) => [dnOf(uid), person(uid)])));
    const env = Object.fromEntries(
      Object.entries({ ...settingsOfAll, ...settings }).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]),
    );
    const world = await openWorld({ env, parts: { directory: () => directory } });
    open.push(world);
    return {
      world,
      directory,
      run: async (options = {}) => {
        world.clock.move(1_000);
        const report = await world.app.directory.sync({ caller: runs, ...options });
        assert.ok(report !== undefined, 'nobody else runs');
        return report;
      },
      set: async (id, value) => {
        await world.app.settings.write([{ id, value }], { caller: runs, accountId: undefined, asHost: true });
      },
      find: async (username) => await world.store.accounts.find({ by: 'username', value: username }),
    };
  }

  const counts = ({ seen, created, updated, closed, opened, unchanged, skippedCount }: SyncReport) => ({
    seen,
    created,
    updated,
    closed,
    opened,
    unchanged,
    skippedCount,
  });
  const none = { seen: 0, created: 0, updated: 0, closed: 0, opened: 0, unchanged: 0, skippedCount: 0 };

  it('makes accounts, leaves them as they are, and follows changes', async () => {
    const { directory, run, find } = await ground(['ada', 'bert']);
    assert.deepEqual(counts(await run()), { ...none, seen: 2, created: 2 });
    const ada = await find('ada');
    assert.deepEqual(
      [ada?.name, ada?.emails, ada?.open, ada?.hasPassword, ada?.roles],
      ['ada Example', [{ address: 'ada@example.test', verified: true }], true, false, ['user']],
    );
    assert.deepEqual(counts(await run()), { ...none, seen: 2, unchanged: 2 });
    directory.entries.set(dnOf('ada'), person('ada', { cn: 'Ada Lovelace', mail: 'countess@example.test' }));
    assert.deepEqual(counts(await run()), { ...none, seen: 2, updated: 1, unchanged: 1 });
    const changed = await find('ada');
    assert.deepEqual(
      [changed?.name, changed?.emails.map(({ address }) => address)],
      ['Ada Lovelace', ['countess@example.test']],
    );
    assert.equal(changed?.id, ada?.id);
    assert.deepEqual(counts(await run()), { ...none, seen: 2, unchanged: 2 }, 'and it is over');
  });

  it('makes and changes nobody where the settings do not want it', async () => {
    const { directory, run, find, set } = await ground(['ada'], { LDAP_Background_Sync_Import_New_Users: 'false' });
    assert.deepEqual(counts(await run()), { ...none, seen: 1 });
    assert.equal(await find('ada'), undefined);
    await set('LDAP_Background_Sync_Import_New_Users', true);
    await run();
    await set('LDAP_Background_Sync_Keep_Existant_Users_Updated', false);
    directory.entries.set(dnOf('ada'), person('ada', { cn: 'Other' }));
    assert.deepEqual(counts(await run()), { ...none, seen: 1, unchanged: 1 });
    assert.equal((await find('ada'))?.name, 'ada Example');
  });

  it('joins an account of the same username only where that is allowed', async () => {
    const { run, find, set, world } = await ground(['ada']);
    const local = await world.add('ada', { email: { address: 'local@example.com', verified: true } });
    const report = await run();
    assert.deepEqual(counts(report), { ...none, seen: 1, skippedCount: 1 });
    assert.deepEqual(report.skipped, [{ dn: dnOf('ada'), because: 'identity-username-taken' }]);
    await set('LDAP_Background_Sync_Merge_Existent_Users', true);
    assert.deepEqual(counts(await run()), { ...none, seen: 1, updated: 1 });
    assert.equal((await find('ada'))?.id, local.id);
    const [identity] = await world.store.identities.ofAccount(local.id);
    assert.deepEqual([identity?.provider, identity?.usedAt], ['ldap', undefined]);
  });

  it('closes the disabled and the locked of every directory, ends their tokens, and opens them again (attacks L09)', async () => {
    const { directory, run, find, world } = await ground(['ada', 'bert', 'cleo', 'dora', 'emil', 'fred', 'gina']);
    await run();
    const states: readonly (readonly [string, Written])[] = [
      ['ada', { userAccountControl: '514' }],
      ['bert', { nsAccountLock: 'TRUE' }],
      ['cleo', { pwdAccountLockedTime: '000001010000Z' }],
      ['dora', { loginDisabled: 'TRUE' }],
      ['emil', { orclIsEnabled: 'DISABLED' }],
      ['fred', { userAccountControl: '66050' }],
    ];
    const ada = await find('ada');
    const token = await openSample(world.store, ada?.id ?? '');
    const personal = await openSample(world.store, ada?.id ?? '', { pool: 'personal', name: 'robot' });
    for (const [uid, state] of states) directory.entries.set(dnOf(uid), person(uid, state));
    const report = await run();
    assert.deepEqual(counts(report), { ...none, seen: 7, unchanged: 7, closed: 6 });
    assert.deepEqual(
      [...report.closing].toSorted(),
      states.map(([uid]) => uid),
    );
    for (const [uid] of states) assert.equal((await find(uid))?.open, false, uid);
    assert.equal((await find('gina'))?.open, true);
    for (const hash of [token, personal]) assert.equal(await world.store.tokens.find(hash), undefined);
    const entries = await world.store.audit.newest(20, ada?.id);
    const [closing] = entries.filter(({ what }) => what === 'account.close');
    assert.deepEqual(closing?.facts, { because: 'directory', state: 'disabled' });

    for (const [uid] of states) directory.entries.set(dnOf(uid), person(uid, { userAccountControl: '512' }));
    assert.deepEqual(counts(await run()), { ...none, seen: 7, opened: 6, unchanged: 1 });
    assert.equal((await find('ada'))?.open, true);
  });

  it('closes nobody for a lock that passes', async () => {
    const { directory, run, find } = await ground(['ada', 'bert'], { LDAP_Sync_User_Active_State: 'disable' });
    await run();
    directory.entries.set(dnOf('ada'), person('ada', { pwdAccountLockedTime: '20260820095900Z' }));
    directory.entries.set(dnOf('bert'), person('bert', { lockoutTime: '134000000000000000' }));
    assert.deepEqual(counts(await run()), { ...none, seen: 2, unchanged: 2 });
    for (const uid of ['ada', 'bert']) assert.equal((await find(uid))?.open, true, uid);
  });

  it('opens nobody whom an administrator closes while the run goes on', async () => {
    const { directory, run, find, world } = await ground(['ada', 'bert']);
    await run();
    directory.entries.set(dnOf('ada'), person('ada', { nsAccountLock: 'true' }));
    await run();
    const id = (await find('ada'))?.id ?? '';
    const joined = world.store.sync.joined.bind(world.store.sync);
    Object.assign(world.store.sync, {
      joined: async (...asked: Parameters<typeof joined>) => {
        const read = await joined(...asked);
        await world.app.host.setOpen(id, false, runs);
        return read;
      },
    });
    directory.entries.set(dnOf('ada'), person('ada'));
    assert.deepEqual(counts(await run()), { ...none, seen: 2, unchanged: 2 });
    assert.equal((await find('ada'))?.open, false);
  });

  it('opens nobody whom an administrator has closed, and nobody without being asked to', async () => {
    const { directory, run, find, world, set } = await ground(['ada', 'bert']);
    await run();
    await world.app.host.setOpen((await find('ada'))?.id ?? '', false, runs);
    assert.deepEqual(counts(await run()), { ...none, seen: 2, unchanged: 2 });
    assert.equal((await find('ada'))?.open, false);
    directory.entries.set(dnOf('bert'), person('bert', { nsAccountLock: 'true' }));
    await run();
    await set('LDAP_Sync_User_Active_State', 'disable');
    directory.entries.set(dnOf('bert'), person('bert'));
    assert.deepEqual(counts(await run()), { ...none, seen: 2, unchanged: 2 });
    assert.equal((await find('bert'))?.open, false);
    // By hand as well: now it is no longer the directory that has closed it.
    await world.app.host.setOpen((await find('bert'))?.id ?? '', false, runs);
    await set('LDAP_Sync_User_Active_State', 'both');
    assert.equal((await run()).opened, 0);
  });

  it('leaves active states alone where the settings want that', async () => {
    const { directory, run, find } = await ground(['ada'], { LDAP_Sync_User_Active_State: 'none' });
    await run();
    directory.entries.set(dnOf('ada'), person('ada', { nsAccountLock: 'true' }));
    assert.equal((await run()).closed, 0);
    assert.equal((await find('ada'))?.open, true);
  });

  it('closes those who are gone, moved out of the base, or left out by a filter, and opens them when they return (attacks L10)', async () => {
    const { directory, run, find, set } = await ground(['ada', 'bert', 'cleo', 'dora'], {
      LDAP_BaseDN: people,
      LDAP_Background_Sync_Disable_Missing_Users: 'false',
    });
    await run();
    directory.entries.delete(dnOf('ada'));
    directory.entries.delete(dnOf('bert'));
    directory.entries.set('uid=bert,ou=former,dc=example,dc=test', person('bert'));
    directory.entries.set(dnOf('cleo'), person('cleo', { objectClass: ['contact'] }));
    assert.equal((await run()).closed, 0, 'not without being asked to');
    await set('LDAP_Background_Sync_Disable_Missing_Users', true);
    assert.deepEqual(counts(await run()), { ...none, seen: 1, unchanged: 1, closed: 3 });
    for (const uid of ['ada', 'bert', 'cleo']) assert.equal((await find(uid))?.open, false, uid);
    directory.entries.set(dnOf('ada'), person('ada'));
    directory.entries.delete('uid=bert,ou=former,dc=example,dc=test');
    directory.entries.set(dnOf('bert'), person('bert'));
    assert.deepEqual(counts(await run()), { ...none, seen: 3, unchanged: 1, opened: 2 });
  });

  it('closes those who left the group that everybody must be in (attacks L10)', async () => {
    const { directory, run, find } = await ground(['ada', 'bert', 'cl*o'], {
      LDAP_Group_Filter_Enable: 'true',
      LDAP_Group_Filter_Group_Member_Format: '#{userdn}',
    });
    const group = `cn=ROCKET_CHAT,${groups}`;
    const members = (...uids: readonly string[]): Written => ({
      objectClass: ['groupOfUniqueNames'],
      cn: 'ROCKET_CHAT',
      uniqueMember: uids.map(dnOf),
    });
    directory.entries.set(group, members('ada', 'bert'));
    assert.deepEqual(counts(await run()), { ...none, seen: 3, created: 2 });
    assert.equal(await find('clo'), undefined, 'a name is no pattern');
    directory.entries.set(group, members('ada'));
    assert.deepEqual(counts(await run()), { ...none, seen: 3, unchanged: 1, closed: 1 });
    assert.equal((await find('bert'))?.open, false);
  });

  it('closes nobody where too many would go, unless that is allowed once', async () => {
    const uids = Array.from({ length: 20 }, (_, index) => `u${String(index).padStart(2, '0')}`);
    const { directory, run, set } = await ground(uids, { Countersign_LDAP_Sync_Most_Closed: '2' });
    await run();
    for (const uid of uids.slice(0, 3)) directory.entries.delete(dnOf(uid));
    const stopped = await run();
    assert.equal(stopped.closed, 0);
    assert.match(stopped.stopped ?? '', /^3 of 20 open accounts .* no more than 2 /u);
    assert.deepEqual(stopped.closing, ['u00', 'u01', 'u02']);
    assert.equal((await run({ allowClosing: 2 })).closed, 0, 'not so many');
    assert.equal((await run({ allowClosing: 3 })).closed, 3);
    for (const uid of uids.slice(3, 6)) directory.entries.set(dnOf(uid), person(uid, { nsAccountLock: 'true' }));
    assert.equal((await run()).closed, 0, 'disabled ones count as well, and what was allowed is over');
    await set('Countersign_LDAP_Sync_Most_Closed_Percent', 20);
    assert.equal((await run()).closed, 3);
  });

  it('takes nobody for gone where the directory broke off, showed nobody, or is off', async () => {
    const { directory, run, find, world, set } = await ground(['ada', 'bert', 'cleo']);
    await run();
    directory.breakAfter = 1;
    const broken = await run();
    assert.deepEqual([broken.failed, broken.closed], ['The directory does not answer.', 0]);
    directory.breakAfter = undefined;
    const all = [...directory.entries];
    directory.entries.clear();
    const empty = await run();
    assert.equal(empty.closed, 0);
    assert.match(empty.stopped ?? '', /nobody at all/u);
    for (const uid of ['ada', 'bert', 'cleo']) assert.equal((await find(uid))?.open, true, uid);
    for (const [dn, entry] of all) directory.entries.set(dn, entry);
    await set('LDAP_BaseDN', 'dc=elsewhere');
    assert.equal((await run()).closed, 0);
    const [entry] = await world.store.audit.newest(1);
    assert.equal(entry?.what, 'directory.sync');
    const failed = (await world.store.audit.newest(20)).find(({ outcome }) => outcome === 'refused');
    assert.deepEqual([failed?.what, failed?.facts['failed']], ['directory.sync', 'The directory does not answer.']);
  });

  it('closes nobody who came while the run went on', async () => {
    const { directory, run, find, world } = await ground(['ada', 'bert']);
    await run();
    const search = directory.search.bind(directory);
    const came = { provider: 'ldap', subject: 'ff', facts: {} };
    Object.assign(directory, {
      async *search(what: Parameters<FakeDirectory['search']>[0]) {
        yield* search(what);
        // Behind the last page: somebody who is new in the directory signs in.
        world.clock.move(10);
        const account = sampleAccount({ username: 'newcomer', createdAt: world.clock.now() });
        await world.store.identities.addAccount(account, came, []);
      },
    });
    directory.entries.delete(dnOf('ada'));
    assert.deepEqual((await run()).closing, ['ada']);
    assert.equal((await find('newcomer'))?.open, true);
  });

  it('never closes the last administrator', async () => {
    const { directory, run, find, world } = await ground(['root', 'ada'], {
      LDAP_Background_Sync_Merge_Existent_Users: 'true',
    });
    await run();
    const root = (await find('root')) ?? assert.fail();
    await world.app.host.giveRole?.(root, 'admin', runs);
    directory.entries.delete(dnOf('root'));
    const report = await run();
    assert.deepEqual(report.skipped, [{ dn: 'root', because: 'last-administrator' }]);
    assert.equal((await find('root'))?.open, true);
  });

  it('joins no account that is more than a new one, nor one of another entry', async () => {
    const uids = ['ada', 'bert', 'cleo', 'dora', 'emil'];
    const { directory, run, find, world } = await ground(uids, { LDAP_Background_Sync_Merge_Existent_Users: 'true' });
    const verified = (uid: string) => ({ email: { address: `${uid}@example.test`, verified: true } });
    await world.add('ada', { roles: ['user', 'bot'], ...verified('ada') });
    for (const [username, address] of [
      ['bert', 'own@example.test'],
      ['cleo', 'cleo@example.test'],
    ] as const) {
      const emails = [{ address, verified: true }];
      const account = sampleAccount({ username, emails, secondFactors: { ...noSecondFactors, email: true } });
      await world.store.accounts.add(account, sampleAudit(account.id));
    }
    await appOwner(world, 'dora');
    const report = await run();
    assert.deepEqual(
      new Map(report.skipped.map(({ dn, because }) => [dn, because])),
      new Map([
        [dnOf('ada'), 'account-has-more-roles'],
        [dnOf('bert'), 'account-has-second-factor'],
        [dnOf('dora'), 'account-has-second-factor'],
      ]),
    );
    assert.deepEqual(counts(report), { ...none, seen: 5, created: 1, updated: 1, skippedCount: 3 });
    // Emil left, and another one of his name came.
    const emil = await find('emil');
    directory.entries.delete(dnOf('emil'));
    directory.entries.set(`uid=emil,ou=new,${people}`, person('emil', { uidNumber: '77', mail: 'e@example.test' }));
    assert.deepEqual(
      // Those of a page are worked on at once, and each is done when it is done.
      (await run()).skipped.map(({ because }) => because).toSorted(),
      ['account-has-more-roles', 'account-has-second-factor', 'account-has-second-factor', 'account-of-another-entry'],
    );
    assert.equal((await world.store.identities.ofAccount(emil?.id ?? '')).length, 1);
  });

  it('joins an account with one entry where two of a page have its username', async () => {
    const { directory, run, find, world } = await ground([], { LDAP_Background_Sync_Merge_Existent_Users: 'true' });
    const ada = await world.add('ada', { email: { address: 'ada@example.test', verified: true } });
    directory.entries.set(dnOf('ada'), person('ada', { uidNumber: '1' }));
    directory.entries.set(`uid=ada,ou=other,${people}`, person('ada', { uidNumber: '2' }));
    for (const dryRun of [true, false]) {
      const report = await run({ dryRun });
      assert.deepEqual(counts(report), { ...none, seen: 2, updated: 1, skippedCount: 1 });
      assert.equal(report.skipped[0]?.because, 'account-of-another-entry');
    }
    assert.equal((await find('ada'))?.id, ada.id);
    assert.equal((await world.store.identities.ofAccount(ada.id)).length, 1);
  });

  it('puts no two people into one account where they have one id', async () => {
    const admins = { objectClass: ['groupOfNames'], cn: 'admins', memberUid: ['ada'] };
    const { directory, run, find } = await ground([], {
      LDAP_Sync_User_Data_Roles: 'true',
      LDAP_Sync_User_Data_RolesMap: '{"admins":"admin"}',
      LDAP_Background_Sync_Disable_Missing_Users: 'true',
    });
    directory.entries.set(`cn=admins,${groups}`, admins);
    directory.entries.set(dnOf('ada'), person('ada', { uidNumber: '1' }));
    directory.entries.set(dnOf('eve'), person('eve', { uidNumber: '1' }));
    for (const dryRun of [true, false]) {
      const report = await run({ dryRun });
      assert.deepEqual(counts(report), { ...none, seen: 2, skippedCount: 2 });
      assert.deepEqual(new Set(report.skipped.map(({ because }) => because)), new Set(['id-of-several-entries']));
    }
    assert.deepEqual([await find('ada'), await find('eve')], [undefined, undefined]);
    // Once she has her account another entry takes nothing from her.
    directory.entries.delete(dnOf('eve'));
    assert.equal((await run()).created, 1);
    directory.entries.set(dnOf('eve'), person('eve', { uidNumber: '1' }));
    assert.deepEqual((await run()).skipped, [{ dn: dnOf('eve'), because: 'another-person-with-the-same-id' }]);
    // Two that could both be hers: neither is believed, and she stays.
    directory.entries.set(dnOf('eve'), person('eve', { uidNumber: '1', mail: 'ada@example.test' }));
    const both = await run();
    assert.deepEqual(counts(both), { ...none, seen: 2, skippedCount: 2 });
    assert.deepEqual([(await find('ada'))?.open, (await find('ada'))?.roles.includes('admin')], [true, true]);
  });

  it('knows an id again that was on an earlier page of the run', async () => {
    const uids = Array.from({ length: 120 }, (_, index) => `u${index}`);
    const { directory, run, find } = await ground(uids);
    const last = dnOf('u119');
    directory.entries.set(last, person('u119', { uidNumber: '1000u0', mail: 'u0@example.test' }));
    for (const dryRun of [true, false]) {
      const report = await run({ dryRun });
      assert.deepEqual([report.created, report.skipped], [119, [{ dn: last, because: 'id-of-several-entries' }]]);
    }
    assert.equal((await find('u0'))?.name, 'u0 Example');
  });

  it('reports an id that was given to somebody else, who takes nothing and keeps nobody (attacks L13)', async () => {
    const { directory, run, find, set } = await ground(['ada', 'bert']);
    await run();
    await set('LDAP_Background_Sync_Disable_Missing_Users', false);
    directory.entries.delete(dnOf('ada'));
    directory.entries.set(dnOf('zoe'), person('zoe', { uidNumber: '1000ada' }));
    const report = await run();
    assert.deepEqual(report.skipped, [{ dn: dnOf('zoe'), because: 'another-person-with-the-same-id' }]);
    assert.deepEqual([(await find('ada'))?.open, (await find('ada'))?.name], [true, 'ada Example']);
    assert.equal(await find('zoe'), undefined);
    await set('LDAP_Background_Sync_Disable_Missing_Users', true);
    assert.deepEqual((await run({ dryRun: true })).closing, ['ada']);
    assert.deepEqual((await run()).closing, ['ada'], 'she is gone, whoever has her number');
    // Whoever keeps the name or the address is the same person.
    directory.entries.set(dnOf('bert'), person('bertram', { uidNumber: '1000bert', mail: 'bert@example.test' }));
    assert.equal((await run()).updated, 1);
    assert.equal((await find('bertram'))?.name, 'bertram Example');
  });

  it('takes an entry that the directory calls otherwise for another one, unless it was built anew (attacks L13)', async () => {
    const { directory, run, find } = await ground([], { LDAP_Background_Sync_Disable_Missing_Users: 'false' });
    const put = (uid: string, entryUUID: string, more: Written = {}): void => {
      directory.entries.set(dnOf(uid), person(uid, { entryUUID, ...more }));
    };
    put('ada', 'one');
    put('bert', 'two');
    await run();
    put('ada', 'three', { cn: 'Another' });
    put('bert', 'four', { cn: 'Another', mail: 'another@example.test' });
    const other = { because: 'another-person-with-the-same-id' };
    const both = [
      { dn: dnOf('ada'), ...other },
      { dn: dnOf('bert'), ...other },
    ];
    assert.deepEqual((await run()).skipped, both);
    assert.equal((await find('ada'))?.name, 'ada Example');
    const accepted = await run({ acceptsNewEntries: true });
    assert.deepEqual([accepted.updated, accepted.skipped], [1, both.slice(1)], 'where the address is the same');
    assert.equal((await find('ada'))?.name, 'Another');
    assert.deepEqual((await run()).skipped, both.slice(1), 'and it is known from now on');
  });

  it('goes by the username alone where there are no addresses', async () => {
    const { directory, run, find } = await ground([], { LDAP_Background_Sync_Disable_Missing_Users: 'false' });
    const put = (uid: string): void => {
      directory.entries.set(dnOf(uid), { objectClass: ['inetOrgPerson'], uid, cn: uid, uidNumber: '7' });
    };
    put('ada');
    await run();
    directory.entries.delete(dnOf('ada'));
    put('eve');
    assert.deepEqual((await run()).skipped, [{ dn: dnOf('eve'), because: 'another-person-with-the-same-id' }]);
    assert.equal((await find('ada'))?.name, 'ada');
  });

  it('skips whom it cannot take, says why, and goes on', async () => {
    const { directory, run, find, world } = await ground(['ada', 'bert']);
    await world.add('other', { email: { address: 'ada@example.test', verified: true } });
    directory.entries.set(dnOf('here'), person('here'));
    directory.entries.set(dnOf('html'), person('html', { cn: '<b onload=x>Html</b>' }));
    directory.entries.set(
      dnOf('big'),
      person('big', { cn: 'x'.repeat(1_048_576), memberOf: Array.from({ length: 5_000 }, (_, at) => `cn=g${at}`) }),
    );
    const report = await run();
    assert.deepEqual(counts(report), { ...none, seen: 5, created: 3, skippedCount: 2 });
    assert.deepEqual(
      new Map(report.skipped.map(({ dn, because }) => [dn, because])),
      new Map([
        [dnOf('ada'), 'identity-address-taken'],
        [dnOf('here'), 'username-reserved'],
      ]),
    );
    directory.entries.set(dnOf('bert'), person('bert', { uid: 'other', cn: 'Bert' }));
    const taken = (await run()).skipped.find(({ dn }) => dn === dnOf('bert'));
    assert.equal(taken?.because, 'username-taken');
    directory.entries.set(dnOf('html'), person('html', { uid: 'all', cn: 'Html' }));
    const reserved = (await run()).skipped.find(({ dn }) => dn === dnOf('html'));
    assert.equal(reserved?.because, 'username-reserved', 'nobody is renamed to what nobody may be called');
    assert.equal((await find('html'))?.name, 'Html', 'what else changed is written');
    assert.equal((await find('big'))?.name, 'big');
  });

  it('writes nothing in a dry run, and tells what it would do', async () => {
    const { directory, run, world } = await ground(['ada', 'bert', 'cleo', 'dora']);
    const dry = await run({ dryRun: true });
    assert.deepEqual(counts(dry), { ...none, seen: 4, created: 4 });
    assert.equal(await world.app.directory.report(), undefined);
    await run();
    directory.entries.delete(dnOf('ada'));
    directory.entries.set(dnOf('bert'), person('bert', { nsAccountLock: 'true' }));
    directory.entries.set(dnOf('cleo'), person('cleo', { cn: 'New' }));
    directory.entries.set(dnOf('emil'), person('emil'));
    const before = await everything(world);
    const report = await run({ dryRun: true });
    assert.deepEqual(await everything(world), before);
    assert.deepEqual([report.dryRun, report.closing], [true, ['ada', 'bert']]);
    const real = await run();
    assert.deepEqual({ ...counts(report) }, counts(real), 'the real run does the same');
  });

  it('looks only at what changed, by the clock of the directory, and still closes whom it shows disabled', async () => {
    const { directory, run, find } = await ground(['ada', 'bert', 'cleo']);
    assert.equal((await run({ delta: true })).full, true, 'nothing is known yet: everybody is looked at');
    const now = '20260820093000Z';
    directory.entries.set(dnOf('ada'), person('ada', { cn: 'Ada', modifyTimestamp: now }));
    directory.entries.set(dnOf('bert'), person('bert', { nsAccountLock: 'true', modifyTimestamp: now }));
    directory.entries.delete(dnOf('cleo'));
    const report = await run({ delta: true });
    assert.equal(report.full, false);
    assert.deepEqual(counts(report), { ...none, seen: 2, updated: 1, unchanged: 1, closed: 1 });
    assert.equal((await find('cleo'))?.open, true, 'only a full run knows who is gone');
    assert.match(directory.asked.at(-1) ?? '', /^\(&\(!.*modifyTimestamp>=20260820085500Z/u);
    directory.entries.set(dnOf('ada'), person('ada', { objectClass: ['former'], modifyTimestamp: now }));
    directory.entries.set(`cn=alias,${groups}`, person('cleo', { objectClass: ['alias'], modifyTimestamp: now }));
    assert.deepEqual((await run({ delta: true, dryRun: true })).closing, ['ada']);
    assert.deepEqual((await run({ delta: true })).closing, ['ada'], 'whom the filter leaves out; an alias is nobody');
    assert.equal((await find('cleo'))?.open, true);
    directory.entries.set(dnOf('dora'), person('dora', { modifyTimestamp: '20260820093100Z' }));
    assert.equal((await run({ delta: true })).created, 1);
    assert.match(directory.asked.at(-1) ?? '', /modifyTimestamp>=20260820092500Z/u);
  });

  it('believes no change that lies in the future', async () => {
    const { directory, run, find, world } = await ground(['ada', 'bert']);
    directory.entries.set(dnOf('bert'), person('bert', { modifyTimestamp: '20990101000000Z' }));
    await run();
    const watermark = async () => ((await world.store.sync.state('ldap-progress')) as { watermark: string }).watermark;
    const now = new Date(world.clock.now()).toISOString().replace(/[-:T]/gu, '').slice(0, 14);
    assert.equal(await watermark(), now);
    // As an earlier version would have kept it.
    const kept = (await world.store.sync.state('ldap-progress')) as object;
    await world.store.sync.keepState('ldap-progress', { ...kept, watermark: '20990101000000' }, 0);
    directory.entries.set(dnOf('ada'), person('ada', { cn: 'Ada', modifyTimestamp: '20260820093000Z' }));
    directory.entries.set(dnOf('bert'), person('bert', { modifyTimestamp: '20260820093000Z' }));
    assert.equal((await run({ delta: true })).full, true);
    assert.equal((await find('ada'))?.name, 'Ada');
    assert.equal(await watermark(), '20260820093000', 'a full run puts its own in the place');
  });

  it('copies custom fields, empties what is gone, and keeps to their definition', async () => {
    const { directory, run, find, set } = await ground(['ada'], {
      LDAP_Sync_Custom_Fields: 'true',
      LDAP_CustomFieldMap: '{"department":"team","employeeNumber":"customFields.number"}',
      Accounts_CustomFields: '{"team":{"type":"select","options":["ops","dev"]},"number":{"type":"text"}}',
    });
    directory.entries.set(dnOf('ada'), person('ada', { department: 'ops', employeeNumber: '7' }));
    await run();
    assert.deepEqual((await find('ada'))?.customFields, { team: 'ops', number: '7' });
    assert.equal((await run()).unchanged, 1);
    directory.entries.set(dnOf('ada'), person('ada', { department: 'sales', employeeNumber: '8' }));
    assert.deepEqual((await run()).skipped, [{ dn: dnOf('ada'), because: 'custom-field-invalid' }]);
    directory.entries.set(dnOf('ada'), person('ada', { department: 'dev' }));
    assert.equal((await run()).updated, 1);
    assert.equal((await find('ada'))?.customFields['number'] ?? '', '');
    await set('LDAP_Sync_Custom_Fields', false);
    assert.equal((await run()).unchanged, 1);
  });

  describe('groups and roles', () => {
    const group = (name: string, members: readonly string[], of = 'member'): Written => ({
      objectClass: ['groupOfNames'],
      cn: name,
      [of]: members,
    });
    const roles = {
      LDAP_Sync_User_Data_Roles: 'true',
      LDAP_Sync_User_Data_Roles_AutoRemove: 'true',
      LDAP_Sync_User_Data_Roles_BaseDN: groups,
      LDAP_Sync_User_Data_Roles_Filter: '(&(cn=#{groupName})(member=#{userdn}))',
      LDAP_Sync_User_Data_RolesMap: '{"admins":"admin","robots":["bot"],"nowhere":"no-such-role"}',
    };

    for (const strategy of ['each_group', 'once']) {
      it(`gives roles of groups and takes them away (${strategy}, attacks L15)`, async () => {
        const { directory, run, find, world } = await ground(['ada', 'bert'], {
          ...roles,
          LDAP_Sync_User_Data_Roles_GroupMembershipValidationStrategy: strategy,
        });
        await world.add('root', { roles: ['admin'] });
        directory.entries.set(`cn=admins,${groups}`, group('Admins', [dnOf('ada')]));
        directory.entries.set(`cn=robots,${groups}`, group('robots', [dnOf('ada'), dnOf('bert')]));
        await run();
        assert.deepEqual((await find('ada'))?.roles.toSorted(), ['admin', 'bot', 'user']);
        assert.deepEqual((await find('bert'))?.roles.toSorted(), ['bot', 'user']);
        await world.app.host.giveRole?.((await find('bert')) ?? assert.fail(), 'anonymous', runs);
        directory.entries.set(`cn=admins,${groups}`, group('admins', []));
        directory.entries.delete(`cn=robots,${groups}`);
        assert.equal((await run()).updated, 2);
        assert.deepEqual((await find('ada'))?.roles, ['user']);
        assert.deepEqual((await find('bert'))?.roles.toSorted(), ['anonymous', 'user'], 'others are not touched');
      });
    }

    it('takes nothing away without being asked to', async () => {
      const { directory, run, find } = await ground(['ada'], {
        ...roles,
        LDAP_Sync_User_Data_Roles_AutoRemove: 'false',
      });
      directory.entries.set(`cn=robots,${groups}`, group('robots', [dnOf('ada')]));
      await run();
      directory.entries.delete(`cn=robots,${groups}`);
      assert.equal((await run()).unchanged, 1);
      assert.deepEqual((await find('ada'))?.roles, ['user', 'bot']);
    });

    it('follows groups in groups, also in a circle, and no deeper than it should', async () => {
      const { directory, run, find, set } = await ground(['ada', 'bert'], roles);
      const put = (name: string, ...members: readonly string[]): void => {
        directory.entries.set(`cn=${name},${groups}`, group(name, members));
      };
      const dn = (name: string): string => `cn=${name},${groups}`;
      put('robots', dn('b'));
      put('b', dn('c'), dn('robots'));
      put('c', dnOf('ada'), dn('b'));
      for (let at = 0; at < 30; at += 1) put(`deep${at}`, at === 29 ? dnOf('bert') : dn(`deep${at + 1}`));
      put('admins', dn('deep0'));
      await run();
      assert.deepEqual((await find('ada'))?.roles, ['user', 'bot']);
      assert.deepEqual((await find('bert'))?.roles, ['user']);
      await set('Countersign_LDAP_Nested_Groups', false);
      await run();
      assert.deepEqual((await find('ada'))?.roles, ['user']);
    });

    it('gives no role by groups that the filter of the operator does not fit', async () => {
      const official = '(&(description=official)(cn=#{groupName})(member=#{userdn}))';
      const { directory, run, find, set } = await ground(['ada', 'eve'], {
        ...roles,
        LDAP_Sync_User_Data_Roles_Filter: official,
      });
      const dn = (name: string, below = groups): string => `cn=${name},${below}`;
      // Anybody may make a list, call it what they like, and put themselves or another list on it.
      directory.entries.set(dn('hobby'), { ...group('hobby', [dnOf('eve')]), cn: ['hobby', 'robots'] });
      directory.entries.set(dn('robots', `ou=lists,${groups}`), group('robots', [dn('hobby'), dnOf('eve')]));
      directory.entries.set(dn('trick'), {
        ...group('trick', [dn('hobby')]),
        cn: ['robots', 'trick'],
        description: 'official',
      });
      directory.entries.set(dn('robots'), { ...group('robots', [dn('team')]), description: 'official' });
      directory.entries.set(dn('team'), group('team', [dnOf('ada')]));
      await run();
      assert.deepEqual((await find('eve'))?.roles, ['user']);
      assert.deepEqual((await find('ada'))?.roles, ['user', 'bot']);
      for (const filter of [
        '(&(cn=#{groupName})(memberUid=#{username}))',
        '(&(cn=#{groupName})(member=#{userdn})(!(denied=#{userdn})))',
      ]) {
        await set('LDAP_Sync_User_Data_Roles_Filter', filter);
        await run();
        assert.deepEqual((await find('ada'))?.roles, ['user'], filter);
      }
    });

    it('takes no role where the groups cannot be read', async () => {
      const { directory, run, find, world } = await ground(['ada'], roles);
      directory.entries.set(`cn=robots,${groups}`, group('robots', [dnOf('ada')]));
      await run();
      const search = directory.search.bind(directory);
      Object.assign(directory, {
        search: (what: Parameters<FakeDirectory['search']>[0]) => {
          if (what.base === groups) directory.breakAfter = 0;
          return search(what);
        },
      });
      assert.notEqual((await run()).failed, undefined);
      assert.deepEqual((await find('ada'))?.roles, ['user', 'bot']);
      assert.equal((await world.app.directory.report())?.failed, 'The directory does not answer.');
    });

    it('escapes what people are called', async () => {
      const { directory, run, find } = await ground(['x*)(cn=*', 'ada'], {
        ...roles,
        LDAP_Sync_User_Data_Roles_Filter: '(&(cn=#{groupName})(memberUid=#{username}))',
        Countersign_LDAP_Nested_Groups: 'false',
      });
      directory.entries.set(`cn=robots,${groups}`, { cn: 'robots', memberUid: 'ada' });
      await run();
      assert.deepEqual((await find('ada'))?.roles, ['user', 'bot']);
      assert.deepEqual((await find('xcn'))?.roles, ['user']);
    });
  });

  describe('runs of several nodes and of the clock', () => {
    it('lets one run at a time, and takes over from one that died', async () => {
      const { run, world } = await ground(['ada']);
      const now = world.clock.now();
      const dead = { holder: 'dead', now, until: now + 300_000 };
      assert.equal((await world.store.sync.lease('ldap-lease', dead)).held, true);
      assert.equal(await world.app.directory.sync({ caller: runs }), undefined);
      world.clock.move(300_000);
      assert.equal((await run()).created, 1);
    });

    it('ends where another run was in between, though that has ended by now', async () => {
      const { directory, run, world } = await ground(['ada', 'bert']);
      await run();
      directory.entries.delete(dnOf('ada'));
      const search = directory.search.bind(directory);
      Object.assign(directory, {
        async *search(what: Parameters<FakeDirectory['search']>[0]) {
          yield* search(what);
          world.clock.move(300_001);
          const by = { holder: 'other', now: world.clock.now(), until: world.clock.now() + 300_000 };
          assert.equal((await world.store.sync.lease('ldap-lease', by)).held, true);
          await world.store.sync.endLease('ldap-lease', 'other', world.clock.now());
        },
      });
      const report = await run();
      assert.deepEqual([report.failed, report.closed], ['Another run has taken over.', 0]);
    });

    it('runs again after its clock was ahead', async () => {
      const { directory, world, find } = await ground(['ada', 'bert'], { LDAP_Background_Sync: 'true' });
      const year = 365 * 86_400_000;
      world.clock.move(year);
      assert.equal((await world.app.directory.runDue())?.full, true);
      world.clock.move(-year);
      directory.entries.delete(dnOf('ada'));
      const search = directory.search.bind(directory);
      Object.assign(directory, {
        async *search(what: Parameters<FakeDirectory['search']>[0]) {
          yield* search(what);
          world.clock.move(10);
          const account = sampleAccount({ username: 'newcomer', createdAt: world.clock.now() });
          await world.store.identities.addAccount(account, { provider: 'ldap', subject: 'ff', facts: {} }, []);
        },
      });
      assert.deepEqual((await world.app.directory.runDue())?.closing, ['ada']);
      assert.equal((await find('ada'))?.open, false);
      assert.equal((await find('newcomer'))?.open, true, 'whoever came since the run began is not missing');
      assert.equal(await world.app.directory.runDue(), undefined);
    });

    it('ends between two steps where the server shuts down, and closes nobody', async () => {
      const uids = Array.from({ length: 250 }, (_, index) => `u${index}`);
      const { directory, run, world } = await ground(uids);
      await run();
      for (const uid of uids.slice(0, 5)) directory.entries.delete(dnOf(uid));
      const going = world.app.directory.sync({ caller: runs });
      await world.app.directory.stop();
      const report = await going;
      assert.deepEqual([report?.failed, report?.closed], ['The server is shutting down.', 0]);
    });

    it('runs when it is due, once for all nodes, and sooner again after a failure', async () => {
      const { directory, world } = await ground(['ada'], {
        LDAP_Background_Sync: 'true',
        LDAP_Background_Sync_Interval: 'every_6_hours',
        Countersign_LDAP_Sync_Delta_Minutes: '10',
      });
      const due = async (): Promise<string> => {
        const report = await world.app.directory.runDue();
        return report === undefined
          ? 'none'
          : report.failed === undefined
            ? report.full
              ? 'full'
              : 'delta'
            : 'failed';
      };
      const [one, other] = await Promise.all([due(), due()]);
      assert.deepEqual([one, other].toSorted(), ['full', 'none']);
      assert.equal(await due(), 'none');
      // A node whose clock struck before that run began, and that got its turn after it had ended.
      const late = await world.app.directory.sync({ caller: runs, onlyAfter: { triedAt: undefined } });
      assert.equal(late, undefined);
      world.clock.move(600_000);
      assert.equal(await due(), 'delta');
      assert.equal(await due(), 'none');
      directory.breakAfter = 0;
      world.clock.move(600_000);
      assert.equal(await due(), 'failed');
      world.clock.move(240_000);
      assert.equal(await due(), 'none');
      directory.breakAfter = undefined;
      world.clock.move(60_000);
      assert.equal(await due(), 'delta');
      world.clock.move(6 * 3_600_000);
      assert.equal(await due(), 'full');
    });

    it('never runs by itself unless that is wanted', async () => {
      const { world } = await ground(['ada']);
      assert.equal(await world.app.directory.runDue(), undefined);
    });
  });
});

/** Every row that a run could write. */
async function everything(world: World): Promise<unknown> {
  const { accounts } = await world.store.accounts.list({ offset: 0, count: 0, sort: [] });
  const identities = await Promise.all(accounts.map(async ({ id }) => await world.store.identities.ofAccount(id)));
  const states = await Promise.all(
    ['ldap-lease', 'ldap-progress', 'ldap-report'].map(async (name) => await world.store.sync.state(name)),
  );
  return { accounts, identities, states, audit: await world.store.audit.newest(1_000) };
}
