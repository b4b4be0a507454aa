import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, deflateSync } from 'node:zlib';
import { type Arena, type Person, unlimited } from '../arena.ts';
import { digest } from '../doors.ts';
import type { Group } from '../group.ts';
import { mustTellNothing } from '../verdict.ts';
import { at, type Pass, pass, type Reply, textAt } from '../wire.ts';

const api = '/api/v1';

/** A PNG of one pixel, in which this is called its pixels. */
function png(pixels: Buffer): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const typed = Buffer.concat([Buffer.from(type), body]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    check.writeUInt32BE(crc32(typed));
    return Buffer.concat([length, typed, check]);
  };
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

/** Whose calls bring the password as their second factor. */
function proved(of: Pass & { readonly password: string }): Record<string, string> {
  return { ...pass(of), 'x-2fa-code': digest(of.password).digest, 'x-2fa-method': 'password' };
}

function asAdmin(arena: Arena): Record<string, string> {
  return proved({ ...arena.admin, password: arena.server.administrator.password });
}

async function update(arena: Arena, headers: Record<string, string>, userId: string, data: unknown): Promise<Reply> {
  return await arena.ask({ path: `${api}/users.update`, headers, json: { userId, data } });
}

async function updateOwn(arena: Arena, headers: Record<string, string>, data: unknown): Promise<Reply> {
  return await arena.ask({ path: `${api}/users.updateOwnBasicInfo`, headers, json: { data } });
}

function rowsOf(arena: Arena, { userId }: Pass): string {
  return JSON.stringify([
    arena.rows(
      'select username, name, kind, open, password_hash, json_custom_fields from accounts where id = ?',
      userId,
    ),
    arena.rows('select address, verified from account_emails where account_id = ? order by position', userId),
    arena.rows('select role_id from account_roles where account_id = ? order by role_id', userId),
  ]);
}

/** The account whose name is this, at this moment. */
function ownersOf(arena: Arena, username: string): readonly unknown[] {
  return arena.rows('select id from accounts where username_key = ?', username.toLowerCase());
}

const gif = Buffer.from(
  'GIF89a\x02\0\x03\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x03\0\0\x02\x02\x44\x01\0;',
  'latin1',
);

async function setAvatar(arena: Arena, person: Person, file: Buffer, disposition = 'name="image"; filename="a.gif"') {
  const head = `--b\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: image/gif\r\n\r\n`;
  return await arena.ask({
    path: `${api}/users.setAvatar`,
    headers: { ...pass(person), 'content-type': 'multipart/form-data; boundary=b' },
    body: Buffer.concat([Buffer.from(head), file, Buffer.from('\r\n--b--\r\n')]),
  });
}

/** J: profiles of oneself and of others. */
export const profiles: Group = {
  letter: 'J',
  about: 'editing, looking up and picturing accounts',
  env: { ...unlimited, OVERWRITE_SETTING_Accounts_AllowDeleteOwnAccount: 'true' },
  cases: [
    {
      id: 'E28',
      about: 'the last verified address stays while codes by e-mail are the only second factor',
      async act(arena) {
        const person = await arena.person();
        const on = await arena.ask({ path: `${api}/users.2fa.enableEmail`, headers: proved(person), json: {} });
        assert.equal(on.status, 200, on.text);
        const before = rowsOf(arena, person);
        for (const data of [{ verified: false }, { email: '' }, { email: 'other.e28@example.com' }]) {
          const reply = await update(arena, asAdmin(arena), person.userId, data);
          assert.equal(reply.status, 400, `${JSON.stringify(data)}: ${reply.text}`);
          assert.equal(rowsOf(arena, person), before);
        }
        const ok = await update(arena, asAdmin(arena), person.userId, { email: 'e28@example.com', verified: true });
        assert.equal(ok.status, 200, ok.text);
      },
    },
    {
      id: 'I14',
      cve: ['CVE-2026-54693'],
      about: 'nobody verifies an address of their own by a member of an edit',
      async act(arena) {
        const person = await arena.person({ verified: false });
        for (const data of [
          { verified: true },
          { email: person.email, verified: true },
          { emails: [{ address: person.email, verified: true }] },
          { 'emails.0.verified': true },
          { $set: { 'emails.0.verified': true } },
        ]) {
          for (const reply of [
            await update(arena, proved(person), person.userId, data),
            await updateOwn(arena, proved(person), data),
          ]) {
            assert.equal(reply.status, 400, `${JSON.stringify(data)}: ${reply.text}`);
          }
        }
        const socket = await arena.socket(person);
        await socket.call('saveUserProfile', { email: person.email, verified: true, emails: [{ verified: true }] });
        const rows = arena.rows('select verified from account_emails where account_id = ?', person.userId);
        assert.deepEqual(
          rows.map(({ verified }) => verified),
          [0],
        );
      },
    },
    {
      id: 'J03g',
      about: 'members that nobody may edit are refused, and none reaches the account',
      async act(arena) {
        const person = await arena.person();
        const before = rowsOf(arena, person);
        for (const data of [
          { type: 'app' },
          { _id: 'x' },
          { services: { password: { bcrypt: 'x' } } },
          { roles: { $ne: 1 } },
          { roles: [['admin']] },
          { roles: 'admin' },
          { $set: { roles: ['admin'] } },
          { 'roles.0': 'admin' },
          { username: { $ne: '' } },
          { email: ['x@example.com'] },
          { password: { $ne: '' } },
          { active: 'false' },
          { customFields: [] },
          { status: 'asleep' },
        ]) {
          for (const reply of [
            await update(arena, proved(person), person.userId, data),
            await update(arena, asAdmin(arena), person.userId, data),
            await updateOwn(arena, proved(person), data),
          ]) {
            assert.equal(reply.status, 400, `${JSON.stringify(data)}: ${reply.text}`);
            mustTellNothing(reply.text);
          }
        }
        assert.equal(rowsOf(arena, person), before);
      },
    },
    {
      id: 'J04b',
      about: 'whoever has no permission edits nobody else, and gives nobody a role',
      async act(arena, { alice }) {
        const person = await arena.person();
        const untouched = [rowsOf(arena, alice), rowsOf(arena, arena.admin)];
        for (const target of [alice.userId, arena.admin.userId]) {
          for (const data of [
            { name: 'x' },
            { email: 'mine@example.com' },
            { password: 'Another long one 77!' },
            { active: false },
          ]) {
            assert.ok([400, 403].includes((await update(arena, proved(person), target, data)).status));
          }
          const preferences = { path: `${api}/users.setPreferences`, headers: pass(person) };
          const json = { userId: target, data: { useEmojis: false } };
          assert.equal((await arena.ask({ ...preferences, json })).status, 400);
          for (const path of ['users.resetAvatar', 'users.setAvatar']) {
            const body = { userId: target, avatarUrl: `data:image/gif;base64,${gif.toString('base64')}` };
            const given = path === 'users.setAvatar' ? body : { userId: target };
            assert.equal((await arena.ask({ path: `${api}/${path}`, headers: pass(person), json: given })).status, 400);
          }
        }
        for (const roles of [['user', 'admin'], ['admin'], ['user', 'bot']]) {
          assert.equal((await update(arena, proved(person), person.userId, { roles })).status, 400);
        }
        assert.deepEqual([rowsOf(arena, alice), rowsOf(arena, arena.admin)], untouched);
      },
    },
    {
      id: 'J04c',
      about: 'whoever may edit others edits nobody above them, and gives no role above their own',
      async act(arena) {
        const made = await arena.ask({
          path: `${api}/roles.create`,
          headers: pass(arena.admin),
          json: { name: 'desk' },
        });
        const desk = textAt(made.json, 'role', '_id');
        for (const permissionId of [
          'edit-other-user-info',
          'edit-other-user-password',
          'edit-other-user-active-status',
          'edit-other-user-avatar',
          'assign-roles',
          'assign-admin-role',
        ]) {
          const json = { permissionId, role: desk };
          const given = await arena.ask({ path: `${api}/permissions.addRole`, headers: pass(arena.admin), json });
          assert.equal(given.status, 200, given.text);
        }
        const clerk = await arena.person({ roles: ['user', desk] });
        const target = await arena.person();
        assert.equal((await update(arena, proved(clerk), target.userId, { nickname: 'seen' })).status, 200);
        const untouched = [rowsOf(arena, arena.admin), rowsOf(arena, clerk), rowsOf(arena, target)];
        for (const data of [
          { email: 'mine@example.com', verified: true },
          { password: 'Another long one 77!' },
          { setRandomPassword: true },
          { name: 'Mine' },
          { active: false },
          { roles: ['user'] },
        ]) {
          const reply = await update(arena, proved(clerk), arena.admin.userId, data);
          assert.equal(reply.status, 400, `${JSON.stringify(data)}: ${reply.text}`);
        }
        for (const { userId } of [clerk, target]) {
          const reply = await update(arena, proved(clerk), userId, { roles: ['user', 'admin'] });
          assert.equal(reply.status, 400, reply.text);
        }
        const { userId } = arena.admin;
        for (const [path, json] of [
          ['users.setPreferences', { userId, data: { useEmojis: false } }],
          ['users.setAvatar', { userId, avatarUrl: `data:image/gif;base64,${gif.toString('base64')}` }],
          ['users.resetAvatar', { userId }],
        ] as const) {
          const reply = await arena.ask({ path: `${api}/${path}`, headers: pass(clerk), json });
          assert.equal(reply.status, 400, `${path}: ${reply.text}`);
        }
        assert.deepEqual([rowsOf(arena, arena.admin), rowsOf(arena, clerk), rowsOf(arena, target)], untouched);
        const second = await arena.person({ roles: ['admin'] });
        await arena.whileDown(`update accounts set last_log_in_at = 1 where id = '${second.userId}'`);
        const json = { daysIdle: 1, role: 'admin' };
        const idle = await arena.ask({ path: `${api}/users.deactivateIdle`, headers: pass(clerk), json });
        assert.deepEqual(idle.json, { count: 0, success: true });
        const byAdmin = await arena.ask({ path: `${api}/users.deactivateIdle`, headers: pass(arena.admin), json });
        assert.deepEqual(byAdmin.json, { count: 1, success: true });
      },
    },
    {
      id: 'J06',
      about:
        'another’s password is set with one’s own second factor only; its owner is told, and it stands in the audit',
      async act(arena) {
        const target = await arena.person({ roles: ['admin'] });
        // Old enough that nothing exempts.
        await arena.whileDown(
          'update accounts set created_at = 0; update tokens set trust_client = null, trust_until = null',
        );
        const data = { password: 'Set by an administrator 77!' };
        const bare = await update(arena, pass(arena.admin), target.userId, data);
        assert.equal(at(bare.json, 'errorType'), 'totp-required', bare.text);
        assert.ok(await arena.holds(target));
        const done = await update(arena, asAdmin(arena), target.userId, data);
        assert.equal(done.status, 200, done.text);
        assert.equal(await arena.holds(target), false);
        const [entry] = arena.rows(
          `select actor_id from audit where account_id = ? and what = 'password.change' order by seq desc limit 1`,
          target.userId,
        );
        assert.equal(entry?.['actor_id'], arena.admin.userId);
        await arena.untilMailed();
        assert.equal(arena.mailsTo(target.email, 'Your password was changed').length, 1);
        const back = await arena.ask({
          path: `${api}/users.delete`,
          headers: asAdmin(arena),
          json: { userId: target.userId },
        });
        assert.equal(back.status, 200, back.text);
      },
    },
    {
      id: 'J07d',
      about: 'the last administrator is neither demoted nor deleted by themselves, nor closed for idleness',
      async act(arena) {
        const { userId } = arena.admin;
        for (const roles of [['user'], ['bot']]) {
          assert.match((await update(arena, asAdmin(arena), userId, { roles })).text, /without admins/u);
        }
        assert.match((await update(arena, asAdmin(arena), userId, { active: false })).text, /without an active admin/u);
        const own = await arena.ask({
          path: `${api}/users.deleteOwnAccount`,
          headers: pass(arena.admin),
          json: { password: digest(arena.server.administrator.password).digest },
        });
        assert.match(own.text, /without admins/u);
        const second = await arena.person({ roles: ['admin'] });
        const demote = async (by: Record<string, string>, id: string) =>
          await update(arena, by, id, { roles: ['user'] });
        const replies = await Promise.all([
          demote(asAdmin(arena), second.userId),
          demote(proved(second), userId),
          demote(asAdmin(arena), second.userId),
          demote(proved(second), userId),
        ]);
        const left = arena.rows(
          `select account_id from account_roles join accounts on id = account_id where role_id = 'admin' and open = 1`,
        );
        assert.equal(left.length, 1, replies.map(({ text }) => text).join('\n'));
        if (left[0]?.['account_id'] === userId) return;
        const back = await update(arena, proved(second), userId, { roles: ['admin'] });
        assert.equal(back.status, 200, back.text);
      },
    },
    {
      id: 'C09b',
      cve: ['CVE-2025-31124', 'CVE-2021-3424'],
      about: 'nobody takes a name or an address that looks like another’s by renaming themselves',
      async act(arena, { alice }) {
        const person = await arena.person();
        const before = rowsOf(arena, person);
        for (const username of [
          alice.username.toUpperCase(),
          `${alice.username}\u200b`,
          alice.username.replace('p', 'ｐ'),
          ` ${alice.username}`,
          'admin',
          'ＡＤＭＩＮ',
          'all',
          'here',
          '\u202enosrep',
          'x'.repeat(300),
          'a/b',
          '..\\x',
          '\u0000',
          '\ud800',
          '',
        ]) {
          const reply = await updateOwn(arena, proved(person), { username });
          assert.equal(reply.status, 400, `${JSON.stringify(username)}: ${reply.text}`);
        }
        for (const email of [
          alice.email.toUpperCase(),
          `${alice.email}\u200b`,
          alice.email.replace('e', 'ｅ'),
          'a@x.org,b@y.org',
        ]) {
          const reply = await updateOwn(arena, proved(person), { email });
          // Where the setting lets one change in a minute, the second is refused for that.
          assert.ok([400, 429].includes(reply.status), `${JSON.stringify(email)}: ${reply.text}`);
        }
        assert.equal(rowsOf(arena, person), before);
      },
    },
    {
      id: 'S05b',
      about: 'a name that one takes by renaming and others register has one owner',
      async act(arena) {
        for (let round = 0; round < 10; round += 1) {
          const person = await arena.person();
          const wanted = `wanted.${round}`;
          const create = async (n: number) =>
            await arena.ask({
              path: `${api}/users.create`,
              headers: pass(arena.admin),
              json: {
                username: wanted,
                name: 'x',
                email: `${wanted}.${n}@example.com`,
                password: 'long enough for all',
              },
            });
          const replies = await Promise.all([
            create(1),
            updateOwn(arena, proved(person), { username: wanted }),
            create(2),
            update(arena, asAdmin(arena), person.userId, { username: wanted.toUpperCase() }),
          ]);
          assert.equal(ownersOf(arena, wanted).length, 1, replies.map(({ text }) => text).join('\n'));
          assert.ok(replies.every(({ status }) => status === 200 || status === 400));
        }
      },
    },
    {
      id: 'S01b',
      about: 'an account that is closed while it signs in has no session afterwards',
      async act(arena) {
        const person = await arena.person();
        for (let round = 0; round < 10; round += 1) {
          const open = async (active: boolean) => await update(arena, asAdmin(arena), person.userId, { active });
          const [closed, ...signed] = await Promise.all([
            open(false),
            ...Array.from({ length: 4 }, async () => await arena.signIn('REST JSON', person.username, person.password)),
          ]);
          assert.equal(closed.status, 200, closed.text);
          assert.deepEqual(arena.rows('select hash from tokens where account_id = ?', person.userId), []);
          for (const { opened } of signed) if (opened !== undefined) assert.equal(await arena.holds(opened), false);
          assert.equal((await open(true)).status, 200);
        }
      },
    },
    {
      id: 'J20',
      about: 'a hijacked session changes neither address nor password without the second factor, by any way',
      async act(arena) {
        const person = await arena.person();
        const before = rowsOf(arena, person);
        const token = await arena.personal(person, 'skips', true);
        const socket = await arena.socket(person);
        for (const by of [pass(person), pass(token)]) {
          for (const data of [{ email: 'thief@example.com' }, { newPassword: 'A thief was here 77!' }]) {
            assert.equal(at((await updateOwn(arena, by, data)).json, 'errorType'), 'totp-required');
          }
          const reply = await update(arena, by, person.userId, { email: 'thief@example.com' });
          assert.equal(at(reply.json, 'errorType'), 'totp-required', reply.text);
        }
        for (const [method, ...params] of [
          ['saveUserProfile', { email: 'thief@example.com' }],
          ['saveUserProfile', { newPassword: 'A thief was here 77!' }],
          ['saveUserProfile', { newPassword: 'A thief was here 77!', typedPassword: 'guessed' }],
          ['setEmail', 'thief@example.com'],
        ] as const) {
          const frame = await socket.call(method, ...params);
          assert.match(String(at(frame, 'error', 'error')), /^totp-/u, method);
        }
        assert.equal(rowsOf(arena, person), before);
      },
    },
    {
      id: 'J21',
      about: 'no picture is fetched from an address that somebody names',
      async act(arena) {
        const person = await arena.person();
        let asked = 0;
        const inside = createServer((_request, reply) => {
          asked += 1;
          reply.setHeader('content-type', 'image/gif').end(gif);
        });
        await new Promise<void>((resolve) => {
          inside.listen(0, '127.0.0.1', resolve);
        });
        try {
          const { port } = inside.address() as AddressInfo;
          const socket = await arena.socket(person);
          for (const url of [
            `http://127.0.0.1:${port}/a.gif`,
            `//127.0.0.1:${port}/a.gif`,
            'file:///etc/passwd',
            'data:text/html,x',
          ]) {
            const json = { avatarUrl: url };
            const reply = await arena.ask({ path: `${api}/users.setAvatar`, headers: pass(person), json });
            assert.equal(reply.status, 400, reply.text);
            const frame = await socket.call('setAvatarFromService', url, 'image/gif', 'url');
            assert.equal(at(frame, 'error', 'error'), 'error-avatar-invalid-url');
          }
          assert.equal(asked, 0);
        } finally {
          inside.close();
        }
      },
    },
    {
      id: 'J22',
      about: 'a picture that is also something else is refused or cleaned, and never served as that',
      async act(arena) {
        const person = await arena.person();
        for (const file of [
          Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
          Buffer.from('<html><script>alert(1)</script>'),
          Buffer.from('GIF89a/*<script>alert(1)</script>*/=1'),
          Buffer.concat([Buffer.from('<script>'), gif]),
          gif.subarray(0, -1),
          // Pixels that are none, and far more of them than the picture has.
          png(Buffer.from('notzlib')),
          png(deflateSync(Buffer.alloc(100_000_000))),
          Buffer.alloc(0),
          Buffer.alloc(600_000, 1),
        ]) {
          const reply = await setAvatar(arena, person, file);
          assert.ok([400, 413].includes(reply.status), reply.text);
        }
        for (const disposition of ['name="image"', 'name="other"; filename="a.gif"', 'name="image; filename=', '']) {
          assert.equal((await setAvatar(arena, person, gif, disposition)).status, 400, disposition);
        }
        const tail = Buffer.from('<script>alert(1)</script>');
        assert.equal((await setAvatar(arena, person, Buffer.concat([gif, tail]))).status, 200);
        const shown = await arena.ask({ path: `/avatar/${person.username}` });
        assert.doesNotMatch(shown.text, /script/u);
        assert.equal(shown.headers['content-type'], 'image/gif');
        assert.equal(shown.headers['x-content-type-options'], 'nosniff');
        assert.equal(shown.headers['content-security-policy'], "default-src 'none'; sandbox");
      },
    },
    {
      id: 'J23',
      about: 'a search runs no query of the client’s own and tells no address to those who may not read it',
      async act(arena, { alice }) {
        const person = await arena.person();
        const ask = async (path: string) => await arena.ask({ path: `${api}/${path}`, headers: pass(person) });
        for (const selector of [
          '{"term":{"$regex":".*"}}',
          '{"term":"a","conditions":{"roles":"admin"}}',
          '{"term":"a","$where":"sleep(1)"}',
          '{"term":"a","exceptions":[{"$ne":1}]}',
          '[]',
          '{',
          `{"term":"a","exceptions":[${Array.from({ length: 101 }, () => '"x"').join()}]}`,
        ]) {
          assert.equal(
            (await ask(`users.autocomplete?selector=${encodeURIComponent(selector)}`)).status,
            400,
            selector,
          );
        }
        for (const term of ['%', '_', "' or 1=1 --", '\u0000', '\ud800', 'x'.repeat(5_000), alice.email]) {
          const named = encodeURIComponent(JSON.stringify({ term }));
          const offered = await ask(`users.autocomplete?selector=${named}`);
          assert.deepEqual(at(offered.json, 'items'), [], `${term.slice(0, 20)}: ${offered.text}`);
        }
        const listed = await ask(`users.listByStatus?searchTerm=${encodeURIComponent(alice.email)}`);
        assert.equal(at(listed.json, 'total'), 0, listed.text);
        const info = await ask(`users.info?email=${encodeURIComponent(alice.email)}`);
        assert.equal(textAt(info.json, 'error'), 'User not found.');
      },
    },
  ],
};
