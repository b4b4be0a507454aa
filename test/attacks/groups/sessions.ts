import assert from 'node:assert/strict';
import { type Arena, type Person, unlimited } from '../arena.ts';
import { digest, doors } from '../doors.ts';
import type { Group } from '../group.ts';
import { ask, at, type Closed, type Ddp, exchange, type Pass, pass, sleep, statusOf, textAt } from '../wire.ts';

const notSignedIn = 'You must be logged in to do this.';

async function session(arena: Arena, person: Person): Promise<Pass> {
  const { opened } = await arena.signIn('REST JSON', person.username, person.password, { from: '127.9.9.9' });
  assert.ok(opened);
  return opened;
}

/** These sockets are closed within a second, and these are not. */
async function mustClose(closing: readonly Ddp[], staying: readonly Ddp[]): Promise<void> {
  const ends: readonly (Closed | undefined)[] = await Promise.all(
    closing.map(async (one) => await one.closedWithin(1000)),
  );
  assert.deepEqual(
    ends.map((end) => end?.code),
    closing.map(() => 1000),
    'closed within a second, as a forced logout is',
  );
  for (const one of staying) {
    assert.equal(one.isOver, false, 'other sockets stay');
    one.send({ msg: 'ping', id: 'there' });
    await one.frame(({ msg, id }) => msg === 'pong' && id === 'there');
  }
}

async function logOut(arena: Arena, of: Pass): Promise<void> {
  const reply = await arena.ask({ path: '/api/v1/logout', method: 'POST', headers: pass(of) });
  assert.equal(reply.status, 200, reply.text);
}

async function setActive(arena: Arena, userId: string, activeStatus: boolean): Promise<void> {
  const reply = await arena.ask({
    path: '/api/v1/users.setActiveStatus',
    headers: pass(arena.admin),
    json: { userId, activeStatus },
  });
  assert.equal(reply.status, 200, reply.text);
}

/** Every way in that a dead token could still find. */
async function mustBeDead(arena: Arena, token: Pass): Promise<void> {
  assert.equal(await arena.holds(token), false);
  for (const door of doors) {
    if (door === 'method.call') continue;
    for (const { opened } of await arena.knock(door, { resume: token.authToken })) {
      assert.equal(opened, undefined, door);
    }
  }
  const message = JSON.stringify({ msg: 'method', id: '1', method: 'getNewToken', params: [] });
  const call = await arena.ask({ path: '/api/v1/method.call/getNewToken', headers: pass(token), json: { message } });
  assert.equal(call.status, 401);
}

function variantsOf(token: string): readonly string[] {
  const swapped = Array.from(token)
    .map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))
    .join('');
  return [
    ...[1, 2, 10, 42].map((n) => token.slice(0, -n)),
    token.slice(1),
    `${token}a`,
    `${token}=`,
    `a${token}`,
    token + token,
    swapped,
    token.toUpperCase(),
    token.toLowerCase(),
    token.replaceAll('-', '+').replaceAll('_', '/'),
    Buffer.from(token).toString('base64'),
    Buffer.from(token).toString('base64url'),
    encodeURIComponent(`${token} `),
    `"${token}"`,
    `Bearer ${token}`,
    Array.from(token).toReversed().join(''),
  ].filter((variant) => variant !== token);
}

/** G: sessions, their tokens and the headers that carry them. */
export const sessions: Group = {
  letter: 'G',
  about: 'sessions and headers',
  env: { ...unlimited, OVERWRITE_SETTING_Countersign_Token_Pool_Script: '40' },
  cases: [
    {
      id: 'G01',
      about: 'a token opens nothing under another account’s id',
      async act(arena, { alice, bystander }) {
        for (const userId of [
          bystander.userId,
          arena.admin.userId,
          'x',
          alice.userId.toLowerCase(),
          `${alice.userId}x`,
          alice.username,
        ]) {
          assert.equal(await arena.holds({ userId, authToken: alice.authToken }), false, userId);
        }
        assert.equal(await arena.holds(alice), true);
      },
    },
    {
      id: 'G03',
      cve: ['CVE-2026-27840'],
      about: 'a token that is cut, longer, in another case or otherwise encoded opens nothing',
      async act(arena, { alice }) {
        for (const authToken of variantsOf(alice.authToken)) {
          assert.equal(await arena.holds({ userId: alice.userId, authToken }), false, authToken);
          const [resumed] = await arena.knock('REST JSON', { resume: authToken });
          assert.equal(resumed?.opened, undefined, authToken);
        }
        const hash = String(
          arena.rows('select hash from tokens where account_id = ? limit 1', alice.userId)[0]?.['hash'],
        );
        assert.equal(
          await arena.holds({ userId: alice.userId, authToken: hash }),
          false,
          'the stored hash is no token',
        );
      },
    },
    {
      id: 'G04',
      about: 'a token is dead at once after logout, at every door',
      async act(arena) {
        const person = await arena.person();
        const token = await session(arena, person);
        assert.ok(await arena.holds(token));
        await logOut(arena, token);
        await mustBeDead(arena, token);
        assert.ok(await arena.holds(person), 'other sessions stay');
      },
    },
    {
      id: 'G05',
      cve: ['CVE-2026-9162'],
      about: 'sockets of an ended token close within a second, and no others',
      async act(arena, { bystander }) {
        const person = await arena.person();
        const token = await session(arena, person);
        const [first, second, other, stranger, nobody] = await Promise.all([
          arena.socket(token),
          arena.socket(token),
          arena.socket(person),
          arena.socket(bystander),
          arena.socket(),
        ]);
        await logOut(arena, token);
        await mustClose([first, second], [other, stranger, nobody]);
      },
    },
    {
      id: 'G05b',
      about: 'logout on a socket keeps that socket, as nobody’s, and closes the others of its token',
      async act(arena) {
        const person = await arena.person();
        const [one, twin] = await Promise.all([arena.socket(person), arena.socket(person)]);
        await one.call('logout');
        await mustClose([twin], [one]);
        assert.equal(at(await one.call('getNewToken'), 'result'), undefined);
        assert.equal((await one.sub('stream-notify-user', `${person.userId}/userData`, false))['msg'], 'nosub');
        await mustBeDead(arena, person);
      },
    },
    {
      id: 'G07',
      about: 'ending the other sessions ends them and their sockets, keeps one’s own, and leaves personal tokens',
      async act(arena, { bystander }) {
        for (const way of ['users.removeOtherTokens', 'users.logoutOtherClients', 'removeOtherTokens']) {
          const person = await arena.person();
          const other = await session(arena, person);
          const personal = await arena.personal(person, 'ci');
          const [mine, others, byPersonal, stranger] = await Promise.all([
            arena.socket(person),
            arena.socket(other),
            arena.socket(personal),
            arena.socket(bystander),
          ]);
          if (way === 'removeOtherTokens') await mine.call(way);
          else await arena.ask({ path: `/api/v1/${way}`, method: 'POST', headers: pass(person) });
          await mustClose([others], [mine, byPersonal, stranger]);
          await mustBeDead(arena, other);
          assert.ok(await arena.holds(person), way);
          assert.ok(await arena.holds(personal), way);
        }
      },
    },
    {
      id: 'G08',
      about:
        'a closed account: sessions, personal tokens and sockets are dead within a second, and stay dead when it opens again',
      async act(arena, { bystander }) {
        const person = await arena.person();
        const personal = await arena.personal(person, 'ci', true);
        const [one, two, stranger] = await Promise.all([
          arena.socket(person),
          arena.socket(personal),
          arena.socket(bystander),
        ]);
        assert.ok((await arena.holds(person)) && (await arena.holds(personal)), 'both are in memory');
        await setActive(arena, person.userId, false);
        await mustClose([one, two], [stranger]);
        await mustBeDead(arena, person);
        await mustBeDead(arena, personal);
        for (const door of doors) {
          const { opened } = await arena.signIn(door, person.username, person.password, { bystander });
          assert.equal(opened, undefined, door);
        }
        await setActive(arena, person.userId, true);
        await mustBeDead(arena, person);
        await mustBeDead(arena, personal);
        assert.ok((await arena.signIn('REST JSON', person.username, person.password)).opened);
      },
    },
    {
      id: 'G08b',
      about: 'a deleted account: the same, and its name opens nothing any more',
      async act(arena, { bystander }) {
        const person = await arena.person();
        const personal = await arena.personal(person, 'ci', true);
        const [one, two, stranger] = await Promise.all([
          arena.socket(person),
          arena.socket(personal),
          arena.socket(bystander),
        ]);
        const reply = await arena.ask({
          path: '/api/v1/users.delete',
          headers: pass(arena.admin),
          json: { userId: person.userId },
        });
        assert.equal(reply.status, 200, reply.text);
        await mustClose([one, two], [stranger]);
        await mustBeDead(arena, person);
        await mustBeDead(arena, personal);
        assert.equal((await arena.signIn('REST JSON', person.username, person.password)).opened, undefined);
        assert.deepEqual(arena.rows('select 1 from tokens where account_id = ?', person.userId), []);
      },
    },
    {
      id: 'G09',
      about: 'a changed password ends the other sessions and their sockets; the old one opens nothing',
      async act(arena) {
        const person = await arena.person();
        const other = await session(arena, person);
        const personal = await arena.personal(person, 'ci');
        const [mine, others] = await Promise.all([arena.socket(person), arena.socket(other)]);
        const fresh = 'quite another password';
        const wrong = await mine.call('changePassword', digest('not it'), digest(fresh));
        assert.equal(at(wrong, 'result'), undefined);
        const done = await mine.call('changePassword', digest(person.password), digest(fresh));
        assert.deepEqual(at(done, 'result'), { passwordChanged: true });
        await mustClose([others], [mine]);
        await mustBeDead(arena, other);
        assert.ok((await arena.holds(person)) && (await arena.holds(personal)));
        assert.equal((await arena.signIn('REST JSON', person.username, person.password)).opened, undefined);
        assert.ok((await arena.signIn('REST JSON', person.username, fresh)).opened);
      },
    },
    {
      id: 'G11',
      about: 'resuming a token that was ended says so in the words that clients wait for',
      async act(arena) {
        const person = await arena.person();
        await logOut(arena, person);
        const socket = await arena.socket();
        const frame = await socket.call('login', { resume: person.authToken });
        assert.equal(at(frame, 'error', 'error'), 403);
        assert.equal(at(frame, 'error', 'reason'), "You've been logged out by the server. Please log in again.");
      },
    },
    {
      id: 'G11b',
      about: 'an expired token is dead at every door, and is told as expired on a socket',
      async act(arena) {
        const person = await arena.person();
        await arena.whileDown(`update tokens set ends_at = 1 where account_id = '${person.userId}'`);
        await mustBeDead(arena, person);
        const socket = await arena.socket();
        const frame = await socket.call('login', { resume: person.authToken });
        assert.equal(at(frame, 'error', 'reason'), 'Your session has expired. Please log in again.');
      },
    },
    {
      id: 'G12',
      about: 'ending the sessions of others takes the permission, and ends sockets too',
      async act(arena, { bystander }) {
        const person = await arena.person();
        const socket = await arena.socket(person);
        const refused = await arena.ask({
          path: '/api/v1/users.logout',
          headers: pass(bystander),
          json: { userId: person.userId },
        });
        assert.equal(refused.status, 403);
        assert.ok(await arena.holds(person));
        const done = await arena.ask({
          path: '/api/v1/users.logout',
          headers: pass(arena.admin),
          json: { userId: person.userId },
        });
        assert.equal(done.status, 200, done.text);
        await mustClose([socket], []);
        await mustBeDead(arena, person);
      },
    },
    {
      id: 'G13',
      about: 'one’s own rights are not another’s: closing, deleting, making and reading take their permissions',
      async act(arena, { alice, bystander }) {
        const before = arena.state(bystander);
        const mine = pass(bystander);
        const tries: readonly (readonly [string, unknown])[] = [
          ['users.setActiveStatus', { userId: alice.userId, activeStatus: false }],
          ['users.delete', { userId: alice.userId }],
          ['users.delete', { username: alice.username }],
          ['users.create', { username: 'made', name: 'x', email: 'm@example.com', password: 'long enough' }],
          ['users.createToken', { userId: alice.userId }],
          ['users.createToken', { userId: bystander.userId }],
          ['settings/Accounts_LoginExpiration', { value: 1 }],
          ['settings', { settings: [{ _id: 'Accounts_LoginExpiration', value: 1 }] }],
        ];
        for (const [path, json] of tries) {
          const reply = await arena.ask({ path: `/api/v1/${path}`, headers: mine, json });
          assert.ok([400, 403].includes(reply.status), `${path}: ${reply.status} ${reply.text}`);
          assert.notEqual(at(reply.json, 'success'), true);
        }
        const one = await arena.ask({ path: '/api/v1/settings/Block_Multiple_Failed_Logins_Enabled', headers: mine });
        assert.equal(one.status, 403, one.text);
        const list = await arena.ask({ path: '/api/v1/settings?count=0', headers: mine });
        assert.doesNotMatch(list.text, /Block_Multiple_Failed_Logins|Countersign_Token_Pool/u, 'public ones only');
        assert.equal(arena.state(bystander), before);
      },
    },
    {
      id: 'G15',
      cve: ['CVE-2024-4183'],
      about: 'sign-ins without number fill one’s own pool alone: the oldest goes, and others notice nothing',
      async act(arena, { alice }) {
        const person = await arena.person();
        const socket = await arena.socket();
        const interactive = await socket.call('login', {
          user: { username: person.username },
          password: digest(person.password),
        });
        const personal = await arena.personal(person, 'ci');
        const tokens: Pass[] = [];
        for (let n = 0; n < 45; n += 1) tokens.push(await session(arena, person));
        const count = arena.rows(
          `select count(*) as n from tokens where account_id = ? and pool = 'script'`,
          person.userId,
        );
        assert.equal(count[0]?.['n'], 40);
        assert.equal(await arena.holds(person), false, 'the one unused for longest went');
        assert.ok(await arena.holds(tokens.at(-1) ?? person));
        assert.ok(await arena.holds(personal));
        assert.ok(await arena.holds({ userId: person.userId, authToken: textAt(interactive, 'result', 'token') }));
        assert.ok(await arena.holds(alice));
        assert.equal(socket.isOver, false);
      },
    },
    {
      id: 'G16',
      about: 'a token in the address opens nothing and is not logged',
      async act(arena, { alice }) {
        const { userId, authToken } = alice;
        for (const query of [
          `authToken=${authToken}&userId=${userId}`,
          `resumeToken=${authToken}&userId=${userId}`,
          `rc_token=${authToken}&rc_uid=${userId}`,
          `loginToken=${authToken}`,
          `access_token=${authToken}`,
          `X-Auth-Token=${authToken}&X-User-Id=${userId}`,
        ]) {
          assert.equal((await arena.ask({ path: `/api/v1/me?${query}` })).status, 401, query);
          const body = new URLSearchParams(query).toString();
          const type = { 'content-type': 'application/x-www-form-urlencoded' };
          const posted = await arena.ask({ path: `/api/v1/logout?${query}`, headers: type, body });
          assert.equal(posted.status, 401, query);
        }
        assert.equal(
          (await arena.ask({ path: '/api/v1/me', headers: { authorization: `Bearer ${authToken}` } })).status,
          401,
        );
        assert.ok(await arena.holds(alice));
        assert.ok(!arena.server.lines.some((line) => line.includes(authToken)));
      },
    },
    {
      id: 'G17',
      about: 'a page elsewhere gets nothing by form, cookie or origin: no cookie is set or read',
      async act(arena, { alice }) {
        const { userId, authToken } = alice;
        const cookie = `rc_uid=${userId}; rc_token=${authToken}; X-User-Id=${userId}; X-Auth-Token=${authToken}; meteor_login_token=${authToken}`;
        const evil = { cookie, origin: 'https://evil.example', referer: 'https://evil.example/' };
        for (const path of ['/api/v1/logout', '/api/v1/users.logout', '/api/v1/users.removeOtherTokens']) {
          const type = { 'content-type': 'application/x-www-form-urlencoded' };
          assert.equal((await arena.ask({ path, headers: { ...evil, ...type }, body: 'a=b' })).status, 401, path);
        }
        assert.equal((await arena.ask({ path: '/api/v1/logout', headers: evil })).status, 401);
        assert.equal((await arena.ask({ path: '/api/v1/me', headers: evil })).status, 401);
        const form = await arena.ask({
          path: '/api/v1/login',
          headers: { 'content-type': 'application/x-www-form-urlencoded', 'origin': 'https://evil.example' },
          body: new URLSearchParams({ user: alice.username, password: alice.password }).toString(),
        });
        assert.equal(form.headers['set-cookie'], undefined);
        assert.notEqual(form.headers['access-control-allow-credentials'], 'true');
        assert.ok(await arena.holds(alice));
        const preflight = await arena.ask({
          path: '/api/v1/logout',
          method: 'OPTIONS',
          headers: { 'origin': 'https://evil.example', 'access-control-request-method': 'POST' },
        });
        assert.ok(preflight.status === 405 || preflight.status === 403, String(preflight.status));
      },
    },
    {
      id: 'G20',
      about: 'what was answered outlives a power cut: a new token holds, and an ended one stays dead (G21)',
      async act(arena) {
        const person = await arena.person();
        const ended = await session(arena, person);
        const kept = await session(arena, person);
        await logOut(arena, ended);
        await arena.server.kill();
        arena.server = await arena.server.restart();
        assert.ok(await arena.holds(kept));
        await mustBeDead(arena, ended);
      },
    },
    {
      id: 'G23',
      about: 'half a pair of headers, or an empty one, is told to sign in',
      async act(arena, { alice }) {
        const { userId, authToken } = alice;
        for (const headers of [
          { 'x-user-id': userId },
          { 'x-auth-token': authToken },
          { 'x-user-id': '', 'x-auth-token': '' },
          { 'x-user-id': '', 'x-auth-token': authToken },
          { 'x-user-id': userId, 'x-auth-token': '' },
        ]) {
          const reply = await arena.ask({ path: '/api/v1/me', headers: headers as Record<string, string> });
          assert.equal(reply.status, 401);
          assert.equal(at(reply.json, 'message'), notSignedIn);
        }
      },
    },
    {
      id: 'G24',
      about: 'odd token headers are refused and write no header of their own',
      async act(arena, { alice }) {
        const raw = async (lines: string): Promise<Buffer> => {
          const { received } = await exchange(
            arena.server,
            `GET /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n`,
          );
          return received;
        };
        const id = `X-User-Id: ${alice.userId}\r\n`;
        for (const value of [
          ` ${alice.authToken} x`,
          'a b c',
          '\u00e9\u4e2d',
          `${alice.authToken}\u00a0`,
          'x'.repeat(100_000),
          `${alice.authToken}\rX-Injected: 1`,
          `${alice.authToken}\nX-Injected: 1`,
          `${alice.authToken}\u0000`,
          `${alice.authToken}, ${alice.authToken}`,
          '%0d%0aX-Injected:%201',
          '$' + '{jndi:ldap://127.0.0.1/a}',
        ]) {
          const received = await raw(`${id}X-Auth-Token: ${value}\r\n`);
          assert.ok(
            [400, 401, 431].includes(statusOf(received)),
            `${value.slice(0, 50)}: ${received.toString('latin1').slice(0, 80)}`,
          );
          assert.doesNotMatch(received.toString('latin1'), /^X-Injected/imu);
        }
        const twice = await raw(`${id}X-Auth-Token: ${alice.authToken}\r\nX-Auth-Token: ${alice.authToken}\r\n`);
        assert.equal(statusOf(twice), 401, 'a header that stands twice is no token');
        const padded = await raw(`${id}X-Auth-Token:   ${alice.authToken}  \r\n`);
        assert.equal(statusOf(padded), 200, 'blanks around a value are not part of it');
      },
    },
    {
      id: 'G25',
      about: 'resuming gives the same token with the same end, however often',
      async act(arena) {
        const socket = await arena.socket();
        const person = await arena.person();
        const first = await socket.call('login', {
          user: { username: person.username },
          password: digest(person.password),
        });
        await sleep(20);
        const again = await arena.socket();
        const resumed = await again.call('login', { resume: textAt(first, 'result', 'token') });
        assert.equal(at(resumed, 'result', 'token'), at(first, 'result', 'token'));
        assert.deepEqual(at(resumed, 'result', 'tokenExpires'), at(first, 'result', 'tokenExpires'));
        const renewed = await again.call('getNewToken');
        assert.notEqual(at(renewed, 'result', 'token'), at(first, 'result', 'token'));
        assert.deepEqual(
          at(renewed, 'result', 'tokenExpires'),
          at(first, 'result', 'tokenExpires'),
          'renewing lengthens nothing',
        );
      },
    },
    {
      id: 'G26',
      about: 'many at once: a session that is ended while it is used, and an account closed while people sign in (S01)',
      async act(arena) {
        const person = await arena.person();
        for (let round = 0; round < 8; round += 1) {
          const signIns = Array.from(
            { length: 6 },
            async () =>
              (await arena.signIn('REST JSON', person.username, person.password, { from: '127.9.9.9' })).opened,
          );
          await sleep(Math.random() * 30);
          await setActive(arena, person.userId, false);
          for (const opened of await Promise.all(signIns)) {
            const lives = opened !== undefined && (await arena.holds(opened));
            assert.equal(lives, false, 'a live session of a closed account');
          }
          assert.deepEqual(arena.rows('select 1 from tokens where account_id = ?', person.userId), []);
          await setActive(arena, person.userId, true);
        }
      },
    },
    {
      id: 'G27',
      about: 'a changed password races sign-ins with the old one: none of them outlives the answer (S02)',
      async act(arena) {
        const person = await arena.person();
        let old = person.password;
        for (let round = 0; round < 6; round += 1) {
          const fresh = `password of round ${round}`;
          const signIns = Array.from(
            { length: 4 },
            async () =>
              (await ask(arena.server, { path: '/api/v1/login', json: { user: person.username, password: old } })).json,
          );
          const socket = await arena.socket(person);
          const frame = await socket.call('changePassword', digest(old), digest(fresh));
          assert.deepEqual(at(frame, 'result'), { passwordChanged: true }, JSON.stringify(frame));
          for (const json of await Promise.all(signIns)) {
            const authToken = at(json, 'data', 'authToken');
            if (typeof authToken === 'string') {
              assert.equal(await arena.holds({ userId: person.userId, authToken }), false);
            }
          }
          socket.close();
          old = fresh;
        }
      },
    },
  ],
};
