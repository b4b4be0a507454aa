import assert from 'node:assert/strict';
import { type Arena, type Person, unlimited } from '../arena.ts';
import { digest } from '../doors.ts';
import type { Group } from '../group.ts';
import { at, type Ddp, type Pass, pass, type Reply, sleep, textAt } from '../wire.ts';

/** Every call that changes a role, a permission or a setting, with members that would do so. */
const calls = [
  ['roles.create', { name: 'x' }],
  ['roles.update', { roleId: 'user', description: 'x', mandatory2fa: false }],
  ['roles.delete', { roleId: 'user' }],
  ['roles.addUserToRole', { username: 'alice', roleId: 'admin' }],
  ['roles.removeUserFromRole', { username: 'alice', roleId: 'admin' }],
  ['permissions.update', { permissions: [{ _id: 'access-permissions', roles: ['user'] }] }],
  ['permissions.addRole', { permissionId: 'access-permissions', role: 'user' }],
  ['permissions.removeRole', { permissionId: 'access-permissions', role: 'admin' }],
] as const;

const methods = [
  ['authorization:saveRole', [{ name: 'x' }]],
  ['authorization:deleteRole', ['user']],
  ['authorization:addUserToRole', ['admin', 'alice']],
  ['authorization:removeUserFromRole', ['admin', 'alice']],
  ['authorization:addPermissionToRole', ['access-permissions', 'user']],
  ['authorization:removeRoleFromPermission', ['access-permissions', 'admin']],
  ['saveSetting', ['Site_Name', 'Mine']],
  ['saveSettings', [[{ _id: 'Site_Name', value: 'Mine' }]]],
] as const;

/** What is put in place of a text. */
const hostile: readonly unknown[] = [
  { $ne: '' },
  { $gt: '' },
  ['admin'],
  [],
  0,
  true,
  null,
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  "' or '1'='1",
  'x'.repeat(70_000),
];

function rights(arena: Arena): string {
  return JSON.stringify([
    arena.rows('select * from roles order by id'),
    arena.rows('select * from permissions order by id'),
    arena.rows('select account_id, role_id from account_roles order by account_id, role_id'),
    arena.rows('select id, json_value from settings order by id'),
  ]);
}

async function post(arena: Arena, as: Pass, name: string, json: unknown): Promise<Reply> {
  return await arena.ask({ path: `/api/v1/${name}`, headers: pass(as), json });
}

async function done(arena: Arena, as: Pass, name: string, json: unknown): Promise<Reply> {
  const reply = await post(arena, as, name, json);
  assert.equal(reply.status, 200, `${name}: ${reply.text}`);
  return reply;
}

/** A role with these permissions. @returns its id */
async function role(arena: Arena, name: string, permissions: readonly string[]): Promise<string> {
  const id = textAt((await done(arena, arena.admin, 'roles.create', { name })).json, 'role', '_id');
  for (const permissionId of permissions) {
    await done(arena, arena.admin, 'permissions.addRole', { permissionId, role: id });
  }
  return id;
}

/** Signs in as the administrator once more: a session that a case may spoil. */
async function administrator(arena: Arena): Promise<Person> {
  return await arena.person({ roles: ['user', 'admin'] });
}

/** Changes a setting as the administrator, with the password as the second factor. */
async function set(arena: Arena, id: string, value: unknown): Promise<void> {
  const { password } = arena.server.administrator;
  const reply = await arena.ask({
    path: `/api/v1/settings/${id}`,
    headers: { ...pass(arena.admin), 'x-2fa-code': digest(password).digest },
    json: { value },
  });
  assert.equal(reply.status, 200, reply.text);
}

/** J: roles, permissions and settings. */
export const roles: Group = {
  letter: 'J',
  about: 'roles, permissions and settings',
  env: unlimited,
  cases: [
    {
      id: 'J03c',
      about: 'nobody without the permission changes a role, a permission or a setting, at any door',
      async act(arena, { alice, bystander }) {
        const untouched = rights(arena);
        const socket = await arena.socket(bystander);
        const stranger = await arena.socket();
        const own = await arena.personal(alice, 'rights', true);
        for (const as of [alice, own]) {
          for (const [name, json] of calls) {
            const reply = await post(arena, as, name, json);
            assert.ok(reply.status === 403 || reply.status === 400, `${name}: ${reply.text}`);
          }
        }
        for (const [method, params] of methods) {
          for (const ddp of [socket, stranger]) {
            assert.ok((await ddp.call(method, ...params))['error'] !== undefined, method);
          }
          for (const [path, headers] of [
            ['method.call', pass(own)],
            ['method.callAnon', {}],
          ] as const) {
            const message = JSON.stringify({ msg: 'method', id: '1', method, params });
            const reply = await arena.ask({ path: `/api/v1/${path}/${method}`, headers, json: { message } });
            assert.ok(!reply.text.includes('\\"result\\":'), `${path} ${method}: ${reply.text}`);
          }
        }
        for (const [name, json] of calls) {
          assert.equal((await arena.ask({ path: `/api/v1/${name}`, json })).status, 401, name);
        }
        socket.close();
        stranger.close();
        assert.equal(rights(arena), untouched);
      },
    },
    {
      id: 'J03d',
      about: 'operators, lists, half characters and very long texts are refused where a name belongs',
      async act(arena) {
        const untouched = rights(arena);
        const socket: Ddp = await arena.socket(arena.admin);
        for (const [name, json] of calls) {
          for (const member of Object.keys(json)) {
            for (const value of hostile) {
              if (
                (member === 'mandatory2fa' && value === true) ||
                (member === 'permissions' && value instanceof Array)
              ) {
                continue;
              }
              if (member === 'description' && typeof value === 'string' && value.length < 500) continue;
              if (name === 'roles.create' && typeof value === 'string' && value.length < 20 && value > "'") continue;
              const reply = await post(arena, arena.admin, name, { ...json, [member]: value });
              assert.equal(
                reply.status,
                400,
                `${name} ${member} ${JSON.stringify(value)?.slice(0, 40)}: ${reply.text}`,
              );
            }
          }
        }
        for (const [method, params] of methods) {
          for (const value of hostile) {
            if (method === 'authorization:saveRole' || method.startsWith('saveSetting')) continue;
            const frame = await socket.call(method, value, ...params.slice(1));
            assert.ok(frame['error'] !== undefined, `${method} ${JSON.stringify(value)?.slice(0, 40)}`);
            assert.notEqual(at(frame, 'error', 'error'), 500);
          }
        }
        socket.close();
        assert.equal(rights(arena), untouched);
      },
    },
    {
      id: 'J03e',
      about: 'whoever administers roles gives nobody more than they have, by no detour',
      async act(arena, { alice }) {
        const clerk = await role(arena, 'clerks', ['access-permissions', 'view-logs', 'assign-admin-role']);
        const high = await role(arena, 'high', ['delete-user']);
        const mallory = await arena.person({ roles: ['user', clerk] });
        const sneaky = textAt(
          (await done(arena, mallory, 'roles.create', { name: 'sneaky', scope: 'Subscriptions' })).json,
          'role',
          '_id',
        );
        await done(arena, arena.admin, 'permissions.addRole', { permissionId: 'delete-user', role: sneaky });
        const untouched = rights(arena);
        const permissions = (ids: readonly string[]) => ({ permissions: [{ _id: 'delete-user', roles: ids }] });
        for (const [name, json] of [
          ['permissions.addRole', { permissionId: 'delete-user', role: clerk }],
          ['permissions.addRole', { permissionId: 'delete-user', role: 'user' }],
          ['permissions.addRole', { permissionId: 'change-setting-Site_Name', role: clerk }],
          ['permissions.update', permissions(['admin', high, sneaky, clerk])],
          ['permissions.update', permissions(['user'])],
          ['permissions.update', permissions([])],
          ['permissions.removeRole', { permissionId: 'view-logs', role: 'admin' }],
          ['roles.addUserToRole', { username: mallory.username, roleId: 'admin' }],
          ['roles.addUserToRole', { username: mallory.username, roleId: high }],
          ['roles.addUserToRole', { username: mallory.username, roleName: 'admin' }],
          ['roles.addUserToRole', { username: mallory.username, roleId: sneaky }],
          ['roles.addUserToRole', { username: arena.server.administrator.username, roleId: 'guest' }],
          ['roles.removeUserFromRole', { username: arena.server.administrator.username, roleId: 'admin' }],
          ['roles.update', { roleId: sneaky, scope: 'Users' }],
          ['roles.update', { roleId: 'admin', mandatory2fa: true }],
          ['roles.update', { roleId: high, name: 'mine' }],
          ['roles.update', { roleId: clerk, name: 'admin' }],
          ['roles.create', { name: 'admin' }],
          ['roles.create', { name: 'ａdmin' }],
          ['roles.create', { name: 'adm\u200bin' }],
          ['roles.create', { name: clerk }],
          ['roles.delete', { roleId: high }],
          ['roles.delete', { roleId: 'user' }],
        ] as const) {
          const reply = await post(arena, mallory, name, json);
          assert.equal(reply.status, 400, `${name} ${JSON.stringify(json)}: ${reply.text}`);
        }
        assert.equal(rights(arena), untouched);
        await done(arena, mallory, 'roles.addUserToRole', { username: alice.username, roleId: clerk });
        await done(arena, mallory, 'roles.removeUserFromRole', { username: alice.username, roleId: clerk });
      },
    },
    {
      id: 'J03f',
      about: 'nobody ends a session or a personal token of somebody above them, whatever permissions they hold for it',
      async act(arena) {
        const desk = await role(arena, 'desk', [
          'view-device-management',
          'logout-device-management',
          'logout-other-user',
        ]);
        const mallory = await arena.person({ roles: ['user', desk] });
        const chief = await administrator(arena);
        const robot = await arena.personal(chief, 'robot', true);
        const socket = await arena.socket(chief);
        const listed = async (path: string, list: string): Promise<readonly string[]> => {
          const { json } = await arena.ask({ path: `/api/v1/${path}`, headers: pass(mallory) });
          return (at(json, list) as readonly unknown[]).map((one) =>
            textAt(one, list === 'tokens' ? '_id' : 'sessionId'),
          );
        };
        const sessions = await listed(`sessions/list.all?filter=${chief.username}`, 'sessions');
        const tokens = await listed(`personalTokens.list.all?username=${chief.username}`, 'tokens');
        assert.ok(sessions.length > 0 && tokens.length > 0);
        for (const [name, json] of [
          ...sessions.map((sessionId) => ['sessions/logout', { sessionId }] as const),
          ...tokens.map((tokenId) => ['personalTokens.revoke', { tokenId }] as const),
          ['users.logout', { userId: chief.userId }] as const,
        ]) {
          const reply = await post(arena, mallory, name, json);
          assert.equal(reply.status, 400, `${name}: ${reply.text}`);
        }
        assert.deepEqual([await arena.holds(chief), await arena.holds(robot), socket.isOver], [true, true, false]);
        socket.close();
        // The next cases count administrators.
        await done(arena, arena.admin, 'roles.removeUserFromRole', { username: chief.username, roleId: 'admin' });
      },
    },
    {
      id: 'J07b',
      about: 'the last administrator keeps the role, and the administrators the permission to give permissions',
      async act(arena) {
        const username = arena.server.administrator.username;
        const socket = await arena.socket(arena.admin);
        const last = await post(arena, arena.admin, 'roles.removeUserFromRole', { username, roleId: 'admin' });
        assert.match(textAt(last.json, 'error'), /at least one admin/u);
        const frame = await socket.call('authorization:removeUserFromRole', 'admin', username);
        assert.match(String(at(frame, 'error', 'reason')), /without admins/u);
        const permissionId = 'access-permissions';
        const taken = await post(arena, arena.admin, 'permissions.removeRole', { permissionId, role: 'admin' });
        assert.equal(taken.status, 400, taken.text);
        const emptied = [{ _id: permissionId, roles: [] }];
        assert.equal((await post(arena, arena.admin, 'permissions.update', { permissions: emptied })).status, 400);
        socket.close();
      },
    },
    {
      id: 'J07c',
      about: 'of administrators who demote each other at the same time, one is left',
      async act(arena) {
        for (let round = 0; round < 5; round += 1) {
          const others = [await administrator(arena), await administrator(arena), await administrator(arena)];
          const own = arena.server.administrator.username;
          const names = [own, ...others.map(({ username }) => username)];
          const everybody: readonly Pass[] = [arena.admin, ...others];
          await Promise.all(
            names.map(
              async (username, index) =>
                await post(
                  arena,
                  everybody[(index + 1) % everybody.length] ?? arena.admin,
                  'roles.removeUserFromRole',
                  {
                    username,
                    roleId: 'admin',
                  },
                ),
            ),
          );
          const left = arena.rows(
            `select r.account_id from account_roles r join accounts a on a.id = r.account_id
             where r.role_id = 'admin' and a.open = 1`,
          );
          assert.ok(left.length >= 1, 'nobody administers any more');
          const saviour =
            everybody.find(({ userId }) => userId === left[0]?.['account_id']) ?? assert.fail('who is left?');
          if (!left.some((row) => row['account_id'] === arena.admin.userId)) {
            await done(arena, saviour, 'roles.addUserToRole', { username: own, roleId: 'admin' });
          }
          for (const { username, userId } of others) {
            const still = arena.rows(
              `select 1 as held from account_roles where role_id = 'admin' and account_id = ?`,
              userId,
            );
            if (still.length === 0) continue;
            await done(arena, arena.admin, 'roles.removeUserFromRole', { username, roleId: 'admin' });
          }
        }
      },
    },
    {
      id: 'J08',
      about: 'no door tells the secret of a setting, and the mask that it tells does not take its place',
      async act(arena, { alice }) {
        const secret = 'the secret of the mail server';
        const socket = await arena.socket(arena.admin);
        await socket.sub('stream-notify-logged', 'private-settings-changed', false);
        const since = socket.frames.length;
        await set(arena, 'SMTP_Password', secret);
        const event = await socket.frame(
          (frame) => at(frame, 'fields', 'eventName') === 'private-settings-changed',
          since,
        );
        const told: string[] = [JSON.stringify(event)];
        for (const path of [
          'settings?count=0&includeDefaults=true',
          'settings?query={"_id":"SMTP_Password"}&fields={"value":1}',
          'settings/SMTP_Password',
          'settings.public?_id=SMTP_Password',
          'settings.oauth',
          'service.configurations',
        ]) {
          for (const as of [arena.admin, alice]) {
            told.push((await arena.ask({ path: `/api/v1/${encodeURI(path)}`, headers: pass(as) })).text);
          }
        }
        for (const method of ['private-settings/get', 'public-settings/get']) {
          told.push(JSON.stringify(await socket.call(method)));
          told.push(JSON.stringify(await socket.call(method, { $date: 0 })));
        }
        for (const text of told) assert.ok(!text.includes(secret), text.slice(0, 200));
        const mask = at(
          (await arena.ask({ path: '/api/v1/settings/SMTP_Password', headers: pass(arena.admin) })).json,
          'value',
        );
        assert.notEqual(mask, '');
        const sealed = () =>
          arena.rows(`select json_value from settings where id = 'SMTP_Password'`)[0]?.['json_value'];
        const before = sealed();
        assert.ok(!String(before).includes(secret), 'it lies sealed');
        await set(arena, 'SMTP_Password', mask);
        assert.equal(sealed(), before);
        assert.equal(JSON.stringify(arena.rows('select json_facts from audit')).includes(secret), false);
        assert.equal(arena.server.lines.join('\n').includes(secret), false);
        await set(arena, 'SMTP_Password', '');
        socket.close();
      },
    },
    {
      id: 'J08c',
      about: 'whoever may change settings becomes no administrator by those that decide who somebody is',
      async act(arena) {
        const all = await role(arena, 'all settings', ['edit-privileged-setting', 'view-privileged-setting']);
        const ids = [
          ['Site_Url', 'https://evil.example'],
          ['SMTP_Host', '127.0.0.1'],
          ['SMTP_Port', '2525'],
          ['SMTP_Username', 'evil'],
          ['From_Email', 'evil@example.com'],
          ['LDAP_Enable', true],
          ['LDAP_Host', 'ldap.evil.example'],
          ['CAS_base_url', 'https://evil.example'],
          ['SAML_Custom_Default_cert', 'x'],
          ['Accounts_OAuth_Google_identity_url', 'https://evil.example'],
          ['Countersign_OAuth_Join_By_Email', true],
          ['Countersign_Page_Cookie_Domain', 'example'],
        ] as const;
        const some = await role(arena, 'some settings', ['manage-selected-settings']);
        for (const id of ['Site_Name', ...ids.map(([one]) => one)]) {
          await done(arena, arena.admin, 'permissions.addRole', { permissionId: `change-setting-${id}`, role: some });
        }
        const mallory = await arena.person({ roles: ['user', all] });
        const mailer = await arena.person({ roles: ['user', some] });
        const untouched = rights(arena);
        for (const as of [mallory, mailer]) {
          const code = { 'x-2fa-code': digest(as.password).digest };
          const headers = { ...pass(as), ...code };
          const socket = await arena.socket(as);
          for (const [_id, value] of ids) {
            const settings = [
              { _id: 'Site_Name', value: 'Theirs' },
              { _id, value },
            ];
            const reply = await arena.ask({ path: '/api/v1/settings', headers, json: { settings } });
            assert.equal(reply.status, 400, `${_id}: ${reply.text}`);
            const one = await arena.ask({ path: `/api/v1/settings/${_id}`, headers, json: { value } });
            assert.equal(one.status, as === mallory ? 400 : 403, `${_id}: ${one.text}`);
            for (const [method, params] of [
              ['saveSetting', [_id, value]],
              ['saveSettings', [settings]],
            ] as const) {
              const call = await socket.call(method, ...params);
              assert.notEqual(at(call, 'error'), undefined, `${method} ${_id}`);
            }
          }
          socket.close();
        }
        assert.equal(rights(arena), untouched);
        const mine = { settings: [{ _id: 'Site_Name', value: 'Theirs' }] };
        const headers = { ...pass(mailer), 'x-2fa-code': digest(mailer.password).digest };
        assert.equal((await arena.ask({ path: '/api/v1/settings', headers, json: mine })).status, 200);
        await set(arena, 'Site_Name', 'Rocket.Chat');
      },
    },
    {
      id: 'J08b',
      about: 'a setting that makes no sense, or that the wire does not know, is refused',
      async act(arena) {
        const untouched = rights(arena);
        const code = digest(arena.server.administrator.password).digest;
        for (const [id, value] of [
          ['Site_Url', 'javascript:alert(1)'],
          ['Site_Url', { $ne: '' }],
          ['Accounts_CustomFields', '{'],
          ['UTF8_User_Names_Validation', '['],
          ['Accounts_LoginExpiration', -1],
          ['Accounts_LoginExpiration', '90'],
          ['Accounts_SystemBlockedUsernameList', ''],
          ['Countersign_Known_Settings', []],
          ['__proto__', true],
          ['nothing', true],
        ] as const) {
          const reply = await arena.ask({
            path: `/api/v1/settings/${id}`,
            headers: { ...pass(arena.admin), 'x-2fa-code': code },
            json: { value },
          });
          assert.equal(reply.status, 400, `${id}: ${reply.text}`);
        }
        assert.equal(rights(arena), untouched);
      },
    },
    {
      id: 'H20b',
      about: 'a role that is taken away is felt at once by every token and every open socket',
      async act(arena) {
        const reader = await role(arena, 'readers', ['access-permissions', 'view-privileged-setting']);
        const person = await arena.person({ roles: ['user', reader] });
        const own = await arena.personal(person, 'readers', true);
        const socket = await arena.socket(person);
        await socket.sub('stream-notify-logged', 'private-settings-changed', false);
        const allowed = async (as: Pass): Promise<boolean> =>
          (await arena.ask({ path: '/api/v1/settings/Site_Name', headers: pass(as) })).status === 200;
        const listed = async (): Promise<number> =>
          (((await socket.call('private-settings/get'))['result'] as readonly unknown[] | undefined) ?? []).length;
        assert.deepEqual([await allowed(person), await allowed(own), (await listed()) > 0], [true, true, true]);
        await done(arena, arena.admin, 'roles.removeUserFromRole', { username: person.username, roleId: reader });
        assert.deepEqual([await allowed(person), await allowed(own), await listed()], [false, false, 0]);
        const since = socket.frames.length;
        await set(arena, 'Login_Logs_Username', true);
        await set(arena, 'Login_Logs_Username', false);
        await sleep(200);
        assert.equal(
          socket.frames.slice(since).some((frame) => at(frame, 'fields', 'eventName') === 'private-settings-changed'),
          false,
        );
        await done(arena, arena.admin, 'roles.addUserToRole', { username: person.username, roleId: reader });
        assert.equal(await allowed(own), true);
        await done(arena, arena.admin, 'permissions.removeRole', {
          permissionId: 'view-privileged-setting',
          role: reader,
        });
        assert.deepEqual([await allowed(own), await listed()], [false, 0]);
        assert.deepEqual([await arena.holds(own), socket.isOver], [true, false], 'the session itself stays');
        socket.close();
      },
    },
  ],
};
