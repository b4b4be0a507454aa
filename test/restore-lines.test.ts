import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Restored } from '../src/core/administration/restored.ts';
import type { Application } from '../src/core/application/application.ts';
import { plainOptions } from '../src/core/application/application.ts';
import { sampleAudit } from '../src/core/samples.suite.ts';
import { backUpSqlite } from '../src/stores/sqlite/backup.ts';
import { openSqlite } from '../src/stores/sqlite/open.ts';
import { restoreSqlite } from '../src/stores/sqlite/restore.ts';
import { caller, handClock, openWorld, type World } from './world.ts';

const keyMark = 'the mark of a key';
const cli = caller({ door: 'cli', address: '' });
const redirect = 'https://a.example/cb';

/** Backups and the database in place that did not simply follow each other. */
describe('restoring where the database in place is no successor of the backup', () => {
  let folder: string;
  let file: string;
  const clock = handClock();

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-lines-'));
  });
  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    file = join(folder, 'countersign.db');
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const inWorld = async <T>(act: (world: World) => Promise<T>): Promise<T> => {
    const world = await openWorld({ clock, open: async () => await openSqlite({ file, clock }) });
    try {
      await world.store.once('key-mark', keyMark);
      clock.move(1_000);
      return await act(world);
    } finally {
      await world.close();
    }
  };
  const backUp = (name: string): string => {
    const target = join(folder, name);
    backUpSqlite(file, target, clock.now());
    clock.move(60_000);
    return target;
  };
  const restored = async (backup: string): Promise<Restored> => {
    clock.move(60_000);
    return await restoreSqlite({ file, backup, keyMark, keepSessions: false, clock, caller: cli });
  };
  const personal = async ({ app }: World, username: string, name: string): Promise<string> => {
    const account = await app.account.find({ by: 'username', value: username });
    assert.ok(account);
    clock.move(1_000);
    return await app.host.makePersonalToken(account, { name, skipsSecondFactor: false }, cli);
  };
  const revoke = async ({ app }: World, accountId: string, name: string): Promise<void> => {
    clock.move(1_000);
    const token = (await app.host.tokens(accountId)).find((one) => one.name === name);
    assert.ok(token, name);
    await app.host.endToken(token, cli);
  };
  const setOpen = async ({ app }: World, accountId: string, open: boolean): Promise<void> => {
    clock.move(1_000);
    await app.host.setOpen(accountId, open, cli);
  };
  const namesOf = async (world: World, accountId: string): Promise<readonly string[]> =>
    (await world.app.host.tokens(accountId)).map(({ name }) => name ?? '').toSorted();
  const passkey = async ({ store }: World, accountId: string, id: string): Promise<void> => {
    clock.move(1_000);
    const made = { id, accountId, name: id, publicKey: 'key', signCount: 0, transports: [], backedUp: false };
    await store.passkeys.add(
      { ...made, createdAt: clock.now(), usedAt: undefined },
      { most: 9, keep: 'none', backup: { salt: 'first', hashes: ['one', 'two'] } },
      sampleAudit(accountId, { what: 'factor.add', at: clock.now() }),
    );
  };
  const link = async ({ store }: World, accountId: string, subject: string): Promise<void> => {
    clock.move(1_000);
    const audit = sampleAudit(accountId, { what: 'identity.link', at: clock.now() });
    await store.identities.link({ provider: 'p', subject, facts: {} }, accountId, {}, clock.now(), audit);
  };
  /** Two days of a server: what was there on Monday, what came by Tuesday, and what ended later. */
  const lived = async () => {
    const made = await inWorld(async (world) => {
      const { app, store } = world;
      const zoe = await world.add('zoe', { roles: ['admin', 'user'] });
      const uwe = await world.add('uwe');
      const vic = await world.add('vic');
      const yan = await world.add('yan');
      const signed = await world.signIn('yan');
      for (const name of ['early', 'leaked', 'doomed']) await personal(world, 'zoe', name);
      await passkey(world, zoe.id, 'old-key');
      await link(world, zoe.id, 'old-link');
      const add = async (name: string): Promise<Application> =>
        await app.application.host.add({ name, active: true, redirects: redirect, options: plainOptions }, cli);
      const [rotated, leaking, gone] = [await add('rotated'), await add('leaking'), await add('gone')];
      const reopened = await add('reopened');
      const activate = async (active: boolean): Promise<void> => {
        clock.move(1_000);
        const audit = sampleAudit(undefined, { what: 'application.edit', at: clock.now(), facts: {} });
        await store.applications.update(reopened.id, { active }, clock.now(), audit);
      };
      await activate(false);
      await setOpen(world, uwe.id, false);
      const monday = backUp('monday.db');
      await setOpen(world, uwe.id, true);
      await personal(world, 'zoe', 'ci');
      await passkey(world, zoe.id, 'new-key');
      await link(world, zoe.id, 'new-link');
      await store.factors.setBackupCodes(
        zoe.id,
        { salt: 'second', hashes: ['three', 'four'] },
        sampleAudit(zoe.id, { what: 'factor.codes', at: clock.now() }),
      );
      clock.move(1_000);
      await app.application.agree(signed, { application: rotated, redirect, challenge: undefined }, cli);
      await app.application.host.rotateSecret(rotated.id, cli);
      await activate(true);
      const tuesday = backUp('tuesday.db');
      await revoke(world, zoe.id, 'leaked');
      await setOpen(world, vic.id, false);
      await app.application.host.rotateSecret(leaking.id, cli);
      await app.application.host.remove(gone.id, cli);
      clock.move(60_000);
      return { zoe, uwe, vic, yan, monday, tuesday };
    });
    return made;
  };
  const applications = async ({ store }: World) =>
    (await store.applications.list())
      .map(({ name, active }) => [name, active] as const)
      .toSorted(([one], [other]) => one.localeCompare(other));

  it('takes nothing that came later for ended, where a wrong backup was restored before', async () => {
    const { zoe, uwe, vic, yan, monday, tuesday } = await lived();
    const wrong = await restored(monday);
    assert.deepEqual([wrong.comparedUntil, wrong.personalTokensEnded, wrong.accountsClosed], [undefined, 1, 1]);
    assert.deepEqual([wrong.applicationsOff, wrong.accountsLost, wrong.uncompared], [3, 0, 0]);
    await inWorld(async (world) => {
      assert.deepEqual(await namesOf(world, zoe.id), ['doomed', 'early']);
      // What ends between the two restorations has ended as well.
      await revoke(world, zoe.id, 'doomed');
    });
    const right = await restored(tuesday);
    assert.ok(right.compared && right.comparedUntil !== undefined && right.madeAt !== undefined);
    assert.ok(right.comparedUntil < right.madeAt);
    assert.deepEqual(
      [right.personalTokensEnded, right.personalTokensKept, right.accountsClosed, right.uncompared],
      [2, 2, 1, 3],
    );
    assert.deepEqual([right.waysInEnded, right.backupCodesEnded, right.consentsEnded], [0, 0, 0]);
    assert.deepEqual([right.accountsBack, right.accountsLost, right.oldPasswords, right.factorsLost], [0, 0, 0, 0]);
    await inWorld(async (world) => {
      const { app, store } = world;
      assert.deepEqual(await namesOf(world, zoe.id), ['ci', 'early']);
      assert.equal((await app.account.byId(uwe.id))?.open, true, 'it was opened after Monday');
      assert.equal((await app.account.byId(vic.id))?.open, false, 'it was closed after Tuesday');
      assert.deepEqual((await store.passkeys.list(zoe.id)).map(({ id }) => id).toSorted(), ['new-key', 'old-key']);
      const links = (await store.identities.ofAccount(zoe.id)).map(({ subject }) => subject);
      assert.deepEqual(links.toSorted(), ['new-link', 'old-link']);
      assert.deepEqual((await store.factors.kept(zoe.id)).backup?.hashes, ['three', 'four']);
      assert.equal((await store.grants.consents(yan.id)).length, 1);
      assert.deepEqual(await applications(world), [
        // Its secret of Tuesday is the newest; that of the other was replaced later.
        ['gone', false],
        ['leaking', false],
        ['reopened', true],
        ['rotated', true],
      ]);
      const closing = (await store.audit.newest(50, vic.id)).find(({ what }) => what === 'account.close');
      assert.equal(closing?.facts['because'], 'restore');
    });
  });

  it('goes back to the file that was put aside, whole', async () => {
    const { zoe, uwe, monday } = await lived();
    const lastSeen = await inWorld(async (world) => ({
      names: await namesOf(world, zoe.id),
      codes: (await world.store.factors.kept(zoe.id)).backup?.hashes,
      applications: await applications(world),
    }));
    const { aside } = await restored(monday);
    assert.ok(aside !== undefined);
    const back = await restored(aside);
    assert.deepEqual(
      [back.personalTokensEnded, back.accountsClosed, back.waysInEnded, back.backupCodesEnded, back.consentsEnded],
      [0, 0, 0, 0, 0],
    );
    await inWorld(async (world) => {
      assert.deepEqual(await namesOf(world, zoe.id), lastSeen.names);
      assert.equal((await world.app.account.byId(uwe.id))?.open, true);
      assert.deepEqual((await world.store.factors.kept(zoe.id)).backup?.hashes, lastSeen.codes);
      assert.equal((await world.store.passkeys.list(zoe.id)).length, 2);
      assert.deepEqual(await applications(world), lastSeen.applications);
    });
  });

  it('compares all again, once the file that was put aside is back', async () => {
    const { zoe, vic, monday, tuesday } = await lived();
    await inWorld(async (world) => {
      await revoke(world, zoe.id, 'ci');
    });
    const { aside } = await restored(monday);
    await restored(aside ?? '');
    const told = await restored(tuesday);
    assert.deepEqual([told.comparedUntil, told.uncompared, told.personalTokensEnded], [undefined, 0, 2]);
    await inWorld(async (world) => {
      assert.deepEqual(await namesOf(world, zoe.id), ['doomed', 'early']);
      assert.equal((await world.app.account.byId(vic.id))?.open, false);
    });
  });

  it('knows which of two was the last to open or close an account', async () => {
    const { uwe, monday, tuesday } = await lived();
    await restored(monday);
    await inWorld(async (world) => {
      await setOpen(world, uwe.id, true);
      await setOpen(world, uwe.id, false);
    });
    assert.equal((await restored(tuesday)).accountsClosed, 2);
    await inWorld(async ({ app }) => {
      assert.equal((await app.account.byId(uwe.id))?.open, false);
    });
  });

  it('does not go by the dates of what was brought in later from elsewhere', async () => {
    const { zoe, monday } = await lived();
    const imported = await inWorld(async (world) => {
      const account = await world.add('imported');
      await personal(world, 'imported', 'from then');
      await world.store.audit.append([sampleAudit(account.id, { what: 'account.bring-in', at: clock.now() })]);
      return account;
    });
    const database = new DatabaseSync(file);
    database.exec(`update tokens set created_at = 1000 where name = 'from then'`);
    database.close();
    const wednesday = backUp('wednesday.db');
    await restored(monday);
    const told = await restored(wednesday);
    assert.equal(told.personalTokensEnded, 0);
    await inWorld(async (world) => {
      assert.deepEqual(await namesOf(world, imported.id), ['from then']);
      assert.deepEqual(await namesOf(world, zoe.id), ['ci', 'doomed', 'early']);
    });
  });

  it('keeps what counted where the database in place has been made anew, and says that nothing was compared', async () => {
    const { zoe, tuesday } = await lived();
    renameSync(file, join(folder, 'lost.db'));
    for (const ending of ['-wal', '-shm']) rmSync(`${file}${ending}`, { force: true });
    await inWorld(async (world) => await world.add('root.admin', { roles: ['admin'] }));
    const told = await restored(tuesday);
    assert.deepEqual([told.compared, told.personalTokensKept, told.personalTokensEnded], [false, 4, 0]);
    await inWorld(async (world) => {
      assert.deepEqual(await namesOf(world, zoe.id), ['ci', 'doomed', 'early', 'leaked']);
    });
  });

  it('compares with a database whose trail was pruned since, and signs with its newest key', async () => {
    const { zoe, tuesday } = await lived();
    await inWorld(async ({ store }) => {
      await store.signingKeys.add(
        { kid: 'newest', sealedKey: 'sealed', madeAt: clock.now(), retiredAt: undefined },
        undefined,
      );
    });
    const database = new DatabaseSync(file);
    database.exec('delete from audit where seq < (select max(seq) from audit)');
    database.close();
    const told = await restored(tuesday);
    assert.deepEqual([told.compared, told.comparedUntil, told.personalTokensEnded], [true, undefined, 1]);
    await inWorld(async (world) => {
      assert.deepEqual(await namesOf(world, zoe.id), ['ci', 'doomed', 'early']);
      assert.deepEqual(
        (await world.store.signingKeys.list()).map(({ kid }) => kid),
        ['newest'],
      );
    });
  });
});
