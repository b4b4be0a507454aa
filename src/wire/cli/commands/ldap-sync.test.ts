// The command over a real store and a directory in memory.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openWorld, type World } from '../../../../test/world.ts';
import { fakeDirectory } from '../../../core/directory/fake-directory.suite.ts';
import { call } from '../fake-needs.suite.ts';

const dnOf = (uid: string): string => `uid=${uid},dc=example`;
const person = (uid: string) => ({ objectClass: 'person', uid, cn: uid, mail: `${uid}@example.test` });

describe('countersign ldap sync', () => {
  const uids = Array.from({ length: 10 }, (_, at) => `p${at}`);
  const directory = fakeDirectory(Object.fromEntries([...uids, 'all'].map((uid) => [dnOf(uid), person(uid)])));
  let world: World;
  before(async () => {
    world = await openWorld({
      env: {
        OVERWRITE_SETTING_LDAP_Enable: 'true',
        OVERWRITE_SETTING_LDAP_Server_Type: '',
        OVERWRITE_SETTING_LDAP_BaseDN: 'dc=example',
        OVERWRITE_SETTING_LDAP_Background_Sync_Disable_Missing_Users: 'true',
      },
      parts: { directory: () => directory },
    });
  });
  after(async () => {
    await world.close();
  });

  async function run(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    world.clock.move(1_000);
    const openApp = async () => await Promise.resolve({ app: world.app, close: async () => await Promise.resolve() });
    return await call(['ldap', 'sync', ...words], { openApp });
  }

  it('prints what a run has done, or would do', async () => {
    const dry = await run('--dry-run');
    assert.match(dry.out, /^Looked at \(nothing was written\) +11\nMade +10\n/u);
    assert.equal(await world.app.account.find({ by: 'username', value: 'p0' }), undefined);
    const { code, out } = await run();
    assert.equal(code, 0);
    assert.match(out, /^Looked at +11\nMade +10\n/u);
    assert.match(out, /Skipped: uid=all,dc=example \(username-reserved\)/u);
    const { closed, skippedCount, full } = JSON.parse((await run('--json')).out) as Record<string, unknown>;
    assert.deepEqual({ closed, skippedCount, full }, { closed: 0, skippedCount: 1, full: true });
  });

  it('closes nobody where too many would go, until it is told to', async () => {
    for (const uid of uids.slice(0, 6)) directory.entries.delete(dnOf(uid));
    const stopped = await run();
    assert.equal(stopped.code, 1);
    assert.match(stopped.out, /Not closed: p0, p1, p2, p3, p4, p5/u);
    assert.match(stopped.err, /6 of 10 open accounts/u);
    assert.equal((await run('--allow-closing', 'many')).code, 2);
    const told = await run('--allow-closing', '6');
    assert.deepEqual([told.code, /^Closed +6$/mu.test(told.out)], [0, true], told.out);
  });

  it('takes entries of a directory that was built anew only where it is told to', async () => {
    const put = (ipaUniqueID: string, cn: string): void => {
      directory.entries.set(dnOf('p9'), { ...person('p9'), cn, ipaUniqueID });
    };
    put('one', 'p9');
    await run('--accept-new-entries');
    put('two', 'Renamed');
    assert.match((await run()).out, /Skipped: uid=p9,dc=example \(another-person-with-the-same-id\)/u);
    assert.match((await run('--accept-new-entries')).out, /^Changed or joined +1$/mu);
    assert.equal((await run()).out.includes('another-person'), false);
  });

  it('says where the directory fails, and where another run goes on', async () => {
    directory.breakAfter = 0;
    const failed = await run();
    assert.deepEqual([failed.code, /The directory does not answer/u.test(failed.err)], [1, true]);
    directory.breakAfter = undefined;
    const now = world.clock.now() + 1_000;
    await world.store.sync.lease('ldap-lease', { holder: 'another', now, until: now + 60_000 });
    const busy = await run();
    assert.deepEqual([busy.code, /Another run goes on/u.test(busy.err)], [1, true]);
  });
});
