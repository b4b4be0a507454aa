import assert from 'node:assert/strict';
import WebSocket from 'ws';
import type { Arena } from '../arena.ts';
import { unlimited } from '../arena.ts';
import { digest } from '../doors.ts';
import type { Group } from '../group.ts';
import { at, type Frame, type Pass, pass, type Reply, sleep, textAt } from '../wire.ts';

const closesWithinMs = 1_000;

async function make(arena: Arena, of: Pass, json: object): Promise<Pass> {
  const made = await arena.ask({ path: '/api/v1/users.generatePersonalAccessToken', headers: pass(of), json });
  assert.equal(made.status, 200, made.text);
  return { userId: of.userId, authToken: textAt(made.json, 'token') };
}

async function methodCall(arena: Arena, of: Pass, method: string, params: readonly unknown[], from?: string) {
  const message = JSON.stringify({ msg: 'method', id: '1', method, params });
  return await arena.ask({
    path: `/api/v1/method.call/${encodeURIComponent(method)}`,
    headers: pass(of),
    json: { message },
    ...(from === undefined ? {} : { from }),
  });
}

function errorIn(reply: Reply): unknown {
  const message = at(reply.json, 'message');
  return typeof message === 'string' && message.startsWith('{') ? at(JSON.parse(message), 'error', 'error') : undefined;
}

/** The sessions of somebody, as they are told themselves. */
async function sessionsOf(
  arena: Arena,
  of: Pass,
): Promise<readonly { readonly id: string; readonly current: boolean }[]> {
  const reply = await arena.ask({ path: '/api/v1/sessions/list', headers: pass(of) });
  assert.equal(reply.status, 200, reply.text);
  return (at(reply.json, 'sessions') as readonly unknown[]).map((one) => ({
    id: textAt(one, 'sessionId'),
    current: at(one, 'current') === true,
  }));
}

async function ownSessionOf(arena: Arena, of: Pass): Promise<string> {
  const own = (await sessionsOf(arena, of)).find(({ current }) => current);
  return own?.id ?? assert.fail('no session is marked as the one that asks');
}

/** Resumes over SockJS on a WebSocket. @returns the error, or undefined where it went through */
async function resumeOverSockJs(arena: Arena, token: string, from: string): Promise<unknown> {
  const socket = new WebSocket(`ws://127.0.0.1:${arena.server.port}/sockjs/000/h12pat/websocket`, {
    localAddress: from,
  });
  const send = (message: unknown): void => {
    socket.send(JSON.stringify([JSON.stringify(message)]));
  };
  try {
    const result = await new Promise<Frame>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => {
        reject(new Error('The socket closed before it answered.'));
      });
      socket.on('message', (data) => {
        const frame = (data as Buffer).toString('utf8');
        if (frame === 'o') send({ msg: 'connect', version: '1', support: ['1'] });
        if (!frame.startsWith('a')) return;
        for (const text of JSON.parse(frame.slice(1)) as readonly string[]) {
          const message = JSON.parse(text) as Frame;
          if (message['msg'] === 'connected') {
            send({ msg: 'method', id: '1', method: 'login', params: [{ resume: token }] });
          }
          if (message['msg'] === 'result') resolve(message);
        }
      });
    });
    return result['error'];
  } finally {
    socket.terminate();
  }
}

/** G, H: single sessions, and personal tokens with an end, scopes and addresses. */
export const sessionsAndTokens: Group = {
  letter: 'GH',
  about: 'single sessions; personal tokens with an end, scopes and addresses',
  env: { ...unlimited, CREATE_TOKENS_FOR_USERS: 'true' },
  cases: [
    {
      id: 'G12c',
      about: 'an administrator ends one session: its socket is told and closes within a second, and no other does',
      async act(arena) {
        const person = await arena.person();
        const other = (await arena.signIn('REST JSON', person.username, person.password)).opened;
        assert.ok(other !== undefined);
        const [doomed, kept] = [await arena.socket(person), await arena.socket(other)];
        await doomed.sub('stream-notify-user', `${person.userId}/force_logout`, false);
        const sessionId = await ownSessionOf(arena, person);
        const begun = performance.now();
        const ended = await arena.ask({
          path: '/api/v1/sessions/logout',
          headers: pass(arena.admin),
          json: { sessionId },
        });
        assert.equal(ended.text, `{"sessionId":"${sessionId}","success":true}`);
        assert.equal((await doomed.closedWithin(closesWithinMs))?.code, 1000);
        assert.ok(performance.now() - begun < closesWithinMs);
        assert.ok(
          doomed.frames.some((frame) => at(frame, 'fields', 'eventName') === `${person.userId}/force_logout`),
          'it was told before',
        );
        assert.equal(await kept.closedWithin(300), undefined);
        assert.deepEqual([await arena.holds(person), await arena.holds(other)], [false, true]);
        const late = await (await arena.socket()).call('login', { resume: person.authToken });
        assert.equal(at(late, 'error', 'reason'), "You've been logged out by the server. Please log in again.");
      },
    },
    {
      id: 'G12d',
      about: 'the owner ends one of several sessions, and its socket with it',
      async act(arena) {
        const person = await arena.person();
        const other = (await arena.signIn('DDP', person.username, person.password)).opened;
        assert.ok(other !== undefined);
        const socket = await arena.socket(other);
        const sessionId = await ownSessionOf(arena, other);
        const ended = await arena.ask({
          path: '/api/v1/sessions/logout.me',
          headers: pass(person),
          json: { sessionId },
        });
        assert.equal(ended.status, 200, ended.text);
        assert.ok((await socket.closedWithin(closesWithinMs)) !== undefined);
        assert.deepEqual([await arena.holds(person), await arena.holds(other)], [true, false]);
      },
    },
    {
      id: 'G13b',
      about: 'sessions of others are unknown to whoever may not see them, and no answer holds a token',
      async act(arena, { alice }) {
        const person = await arena.person();
        const others = await ownSessionOf(arena, alice);
        const guesses = [others, 'x', arena.admin.authToken, '__proto__', '%00', '../list', 'a'.repeat(64)];
        for (const guess of guesses) {
          const told = await arena.ask({
            path: `/api/v1/sessions/info?sessionId=${encodeURIComponent(guess)}`,
            headers: pass(person),
          });
          assert.equal(told.status, 404, told.text);
          const ended = await arena.ask({
            path: '/api/v1/sessions/logout.me',
            headers: pass(person),
            json: { sessionId: guess },
          });
          assert.equal(ended.status, 404, ended.text);
        }
        for (const path of [
          'sessions/list.all',
          `sessions/info.admin?sessionId=${others}`,
          'personalTokens.list.all',
        ]) {
          assert.equal((await arena.ask({ path: `/api/v1/${path}`, headers: pass(person) })).status, 403, path);
        }
        for (const [path, json] of [
          ['sessions/logout', { sessionId: others }],
          ['personalTokens.revoke', { tokenId: others }],
        ] as const) {
          assert.equal((await arena.ask({ path: `/api/v1/${path}`, headers: pass(person), json })).status, 403, path);
        }
        for (const sessionId of [{ $ne: '' }, ['x'], 1, null, true]) {
          const odd = await arena.ask({
            path: '/api/v1/sessions/logout.me',
            headers: pass(person),
            json: { sessionId },
          });
          assert.equal(odd.status, 400, odd.text);
        }
        assert.ok(await arena.holds(alice));
        const all = await arena.ask({ path: '/api/v1/sessions/list.all?count=100', headers: pass(arena.admin) });
        assert.equal(all.status, 200, all.text);
        const hashes = arena.rows('select hash from tokens').map(({ hash }) => String(hash));
        for (const secret of [...hashes, alice.authToken, person.authToken, arena.admin.authToken]) {
          assert.ok(!all.text.includes(secret));
        }
      },
    },
    {
      id: 'G13c',
      about: 'a device that calls itself by markup is told as plain text or not at all',
      async act(arena) {
        const person = await arena.person();
        const evil = '<img src=x onerror=alert(1)>/1.0';
        const { opened } = await arena.signIn('REST JSON', person.username, person.password, {
          headers: { 'user-agent': evil },
        });
        assert.ok(opened !== undefined);
        const list = await arena.ask({ path: '/api/v1/sessions/list', headers: pass(opened) });
        assert.equal(list.headers['content-type'], 'application/json');
        assert.ok(!list.text.includes('onerror'));
        // Posted after the answer, so it may not lie in the outbox yet.
        const mailsNow = () => arena.mailsTo(person.email, 'Login detected from a new device');
        for (const until = Date.now() + 10_000; mailsNow().length === 0 && Date.now() < until; ) await sleep(20);
        const mails = mailsNow();
        assert.equal(mails.length, 1);
        assert.match(JSON.stringify(mails), /&lt;img src/u);
        assert.doesNotMatch(JSON.stringify(mails), /<div[^]*<img[^]*<\/div>/u);
      },
    },
    {
      id: 'H06',
      about: 'a token that skips second factors is asked all the same where everybody always is',
      async act(arena) {
        const person = await arena.person();
        const free = await make(arena, person, { tokenName: 'free', bypassTwoFactor: true });
        const reply = await arena.ask({
          path: '/api/v1/users.updateOwnBasicInfo',
          headers: pass(free),
          json: { data: { newPassword: 'another long password', currentPassword: digest('wrong').digest } },
        });
        assert.equal(reply.status, 400, reply.text);
        assert.match(reply.text, /totp-(?:required|invalid)/u);
        const again = await arena.signIn('REST JSON', person.username, person.password);
        assert.ok(again.opened !== undefined);
      },
    },
    {
      id: 'H22',
      about: 'a token that skips second factors edits others without a code, as far as its owner may',
      async act(arena, { alice }) {
        const free = await make(arena, arena.admin, { tokenName: 'editor', bypassTwoFactor: true });
        const edit = async (of: Pass, userId: string) =>
          await arena.ask({
            path: '/api/v1/users.update',
            headers: pass(of),
            json: { userId, data: { nickname: 'edited' } },
          });
        const person = await arena.person();
        assert.equal((await edit(free, person.userId)).status, 200);
        const weak = await make(arena, alice, { tokenName: 'editor', bypassTwoFactor: true });
        assert.notEqual((await edit(weak, person.userId)).status, 200);
      },
    },
    {
      id: 'H11b',
      about: 'a personal token that has ended is refused by headers, resume, socket and query',
      async act(arena) {
        const person = await arena.person();
        const endsAt = Date.now() + 1_500;
        const token = await make(arena, person, { tokenName: 'short', expiresAt: new Date(endsAt).toISOString() });
        const socket = await arena.socket(token);
        assert.ok(await arena.holds(token));
        await sleep(endsAt - Date.now() + 20);
        assert.equal(await arena.holds(token), false);
        const resumed = await arena.ask({ path: '/api/v1/login', json: { resume: token.authToken } });
        assert.ok(resumed.status === 401 || resumed.status === 403, resumed.text);
        const late = await (await arena.socket()).call('login', { resume: token.authToken });
        assert.equal(at(late, 'error', 'error'), 403);
        const query = `?userId=${token.userId}&authToken=${token.authToken}`;
        assert.equal((await arena.ask({ path: `/api/v1/me${query}` })).status, 401);
        assert.equal((await methodCall(arena, token, 'permissions/get', [])).status, 401);
        // Of a socket that was open before, the token is gone with the next call.
        const frame = await socket.call('getNewToken').catch(() => ({ error: 'closed' }));
        assert.notEqual(at(frame, 'error'), undefined);
      },
    },
    {
      id: 'H12',
      about: 'a personal token with scopes is refused outside them with 403 at every door',
      async act(arena) {
        const scoped = await make(arena, arena.admin, { tokenName: 'scoped', scopes: ['view-d-room'] });
        assert.equal((await arena.ask({ path: '/api/v1/users.list', headers: pass(scoped) })).status, 200);
        const closed: readonly (readonly [string, object?])[] = [
          ['settings/Site_Name'],
          ['users.getPersonalAccessTokens'],
          ['sessions/list'],
          ['sessions/list.all'],
          ['users.generatePersonalAccessToken', { tokenName: 'more' }],
          ['users.regeneratePersonalAccessToken', { tokenName: 'scoped' }],
          ['users.removePersonalAccessToken', { tokenName: 'scoped' }],
          ['users.enableTotp', {}],
          ['users.2fa.enableEmail', {}],
          ['users.removeOtherTokens', {}],
          ['users.logoutOtherClients', {}],
          ['users.logout', {}],
          ['users.updateOwnBasicInfo', { data: { email: 'eve@example.com' } }],
          ['passkeys.begin', {}],
          ['settings/Site_Name', { value: 'x' }],
        ];
        for (const [path, json] of closed) {
          const what = { path: `/api/v1/${path}`, headers: pass(scoped), ...(json === undefined ? {} : { json }) };
          const reply = await arena.ask(what);
          assert.equal(reply.status, 403, `${path}: ${reply.text}`);
        }
        const own = { userId: arena.admin.userId, data: { email: 'eve@example.com' } };
        const code = digest(arena.server.administrator.password).digest;
        for (const proof of [{}, { 'x-2fa-code': code, 'x-2fa-method': 'password' }]) {
          const headers = { ...pass(scoped), ...proof };
          const edited = await arena.ask({ path: '/api/v1/users.update', headers, json: own });
          assert.equal(edited.status, 'x-2fa-code' in proof ? 403 : 400, edited.text);
        }
        const socket = await arena.socket(scoped);
        for (const [method, ...params] of [
          ['personalAccessTokens:generateToken', { tokenName: 'more' }],
          ['personalAccessTokens:removeToken', { tokenName: 'scoped' }],
          ['changePassword', 'x', 'y'],
          ['2fa:enable'],
          ['removeOtherTokens'],
          ['getNewToken'],
        ] as const) {
          assert.equal(at(await socket.call(method, ...params), 'error', 'error'), 403, method);
          assert.equal(errorIn(await methodCall(arena, scoped, method, params)), 403, method);
        }
        const self = await arena.ask({
          path: '/api/v1/users.createToken',
          headers: pass(scoped),
          json: { userId: arena.admin.userId },
        });
        assert.equal(self.status, 400, self.text);
        assert.equal(at(self.json, 'data'), undefined);
      },
    },
    {
      id: 'H12d',
      about: 'a personal token with scopes neither ends the sessions of its owner nor closes or deletes the account',
      async act(arena) {
        const scopes = [
          'view-device-management',
          'logout-device-management',
          'logout-other-user',
          'edit-other-user-active-status',
          'delete-user',
        ];
        const made = await arena.ask({
          path: '/api/v1/roles.create',
          headers: pass(arena.admin),
          json: { name: 'everything narrow' },
        });
        const role = textAt(made.json, 'role', '_id');
        for (const permissionId of scopes) {
          const json = { permissionId, role };
          const given = await arena.ask({ path: '/api/v1/permissions.addRole', headers: pass(arena.admin), json });
          assert.equal(given.status, 200, given.text);
        }
        const owner = await arena.person({ roles: ['user', role] });
        const socket = await arena.socket(owner);
        const scoped = await make(arena, owner, { tokenName: 'leaked', scopes });
        const own = { userId: owner.userId };
        for (const [path, json] of [
          ['sessions/logout', { sessionId: await ownSessionOf(arena, owner) }],
          ['users.logout', own],
          ['users.setActiveStatus', { ...own, activeStatus: false, confirmRelinquish: true }],
          ['users.update', { ...own, data: { active: false } }],
          ['users.delete', { ...own, confirmRelinquish: true }],
          ['users.deleteOwnAccount', { password: digest(owner.password).digest }],
        ] as const) {
          const reply = await arena.ask({ path: `/api/v1/${path}`, headers: pass(scoped), json });
          assert.equal(reply.status, 403, `${path}: ${reply.text}`);
        }
        for (const [method, ...params] of [
          ['setUserActiveStatus', owner.userId, false, true],
          ['deleteUser', owner.userId, true],
        ] as const) {
          const reply = await methodCall(arena, scoped, method, params);
          assert.equal(errorIn(reply), 403, `${method}: ${reply.text}`);
        }
        assert.deepEqual([await arena.holds(owner), await arena.holds(scoped), socket.isOver], [true, true, false]);
        // What it is for, it does.
        const other = await arena.person();
        const json = { userId: other.userId, activeStatus: false, confirmRelinquish: true };
        const closed = await arena.ask({ path: '/api/v1/users.setActiveStatus', headers: pass(scoped), json });
        assert.equal(closed.status, 200, closed.text);
        socket.close();
      },
    },
    {
      id: 'H12b',
      about: 'nobody gives a token a scope that they do not hold',
      async act(arena) {
        const person = await arena.person();
        for (const scopes of [['create-user'], ['*'], ['admin'], ['__proto__'], ['view-d-room', 'delete-user']]) {
          const reply = await arena.ask({
            path: '/api/v1/users.generatePersonalAccessToken',
            headers: pass(person),
            json: { tokenName: 'greedy', scopes },
          });
          assert.equal(at(reply.json, 'errorType'), 'error-invalid-scope', reply.text);
        }
      },
    },
    {
      id: 'H12c',
      about: 'a personal token shown from an address that is not on its list is as unknown as any, at every door',
      async act(arena) {
        const person = await arena.person();
        const token = await make(arena, person, { tokenName: 'at home', addresses: ['127.5.0.0/16'] });
        const home = '127.5.0.7';
        const me = async (from: string) => await arena.ask({ path: '/api/v1/me', headers: pass(token), from });
        assert.equal((await me(home)).status, 200);
        for (const from of ['127.6.0.1', '127.0.0.1']) {
          const refused = await me(from);
          const unknown = await arena.ask({
            path: '/api/v1/me',
            headers: pass({ ...token, authToken: 'x'.repeat(43) }),
            from,
          });
          assert.deepEqual([refused.status, refused.text], [401, unknown.text]);
          const forwarded = await arena.ask({
            path: '/api/v1/me',
            headers: { ...pass(token), 'x-forwarded-for': home, 'x-real-ip': home },
            from,
          });
          assert.equal(forwarded.status, 401);
          assert.equal((await methodCall(arena, token, 'permissions/get', [], from)).status, 401);
          const logIn = await arena.ask({ path: '/api/v1/login', json: { resume: token.authToken }, from });
          assert.notEqual(logIn.status, 200);
          const socket = await arena.socket(undefined, { from });
          assert.equal(at(await socket.call('login', { resume: token.authToken }), 'error', 'error'), 403);
          assert.equal(at(await resumeOverSockJs(arena, token.authToken, from), 'error'), 403);
        }
        const socket = await arena.socket(undefined, { from: home });
        assert.equal(at(await socket.call('login', { resume: token.authToken }), 'error'), undefined);
        assert.equal(await resumeOverSockJs(arena, token.authToken, home), undefined);
      },
    },
    {
      id: 'H16',
      about: 'users.createToken for oneself, a closed account, nobody, and somebody who never signed in',
      async act(arena, { closed }) {
        const create = async (of: Pass, userId: unknown) =>
          await arena.ask({ path: '/api/v1/users.createToken', headers: pass(of), json: { userId } });
        const person = await arena.person();
        const own = await create(person, person.userId);
        assert.equal(own.status, 200, own.text);
        assert.ok(await arena.holds({ userId: person.userId, authToken: textAt(own.json, 'data', 'authToken') }));
        for (const odd of [closed.userId, 'nobody', '', { $ne: '' }, null]) {
          const reply = await create(arena.admin, odd);
          assert.equal(reply.status, 400, reply.text);
          assert.equal(at(reply.json, 'data'), undefined);
        }
        const username = 'never.signed.in';
        const made = await arena.ask({
          path: '/api/v1/users.create',
          headers: pass(arena.admin),
          json: { username, name: username, email: `${username}@example.com`, password: 'a password of its own' },
        });
        const fresh = await create(arena.admin, textAt(made.json, 'user', '_id'));
        assert.equal(fresh.status, 200, fresh.text);
      },
    },
    {
      id: 'H18',
      about: 'a thousand checks of a token at once write nothing of its use, and none waits for another',
      async act(arena) {
        const person = await arena.person();
        const token = await make(arena, person, { tokenName: 'busy' });
        const use = (): unknown =>
          arena.rows("select used_at, created_at from tokens where name = 'busy' and account_id = ?", person.userId)[0];
        const before = JSON.stringify(use());
        for (let round = 0; round < 10; round += 1) {
          const held = await Promise.all(Array.from({ length: 100 }, async () => await arena.holds(token)));
          assert.ok(held.every(Boolean));
        }
        assert.equal(JSON.stringify(use()), before);
      },
    },
    {
      id: 'S04',
      about: 'of many new texts for one personal token at once, one is alive in the end',
      async act(arena) {
        const person = await arena.person();
        await make(arena, person, { tokenName: 'raced', scopes: ['create-personal-access-tokens'] });
        const renewed = await Promise.all(
          Array.from(
            { length: 12 },
            async () =>
              await arena.ask({
                path: '/api/v1/users.regeneratePersonalAccessToken',
                headers: pass(person),
                json: { tokenName: 'raced' },
              }),
          ),
        );
        const won = renewed.filter(({ status }) => status === 200);
        assert.ok(won.length > 0);
        for (const { status, text } of renewed) {
          assert.ok(status === 200 || /error-token-does-not-exists/u.test(text), text);
        }
        const alive: boolean[] = [];
        for (const { json } of won) {
          alive.push(await arena.holds({ userId: person.userId, authToken: textAt(json, 'token') }));
        }
        assert.equal(alive.filter(Boolean).length, 1);
        const kept = arena.rows("select json_scopes from tokens where name = 'raced'");
        assert.deepEqual(
          kept.map(({ json_scopes: scopes }) => scopes),
          ['["create-personal-access-tokens"]'],
        );
      },
    },
    {
      id: 'H10b',
      about: 'a token that an administrator revokes is dead at once, its socket too, and its owner is told by mail',
      async act(arena) {
        const person = await arena.person();
        const token = await make(arena, person, { tokenName: 'watched' });
        const socket = await arena.socket(token);
        const list = await arena.ask({
          path: `/api/v1/personalTokens.list.all?userId=${person.userId}`,
          headers: pass(arena.admin),
        });
        const tokenId = textAt(list.json, 'tokens', 0, '_id');
        assert.ok(!list.text.includes(token.authToken));
        const revoked = await arena.ask({
          path: '/api/v1/personalTokens.revoke',
          headers: pass(arena.admin),
          json: { tokenId },
        });
        assert.equal(revoked.status, 200, revoked.text);
        assert.ok((await socket.closedWithin(closesWithinMs)) !== undefined);
        assert.equal(await arena.holds(token), false);
        assert.ok(await arena.holds(person));
        await arena.untilMailed();
        assert.equal(arena.mailsTo(person.email, 'personal access token was revoked').length, 1);
      },
    },
  ],
};
