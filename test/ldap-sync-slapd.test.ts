// Keeping accounts in step with a real OpenLDAP, in one process and over a running server (attacks L09, L10, L15).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { administratorRole } from '../src/core/account/account.ts';
import type { SyncReport } from '../src/core/directory/directory.ts';
import type { SyncOptions } from '../src/core/directory/sync-needs.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { signInAt } from './attacks/doors.ts';
import { ask, at, Ddp, type Pass, pass, sleep, textAt } from './attacks/wire.ts';
import { type RunningServer, startServer } from './server.ts';
import { openSlapd, type Slapd, slapdMissing } from './slapd.ts';
import { directoryPassword, personLdif } from './slapd-ldif.ts';
import { openTcpProxy } from './tcp-proxy.ts';
import { caller, openWorld, type World } from './world.ts';

const base = 'dc=example,dc=test';
const people = `ou=people,${base}`;
const groups = `ou=groups,${base}`;
const dnOf = (uid: string): string => `uid=${uid},${people}`;
const missing = slapdMissing();
const runs = caller({ door: 'cli', address: '' });

/** Of the people of the directory only those of a department, so that each test has its own. */
function settingsFor(slapd: Slapd, department: string, more: Readonly<Record<string, string>> = {}) {
  const own = {
    LDAP_User_Search_Filter: `(&(objectClass=inetOrgPerson)(department=${department}))`,
    LDAP_Background_Sync_Disable_Missing_Users: 'true',
    LDAP_Sync_User_Active_State: 'both',
    Countersign_LDAP_Sync_Most_Closed: '50',
    ...more,
  };
  const env = Object.fromEntries(Object.entries(own).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));
  return { ...slapd.env, ...env };
}

function replaced(uid: string, attribute: string, value?: string): string {
  const line = value === undefined ? '' : `${attribute}: ${value}\n`;
  return `dn: ${dnOf(uid)}\nchangetype: modify\nreplace: ${attribute}\n${attribute === '' ? '' : line}\n`;
}

describe('keeping accounts in step with OpenLDAP', { skip: missing }, () => {
  let slapd: Slapd;
  const open: World[] = [];
  before(async () => {
    slapd = await openSlapd();
  });
  after(async () => {
    for (const world of open) await world.close();
    await slapd.stop();
  });

  async function ground(department: string, more: Readonly<Record<string, string>> = {}) {
    const world = await openWorld({ env: settingsFor(slapd, department, more) });
    open.push(world);
    const run = async (options: Partial<SyncOptions> = {}): Promise<SyncReport> => {
      world.clock.move(1_000);
      return (await world.app.directory.sync({ caller: runs, ...options })) ?? assert.fail('another run goes on');
    };
    const find = async (username: string) => await world.store.accounts.find({ by: 'username', value: username });
    const states = async (...uids: readonly string[]): Promise<readonly unknown[]> =>
      await Promise.all(uids.map(async (uid) => (await find(uid))?.open));
    return { world, run, find, states };
  }
  const add = async (department: string, uids: readonly string[], more: readonly string[] = []): Promise<void> => {
    const entries = uids.map((uid) =>
      personLdif(uid, [`department: ${department}`, `mail: ${uid}@example.test`, `cn: ${uid}`, ...more]),
    );
    await slapd.apply(entries.join(''));
  };

  it('makes, changes, closes and opens accounts as the directory has them', async () => {
    const { run, find, states } = await ground('d1', { LDAP_BaseDN: people });
    await add('d1', ['a1', 'b1', 'c1', 'e1', 'f1', 'g1']);
    assert.equal((await run()).created, 6);
    assert.deepEqual((await find('a1'))?.emails, [{ address: 'a1@example.test', verified: true }]);
    await slapd.apply(
      [
        replaced('a1', 'cn', 'Ada Lovelace'),
        replaced('b1', 'nsAccountLock', 'TRUE'),
        replaced('c1', 'department', 'other'),
        replaced('e1', 'pwdAccountLockedTime', '000001010000Z'),
        `dn: ${dnOf('f1')}\nchangetype: delete\n\n`,
        `dn: ${dnOf('g1')}\nchangetype: modrdn\nnewrdn: uid=g1\ndeleteoldrdn: 0\nnewsuperior: ou=services,${base}\n\n`,
      ].join(''),
    );
    const report = await run();
    assert.deepEqual([report.updated, report.closed, report.skippedCount, report.stopped], [1, 5, 0, undefined]);
    assert.equal((await find('a1'))?.name, 'Ada Lovelace');
    assert.deepEqual(await states('a1', 'b1', 'c1', 'e1', 'f1', 'g1'), [true, false, false, false, false, false]);
    await slapd.apply(
      [
        replaced('b1', 'nsAccountLock'),
        replaced('c1', 'department', 'd1'),
        replaced('e1', 'pwdAccountLockedTime'),
        `dn: uid=g1,ou=services,${base}\nchangetype: modrdn\nnewrdn: uid=g1\ndeleteoldrdn: 0\nnewsuperior: ${people}\n\n`,
      ].join(''),
    );
    assert.equal((await run()).opened, 4);
    assert.deepEqual(await states('a1', 'b1', 'c1', 'e1', 'f1', 'g1'), [true, true, true, true, false, true]);
  });

  it('sees by what changed whom the directory disables, and whom the filter leaves out', async () => {
    const { run, states } = await ground('d2');
    await add('d2', ['a2', 'b2', 'c2']);
    await run();
    await slapd.apply(replaced('a2', 'userAccountControl', '514') + replaced('c2', 'department', 'none'));
    const report = await run({ delta: true });
    assert.deepEqual([report.full, report.closed, report.failed], [false, 2, undefined]);
    assert.deepEqual(await states('a2', 'b2', 'c2'), [false, true, false]);
  });

  it('gives roles by groups in groups, also in a circle, and takes them from whoever left', async () => {
    const group = (name: string, ...members: readonly string[]): string =>
      `dn: cn=${name},${groups}\nobjectClass: groupOfNames\ncn: ${name}\n${members.map((member) => `member: ${member}\n`).join('')}\n`;
    const { run, find, world } = await ground('d3', {
      LDAP_Sync_User_Data_Roles: 'true',
      LDAP_Sync_User_Data_Roles_AutoRemove: 'true',
      LDAP_Sync_User_Data_Roles_BaseDN: groups,
      LDAP_Sync_User_Data_Roles_Filter: '(&(cn=#{groupName})(member=#{userdn}))',
      LDAP_Sync_User_Data_RolesMap: '{"staff":"bot","chiefs":"admin"}',
    });
    await world.add('root', { roles: [administratorRole] });
    await add('d3', ['a3', 'b3']);
    await slapd.apply(
      [
        group('staff', `cn=ops,${groups}`),
        group('ops', `cn=night,${groups}`, `cn=staff,${groups}`),
        group('night', dnOf('a3'), `cn=ops,${groups}`),
        group('chiefs', dnOf('b3')),
      ].join(''),
    );
    await run();
    assert.deepEqual((await find('a3'))?.roles, ['user', 'bot']);
    assert.deepEqual((await find('b3'))?.roles, ['user', administratorRole]);
    await slapd.apply(
      ['night', 'chiefs']
        .map((name) => `dn: cn=${name},${groups}\nchangetype: modify\nreplace: member\nmember: ${base}\n\n`)
        .join(''),
    );
    assert.equal((await run()).updated, 2);
    for (const uid of ['a3', 'b3']) assert.deepEqual((await find(uid))?.roles, ['user'], uid);
  });

  it('reads more people than one answer may hold, and closes nobody where the line breaks on the way', async () => {
    const uids = Array.from({ length: 620 }, (_, index) => `m${index}`);
    await add('d4', uids);
    const proxy = await openTcpProxy(slapd.port);
    try {
      const { run, world } = await ground('d4', {
        LDAP_Port: String(proxy.port),
        LDAP_Search_Page_Size: '20',
      });
      const whole = await run();
      assert.deepEqual([whole.seen, whole.created, whole.failed], [620, 620, undefined]);
      await slapd.apply(`dn: ${dnOf('m619')}\nchangetype: delete\n\n`);
      const heard = proxy.heard().length;
      const broken = run();
      while (proxy.heard().length < heard + 1_000) await sleep(1);
      proxy.mode = 'shut';
      proxy.cut();
      const report = await broken;
      assert.notEqual(report.failed, undefined);
      assert.equal(report.closed, 0);
      const { total } = await world.store.accounts.list({ offset: 0, count: 1, sort: [], only: { open: true } });
      assert.ok(total >= 620);
      proxy.mode = 'lead';
      assert.equal((await run()).closed, 1, 'and the next run sees everybody again');
    } finally {
      await proxy.close();
    }
  });

  describe('over a running server', () => {
    let server: RunningServer;
    let root: Pass;
    before(async () => {
      await add('d5', ['a5', 'b5']);
      server = await startServer({
        env: {
          ...settingsFor(slapd, 'd5', { LDAP_Background_Sync: 'true' }),
          OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
        },
      });
      const { username, password } = server.administrator;
      const { opened, text } = await signInAt(server, 'REST JSON', username, password);
      root = opened ?? assert.fail(text);
    });
    after(async () => {
      await server.dispose();
    });

    const signIn = async (uid: string): Promise<Pass> => {
      const json = { user: uid, password: directoryPassword(uid) };
      const reply = await ask(server, { path: '/api/v1/login', json });
      assert.equal(reply.status, 200, reply.text);
      return { userId: textAt(reply.json, 'data', 'userId'), authToken: textAt(reply.json, 'data', 'authToken') };
    };
    const statusOf = async (of: Pass): Promise<number> =>
      (await ask(server, { path: '/api/v1/me', headers: pass(of) })).status;
    const sync = async (): Promise<unknown> => {
      const proved = { 'x-2fa-code': sha256Hex(server.administrator.password), 'x-2fa-method': 'password' };
      const last = await reportOf();
      const begun = await ask(server, {
        method: 'POST',
        path: '/api/v1/ldap.syncNow',
        headers: { ...pass(root), ...proved },
        json: {},
      });
      assert.deepEqual([begun.status, begun.json], [200, { message: 'Sync_in_progress', success: true }]);
      for (let tries = 0; tries < 500; tries += 1) {
        const report = await reportOf();
        if (at(report, 'startedAt') !== (last === null ? undefined : at(last, 'startedAt'))) return report;
        await sleep(20);
      }
      return assert.fail('the run did not end');
    };
    const reportOf = async (): Promise<unknown> => {
      const reply = await ask(server, { path: '/api/v1/ldap.syncReport', headers: pass(root) });
      assert.equal(reply.status, 200, reply.text);
      return at(reply.json, 'report');
    };

    it('is done by the server itself when it is due', async () => {
      const isTold = (): boolean => server.lines.some((line) => line.includes('"event":"directory.sync"'));
      for (let tries = 0; !isTold() && tries < 500; tries += 1) await sleep(20);
      const report = await reportOf();
      assert.deepEqual([at(report, 'created'), at(report, 'full'), at(report, 'failed')], [2, true, null]);
    });

    it('ends sessions, live sockets and personal tokens of whoever is disabled, at once (attacks L09)', async () => {
      const [gone, stays] = [await signIn('a5'), await signIn('b5')];
      const made = await ask(server, {
        path: '/api/v1/users.generatePersonalAccessToken',
        headers: pass(gone),
        json: { tokenName: 'robot', bypassTwoFactor: false },
      });
      const personal: Pass = { userId: gone.userId, authToken: textAt(made.json, 'token') };
      const sockets = await Promise.all(
        [gone, personal, stays].map(async (of) => {
          const socket = await Ddp.open(server);
          assert.equal((await socket.call('login', { resume: of.authToken }))['error'], undefined);
          return socket;
        }),
      );
      assert.deepEqual([await statusOf(gone), await statusOf(personal)], [200, 200]);
      await slapd.apply(replaced('a5', 'nsAccountLock', 'TRUE'));
      const report = await sync();
      assert.deepEqual([at(report, 'closed'), at(report, 'closing')], [1, ['a5']]);
      assert.deepEqual([await statusOf(gone), await statusOf(personal), await statusOf(stays)], [401, 401, 200]);
      const [one, other, third] = sockets;
      for (const socket of [one, other]) assert.equal((await socket?.closedWithin(2_000))?.code, 1000);
      assert.equal(third?.isOver, false);
      for (const socket of sockets) socket.close();
      const refused = await ask(server, {
        path: '/api/v1/login',
        json: { user: 'a5', password: directoryPassword('a5') },
      });
      assert.equal(refused.status, 401);
    });

    it('asks for the permission', async () => {
      const user = await signIn('b5');
      const call = async (path: string, of: Pass, method = 'POST') =>
        await ask(server, { method, path, headers: pass(of), ...(method === 'POST' ? { json: {} } : {}) });
      assert.equal((await call('/api/v1/ldap.syncNow', user)).status, 403);
      assert.equal((await call('/api/v1/ldap.syncReport', user, 'GET')).status, 403);
    });
  });
});

it('says where no directory is asked', async () => {
  const world = await openWorld();
  try {
    const report = await world.app.directory.sync({ caller: runs });
    assert.match(report?.failed ?? '', /switched off/u);
  } finally {
    await world.close();
  }
});
