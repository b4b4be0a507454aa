import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { plainOptions } from '../src/core/application/application.ts';
import { sampleAccount, sampleAudit } from '../src/core/samples.suite.ts';
import { backUpSqlite } from '../src/stores/sqlite/backup.ts';
import { asCopyingFault } from '../src/stores/sqlite/errors.ts';
import { openSqlite } from '../src/stores/sqlite/open.ts';
import { restoreSqlite } from '../src/stores/sqlite/restore.ts';
import { StoreFault } from '../src/stores/store-fault.ts';
import { caller, handClock, openWorld, type World } from './world.ts';

const keyMark = 'the mark of a key';
/** A program that makes a copy: from, to. */
const copying = `
  const { backUpSqlite } = await import(${JSON.stringify(new URL('../src/stores/sqlite/backup.ts', import.meta.url).href)});
  const [file, copy] = process.argv.slice(-2);
  backUpSqlite(file, copy, 1);
`;
const cli = caller({ door: 'cli', address: '' });

describe('backup and restore of an embedded database', () => {
  let folder: string;
  let file: string;
  let copy: string;
  const clock = handClock();

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-backup-'));
  });
  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    file = join(folder, 'countersign.db');
    copy = join(folder, 'copy.db');
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (): Promise<World> => {
    const world = await openWorld({ clock, open: async () => await openSqlite({ file, clock }) });
    await world.store.once('key-mark', keyMark);
    return world;
  };
  const inWorld = async <T>(act: (world: World) => Promise<T>): Promise<T> => {
    const world = await open();
    try {
      return await act(world);
    } finally {
      await world.close();
    }
  };
  const restored = async (more: { keepSessions?: boolean; keyMark?: string } = {}) =>
    await restoreSqlite({ file, backup: copy, keyMark, keepSessions: false, clock, caller: cli, ...more });
  const knows = async (world: World, id: string, text: string): Promise<boolean> =>
    await world.app.session.authenticate(id, text).then(
      () => true,
      () => false,
    );

  it('copies while others write: whole, of one moment, for the operator alone', async () => {
    const store = await openSqlite({ file, clock });
    try {
      const accountsIn = (path: string): number => {
        const database = new DatabaseSync(path, { readOnly: true });
        try {
          assert.equal(database.prepare('pragma integrity_check').get()?.['integrity_check'], 'ok');
          return Number(database.prepare('select count(*) as n from accounts').get()?.['n']);
        } finally {
          database.close();
        }
      };
      const large = 'x'.repeat(2_000);
      const five = () => Array.from({ length: 5 }, () => sampleAccount({ bio: large }));
      for (let n = 0; n < 200; n += 1) await store.bulk.accounts(five());
      const first = accountsIn(file);
      // In a process of its own, as the command is: in this one nobody could write meanwhile.
      const child = spawn(process.execPath, ['--input-type=module', '--eval', copying, file, copy], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      const ended = once(child, 'exit');
      let [written, slowestMs] = [0, 0];
      while (child.exitCode === null || written < 5) {
        const begun = performance.now();
        await store.bulk.accounts(five());
        slowestMs = Math.max(slowestMs, performance.now() - begun);
        written += 5;
        await nextTurn();
      }
      assert.deepEqual(await ended, [0, null]);
      const copied = accountsIn(copy);
      assert.ok(copied >= first, `what was written before is in it: ${first}, ${copied}`);
      assert.ok(copied < first + written, `others wrote on meanwhile: ${copied}, ${first + written}`);
      assert.equal(copied % 5, 0, 'of each write all or nothing');
      assert.ok(slowestMs < 2_000, `nobody was held up: ${slowestMs} ms`);
      assert.equal(statSync(copy).mode & 0o777, 0o600);
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.includes('part')),
        [],
      );
      assert.equal(existsSync(`${copy}-wal`), false, 'it is one file');
    } finally {
      await store.close();
    }
  });

  it('says how large the copy is, and never puts it over a file, or a folder', async () => {
    await inWorld(async (world) => await world.add('ada'));
    assert.equal(backUpSqlite(file, copy, clock.now()).bytes, statSync(copy).size);
    assert.throws(() => backUpSqlite(file, copy, clock.now()), /exists already: name another file/u);
    assert.throws(() => backUpSqlite(file, folder, clock.now()), /is a folder: name a file in it/u);
    assert.throws(() => backUpSqlite(join(folder, 'none.db'), join(folder, 'x'), 1), /nothing can be backed up/u);
  });

  it('names the disk that is full, and not the database', () => {
    const fault = (more: object): string => {
      const cause = Object.assign(new Error('of SQLite'), more);
      const told = asCopyingFault(cause, '/data/cs.db', '/backups/monday.db');
      return told instanceof Error ? told.message : '';
    };
    for (const more of [{ errcode: 13 }, { errcode: 778 }, { code: 'ENOSPC' }]) {
      assert.match(fault(more), /^\/backups\/monday\.db cannot be written: is there space left/u, JSON.stringify(more));
    }
    for (const more of [{ errcode: 266 }, { errcode: 11 }]) assert.match(fault(more), /^\/data\/cs\.db /u);
  });

  it('brings back no token of an application, no consent that was taken back, and no secret that was replaced', async () => {
    const redirect = 'https://a.example/cb';
    const options = plainOptions;
    const made = await inWorld(async (world) => {
      await world.add('ada');
      const ada = await world.signIn('ada');
      const applications = [];
      for (const name of ['kept', 'withdrawn', 'rotated']) {
        const application = await world.app.application.host.add(
          { name, active: true, redirects: redirect, options },
          cli,
        );
        const code = await world.app.application.agree(ada, { application, redirect, challenge: undefined }, cli);
        const brought = { code, redirect, verifier: undefined };
        const { access } = await world.app.application.redeem(application, brought, cli);
        applications.push({ application, access });
      }
      backUpSqlite(file, copy, clock.now());
      const [, withdrawn, rotated] = applications;
      await world.app.application.withdraw(ada, withdrawn?.application.clientId ?? '', cli);
      await world.app.application.host.rotateSecret(rotated?.application.id ?? '', cli);
      return { ada, applications };
    });
    await restored({ keepSessions: true });
    await inWorld(async ({ app, store }) => {
      for (const { access } of made.applications) {
        await assert.rejects(app.application.authenticate(access, { applications: true }), { code: 'not-signed-in' });
      }
      const consents = await store.grants.consents(made.ada.account.id);
      assert.deepEqual(consents.map(({ application }) => application.name).toSorted(), ['kept', 'rotated']);
      const active = (await store.applications.list()).map(({ name, active: isActive }) => [name, isActive]);
      assert.deepEqual(active, [
        ['kept', true],
        ['rotated', false],
        ['withdrawn', true],
      ]);
    });
  });

  it('refuses while a server has the file open, and what is no sound backup of this key; nothing changes then', async () => {
    const world = await open();
    const ada = await world.add('ada');
    backUpSqlite(file, copy, clock.now());
    await assert.rejects(restored(), /in use: stop the server first/u);
    assert.equal((await world.app.account.byId(ada.id))?.id, ada.id);
    await world.close();
    const untouched = readFileSync(file);
    await assert.rejects(restored({ keyMark: 'another' }), /another key/u);
    writeFileSync(join(folder, 'text'), 'no database at all, but text that is long enough to look at'.repeat(100));
    await assert.rejects(
      restoreSqlite({ file, backup: join(folder, 'text'), keyMark, keepSessions: false, clock, caller: cli }),
      /not a SQLite database/u,
    );
    await assert.rejects(
      restoreSqlite({ file, backup: join(folder, 'none'), keyMark, keepSessions: false, clock, caller: cli }),
      /is not there/u,
    );
    const newer = new DatabaseSync(copy);
    newer.exec('insert into migrations (number, at) values (99, 0)');
    newer.close();
    await assert.rejects(restored(), /newer version/u);
    const spoilt = readFileSync(copy);
    spoilt.fill(7, 8192, 16_384);
    writeFileSync(copy, spoilt);
    await assert.rejects(restored(), StoreFault);
    assert.deepEqual(readFileSync(file), untouched);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('restore')),
      [],
    );
  });

  it('ends what has ended since: sessions, revoked tokens, closed accounts, used backup codes, removed links', async () => {
    const made = await inWorld(async (world) => {
      const { app, store } = world;
      const [ada, bob, eve] = [
        await world.add('ada', { roles: ['admin', 'user'] }),
        await world.add('bob'),
        await world.add('eve'),
      ];
      const session = (await world.signIn('ada')).text;
      const kept = await app.host.makePersonalToken(ada, { name: 'kept', skipsSecondFactor: false }, cli);
      const revoked = await app.host.makePersonalToken(ada, { name: 'revoked', skipsSecondFactor: false }, cli);
      await store.factors.setBackupCodes(ada.id, { salt: 's', hashes: ['used', 'left'] }, sampleAudit(ada.id));
      await app.session.beginPending(ada, 'password');
      const login = await app.host.makeLoginCode(ada, 60, cli);
      backUpSqlite(file, copy, clock.now());
      clock.move(60_000);
      const token = (await app.host.tokens(ada.id)).find(({ name }) => name === 'revoked');
      assert.ok(token);
      await app.host.endToken(token, cli);
      await app.host.setOpen(bob.id, false, cli);
      await app.host.setPassword(eve.id, { plain: 'a new and longer password' }, cli);
      await store.factors.setBackupCodes(ada.id, { salt: 's', hashes: ['left'] }, sampleAudit(ada.id));
      await world.add('late');
      await world.add('gone');
      return { ada, bob, session, kept, revoked, login };
    });
    const told = await restored();
    assert.deepEqual(
      { ...told, aside: undefined },
      {
        madeAt: clock.now() - 60_000,
        aside: undefined,
        compared: true,
        comparedUntil: undefined,
        uncompared: 0,
        accounts: 3,
        administrators: 1,
        sessionsEnded: 1,
        sessionsKept: 0,
        sessionsRevived: 0,
        personalTokensKept: 1,
        personalTokensEnded: 1,
        accountsClosed: 1,
        accountsBack: 0,
        accountsLost: 2,
        oldPasswords: 1,
        administratorsAgain: 0,
        waysInEnded: 0,
        backupCodesEnded: 1,
        factorsLost: 0,
        consentsEnded: 0,
        applicationsOff: 0,
      },
    );
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(told.aside !== undefined && existsSync(told.aside));
    await inWorld(async (world) => {
      const { ada, bob } = made;
      assert.equal(await knows(world, ada.id, made.session), false);
      assert.equal(await knows(world, ada.id, made.revoked), false);
      assert.equal(await knows(world, ada.id, made.kept), true);
      assert.equal((await world.app.account.byId(bob.id))?.open, false);
      assert.deepEqual((await world.store.factors.kept(ada.id)).backup?.hashes, ['left']);
      await assert.rejects(world.app.session.redeemCode(made.login.code, cli), { code: 'log-in-code-unknown' });
      const [entry] = (await world.store.audit.newest(50)).filter(({ what }) => what === 'store.restore');
      assert.deepEqual([entry?.door, entry?.facts['compared']], ['cli', true]);
      assert.equal((await world.signIn('ada')).account.id, ada.id);
    });
  });

  it('brings sessions back when asked, and says how many of them had ended', async () => {
    const made = await inWorld(async (world) => {
      const ada = await world.add('ada');
      const [one, two] = [(await world.signIn('ada')).text, (await world.signIn('ada')).text];
      backUpSqlite(file, copy, clock.now());
      const [token] = await world.app.host.tokens(ada.id);
      assert.ok(token);
      await world.app.host.endToken(token, cli);
      return { ada, one, two };
    });
    const told = await restored({ keepSessions: true });
    assert.deepEqual([told.sessionsKept, told.sessionsRevived, told.sessionsEnded], [2, 1, 0]);
    await inWorld(async (world) => {
      assert.equal(await knows(world, made.ada.id, made.one), true);
      assert.equal(await knows(world, made.ada.id, made.two), true);
    });
  });

  for (const [what, spoil] of Object.entries({
    'is gone': () => rmSync(file),
    'is broken': () => writeFileSync(file, 'broken'.repeat(5000)),
    'is of another key': () => {
      const database = new DatabaseSync(file);
      database.exec(`update meta set value = 'another' where name = 'key-mark'`);
      database.close();
    },
  })) {
    it(`works where the database ${what}, and says that it could compare nothing`, async () => {
      const made = await inWorld(async (world) => {
        const ada = await world.add('ada');
        const text = await world.app.host.makePersonalToken(ada, { name: 'one', skipsSecondFactor: false }, cli);
        backUpSqlite(file, copy, clock.now());
        return { ada, text };
      });
      spoil();
      const told = await restored();
      assert.deepEqual([told.compared, told.personalTokensKept, told.personalTokensEnded], [false, 1, 0]);
      assert.equal(told.aside === undefined, what === 'is gone');
      await inWorld(async (world) => {
        assert.equal(await knows(world, made.ada.id, made.text), true);
      });
    });
  }

  it('keeps the link that the database is named by, and lies where it led to', async () => {
    const [disk, link] = [join(folder, 'disk.db'), join(folder, 'link.db')];
    file = disk;
    await inWorld(async (world) => await world.add('ada'));
    backUpSqlite(disk, copy, clock.now());
    symlinkSync(disk, link);
    const { aside } = await restoreSqlite({
      file: link,
      backup: copy,
      keyMark,
      keepSessions: false,
      clock,
      caller: cli,
    });
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.equal(aside?.startsWith(`${realpathSync(disk)}.before-restore-`), true, aside);
    assert.equal(lstatSync(aside).isFile(), true);
    rmSync(disk);
    await assert.rejects(
      restoreSqlite({ file: link, backup: copy, keyMark, keepSessions: false, clock, caller: cli }),
      /symbolic link to what is not there: is its disk mounted/u,
    );
  });

  it('keeps owner, group and mode of the file, so that the server can open it', async () => {
    await inWorld(async (world) => await world.add('ada'));
    backUpSqlite(file, copy, clock.now());
    chmodSync(file, 0o640);
    // Root gives it to anybody, others to a group that they are in.
    const isRoot = process.geteuid?.() === 0;
    const group = (process.getgroups?.() ?? []).find((one) => one !== process.getegid?.()) ?? process.getegid?.() ?? 0;
    if (isRoot) chownSync(file, 65_534, 65_534);
    else chownSync(file, process.geteuid?.() ?? 0, group);
    const old = statSync(file);
    await restored();
    const now = statSync(file);
    assert.notEqual(now.ino, old.ino);
    assert.deepEqual([now.uid, now.gid, now.mode & 0o777], [old.uid, old.gid, 0o640]);
  });

  it('takes no database for its own backup', async () => {
    await inWorld(async (world) => await world.add('ada'));
    const other = join(folder, 'another-name.db');
    linkSync(file, other);
    for (const backup of [file, other]) {
      await assert.rejects(
        restoreSqlite({ file, backup, keyMark, keepSessions: false, clock, caller: cli }),
        /is the database that is in place/u,
      );
    }
  });

  it('ends personal tokens as well, where that is asked for', async () => {
    const made = await inWorld(async (world) => {
      const ada = await world.add('ada');
      const text = await world.app.host.makePersonalToken(ada, { name: 'one', skipsSecondFactor: false }, cli);
      backUpSqlite(file, copy, clock.now());
      return { ada, text };
    });
    const told = await restoreSqlite({
      file,
      backup: copy,
      keyMark,
      keepSessions: false,
      endPersonal: true,
      clock,
      caller: cli,
    });
    assert.deepEqual([told.personalTokensKept, told.personalTokensEnded], [0, 1]);
    await inWorld(async (world) => {
      assert.equal(await knows(world, made.ada.id, made.text), false);
    });
  });

  it('believes no moment that no date can hold', async () => {
    await inWorld(async (world) => await world.add('ada'));
    for (const [told, believed] of [
      ['1e300', undefined],
      ['-1', undefined],
      ['x', undefined],
      ['7', 7],
    ] as const) {
      rmSync(copy, { force: true });
      backUpSqlite(file, copy, 7);
      const database = new DatabaseSync(copy);
      database.prepare(`update meta set value = ? where name = 'backup-at'`).run(told);
      database.close();
      assert.equal((await restored()).madeAt, believed, told);
    }
  });

  it('takes a copy that was made by hand, with the log beside it', async () => {
    await inWorld(async (world) => {
      await world.add('ada');
      copyFileSync(file, copy);
      copyFileSync(`${file}-wal`, `${copy}-wal`);
    });
    const told = await restored();
    assert.deepEqual([told.accounts, told.madeAt], [1, undefined]);
  });
});
