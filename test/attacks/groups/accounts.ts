import assert from 'node:assert/strict';
import { type Arena, unlimited } from '../arena.ts';
import type { Group } from '../group.ts';
import { at, pass, type Reply, textAt } from '../wire.ts';

let made = 0;

async function create(arena: Arena, json: Readonly<Record<string, unknown>>): Promise<Reply> {
  made += 1;
  const base = {
    username: `made.${made}`,
    name: 'x',
    email: `made.${made}@example.com`,
    password: 'long enough for anybody',
  };
  return await arena.ask({ path: '/api/v1/users.create', headers: pass(arena.admin), json: { ...base, ...json } });
}

/** J: accounts: making, closing, the first of them. */
export const accounts: Group = {
  letter: 'J',
  about: 'making and closing accounts',
  env: unlimited,
  cases: [
    {
      id: 'J03',
      about: 'members that a maker may not set are refused, and none reaches the account',
      async act(arena) {
        for (const more of [
          { type: 'bot' },
          { _id: 'chosen' },
          { isAdmin: true },
          { services: { password: { bcrypt: '$2b$10$x' } } },
          { emails: [{ address: 'a@b.example', verified: true }] },
          { createdAt: 0 },
          { 'roles.0': 'admin' },
          { $set: { roles: ['admin'] } },
          { secretURL: { $ne: '' } },
          { roles: { $ne: 1 } },
          { roles: 'admin' },
          { roles: ['nobody-has-this'] },
          { roles: ['owner'] },
          { roles: [] },
          { roles: [['admin']] },
          { verified: 'true' },
          { active: 0 },
          { password: { $ne: '' } },
          { password: '' },
          { password: 'x'.repeat(5000) },
          { email: { $ne: '' } },
          { email: ['a@example.com'] },
          { email: 'a@example.com,b@evil.example' },
          { email: 'a@example.com\r\nBcc: b@evil.example' },
          { email: 'nonsense' },
          { name: '<img src=x onerror=alert(1)>' },
          { name: '%3Cscript%3E' },
          { name: { $ne: '' } },
          { customFields: [] },
          { bio: 'x'.repeat(261) },
        ]) {
          const reply = await create(arena, more);
          assert.equal(reply.status, 400, `${JSON.stringify(more).slice(0, 80)}: ${reply.text}`);
        }
        for (const text of [
          '{"__proto__":{"roles":["admin"]},"username":"polluted","name":"x","email":"p@example.com","password":"long enough"}',
        ]) {
          const headers = { ...pass(arena.admin), 'content-type': 'application/json' };
          assert.equal((await arena.ask({ path: '/api/v1/users.create', headers, body: text })).status, 400);
        }
        const admins = arena.rows(`select account_id from account_roles where role_id = 'admin'`);
        assert.deepEqual(
          admins.map((row) => row['account_id']),
          [arena.admin.userId],
        );
      },
    },
    {
      id: 'J05',
      about: 'of many accounts of one name or address at once one is made',
      async act(arena) {
        const sameName = await Promise.all(
          Array.from(
            { length: 8 },
            async (_none, n) => await create(arena, { username: n % 2 === 0 ? 'racing.name' : 'RACING.name' }),
          ),
        );
        assert.equal(sameName.filter(({ status }) => status === 200).length, 1);
        const sameMail = await Promise.all(
          Array.from(
            { length: 8 },
            async (_none, n) => await create(arena, { email: n % 2 === 0 ? 'race@example.com' : 'RACE@example.com' }),
          ),
        );
        assert.equal(sameMail.filter(({ status }) => status === 200).length, 1);
      },
    },
    {
      id: 'J07',
      about: 'the last administrator is neither closed nor deleted, also not two at once',
      async act(arena) {
        const { userId } = arena.admin;
        const close = async (id: string) =>
          await arena.ask({
            path: '/api/v1/users.setActiveStatus',
            headers: pass(arena.admin),
            json: { userId: id, activeStatus: false },
          });
        assert.match(textAt((await close(userId)).json, 'error'), /without an active admin/u);
        const deleting = await arena.ask({
          path: '/api/v1/users.delete',
          headers: pass(arena.admin),
          json: { userId },
        });
        assert.equal(deleting.status, 400, deleting.text);
        const second = await arena.person({ roles: ['admin'] });
        const secondCloses = async () =>
          await arena.ask({
            path: '/api/v1/users.setActiveStatus',
            headers: pass(second),
            json: { userId, activeStatus: false },
          });
        const [one, other] = await Promise.all([close(second.userId), secondCloses()]);
        assert.equal([one, other].filter(({ status }) => status === 200).length, 1, `${one.text} ${other.text}`);
        const open = arena.rows(
          `select id from accounts a join account_roles r on r.account_id = a.id where r.role_id = 'admin' and a.open = 1`,
        );
        assert.equal(open.length, 1);
        if (open[0]?.['id'] !== userId) {
          const back = await arena.ask({
            path: '/api/v1/users.setActiveStatus',
            headers: pass(second),
            json: { userId, activeStatus: true },
          });
          assert.equal(back.status, 200, back.text);
          const { opened } = await arena.signIn(
            'REST JSON',
            arena.server.administrator.username,
            arena.server.administrator.password,
          );
          assert.ok(opened);
          Object.assign(arena.admin, opened);
        }
      },
    },
    {
      id: 'J10',
      about: 'there is no account but those that were made, and no password that comes with the product',
      async act(arena) {
        const names = arena.rows(
          `select username, password_hash from accounts where username not like 'person.%' and username not like 'made.%' and username <> 'racing.name' and username <> 'RACING.name'`,
        );
        assert.deepEqual(names.map((row) => String(row['username'])).toSorted(), ['rocket.cat', 'root.admin']);
        assert.equal(names.find((row) => row['username'] === 'rocket.cat')?.['password_hash'], null);
        for (const [username, password] of [
          ['admin', 'admin'],
          ['root.admin', 'admin'],
          ['admin', 'password'],
          ['rocket.cat', 'rocket.cat'],
          ['administrator', ''],
          ['root.admin', 'undefined'],
          ['test', 'test'],
        ]) {
          const { opened } = await arena.signIn('REST JSON', username ?? '', password ?? '');
          assert.equal(opened, undefined, username);
        }
      },
    },
    {
      id: 'J11',
      about: 'reserved, misleading and misshapen usernames are refused',
      async act(arena) {
        for (const username of [
          'admin',
          'ADMIN',
          'administrator',
          'system',
          'user',
          'all',
          'here',
          'ＡＤＭＩＮ',
          'ad\u200bmin',
          'rocket.cat',
          'ROOT.ADMIN',
          '__proto__!',
          '../x',
          '..\\x',
          'a/b',
          'x'.repeat(300),
          '\u202egnp',
          'a b',
          ' ',
          '',
          '\u0000',
          'a\nb',
          'a@b.example',
          '<b>',
          "a'b",
          'a"b',
          'a;b',
          '\ud800',
          'é',
        ]) {
          const reply = await create(arena, { username });
          assert.equal(reply.status, 400, `${JSON.stringify(username)}: ${reply.text}`);
        }
        // Allowed by the pattern of names, and harmless: they are nobody's member and no folder.
        for (const username of ['__proto__', 'constructor', 'toString', '..', '-', '0']) {
          const reply = await create(arena, { username });
          if (reply.status !== 200) continue;
          const info = await arena.ask({ path: `/api/v1/users.info?username=${username}`, headers: pass(arena.admin) });
          assert.equal(at(info.json, 'user', 'username'), username, info.text);
          const { opened } = await arena.signIn('REST JSON', username, 'long enough for anybody');
          assert.equal(opened?.userId, at(reply.json, 'user', '_id'));
        }
      },
    },
    {
      id: 'J13',
      about: 'a username that is another account’s id opens nothing of it',
      async act(arena, { alice }) {
        const reply = await create(arena, { username: alice.userId });
        assert.equal(reply.status, 200, reply.text);
        const info = await arena.ask({ path: `/api/v1/users.info?userId=${alice.userId}`, headers: pass(arena.admin) });
        assert.equal(at(info.json, 'user', 'username'), alice.username);
        const { opened } = await arena.signIn('REST JSON', alice.userId, 'long enough for anybody');
        assert.equal(opened?.userId, at(reply.json, 'user', '_id'));
        const [byId] = await arena.knock('REST JSON', {
          user: { id: alice.userId },
          password: 'long enough for anybody',
        });
        assert.equal(byId?.opened, undefined);
      },
    },
    {
      id: 'J14',
      about: 'passwords are taken as they are: long, with any character, never cut and never trimmed',
      async act(arena) {
        const long = 'long enough '.repeat(10);
        for (const [password, near] of [
          [`${'a'.repeat(72)}X`, `${'a'.repeat(72)}Y`],
          [`${long}1`, `${long}2`],
          ['nul\u0000inside', 'nul\u0000insidf'],
          ['nul\u0000', 'nul'],
          [' blanks ', 'blanks'],
          ['\u{1f510}'.repeat(20), '\u{1f510}'.repeat(19)],
          ['PassWord of Case', 'password of case'],
          ['x'.repeat(4096), 'x'.repeat(4095)],
        ] as const) {
          const reply = await create(arena, { password });
          assert.equal(reply.status, 200, `${password.slice(0, 20)}: ${reply.text}`);
          const username = textAt(reply.json, 'user', 'username');
          assert.equal((await arena.signIn('REST JSON', username, near)).opened, undefined, near.slice(0, 20));
          assert.ok((await arena.signIn('REST JSON', username, password)).opened, password.slice(0, 20));
          assert.ok((await arena.signIn('DDP', username, password)).opened, password.slice(0, 20));
        }
      },
    },
  ],
};
