import assert from 'node:assert/strict';
import { type Arena, unlimited } from '../arena.ts';
import { digest } from '../doors.ts';
import type { Cast, Group } from '../group.ts';
import { mustTellNothing } from '../verdict.ts';
import { at, type Frame, pass, textAt } from '../wire.ts';

/** Calls a method through REST, and gives the result frame that stands inside. */
async function callAnon(arena: Arena, method: string, ...params: readonly unknown[]): Promise<unknown> {
  const message = JSON.stringify({ msg: 'method', id: '1', method, params });
  const reply = await arena.ask({ path: `/api/v1/method.callAnon/${method.replaceAll('/', ':')}`, json: { message } });
  return JSON.parse(textAt(reply.json, 'message')) as unknown;
}

function codeOf(frame: unknown): string | number {
  const code = at(frame, 'error', 'error');
  assert.ok(typeof code === 'string' || typeof code === 'number', JSON.stringify(frame));
  mustTellNothing(JSON.stringify(frame));
  return code;
}

async function wrongPasswords(arena: Arena, { alice }: Cast): Promise<void> {
  const names = [
    { username: alice.username },
    { username: alice.username.toUpperCase() },
    { email: alice.email },
    { email: alice.email.toUpperCase() },
    { id: alice.userId },
    { username: 'rocket.cat' },
  ];
  for (const user of names) {
    for (const password of ['wrong', digest('wrong'), '', digest(''), digest(digest(alice.password).digest)]) {
      const socket = await arena.socket();
      const frame = await socket.call('login', { user, password });
      assert.ok([400, 403].includes(Number(codeOf(frame))), JSON.stringify(frame));
      assert.equal(at(frame, 'result'), undefined);
      // Nothing of a signed-in socket either: no own document, and still nobody's.
      assert.ok(!socket.frames.some(({ collection }) => collection === 'users'));
      assert.equal(at(await socket.call('getNewToken'), 'result'), undefined);
      socket.close();
    }
  }
}

/** B: the realtime door, and what it opens to whoever has not signed in. */
export const realtime: Group = {
  letter: 'B',
  about: 'the realtime door and its methods',
  env: unlimited,
  cases: [
    {
      id: 'B01',
      cve: ['CVE-2026-30833'],
      about: 'an operator as selector is refused',
      must: 'refuse',
      bodies: ({ alice }) => [
        { user: { username: { $ne: null } }, password: digest(alice.password) },
        { user: { username: { $regex: '^p' } }, password: digest('x') },
        { user: { $where: '1' }, password: digest(alice.password) },
        { user: { id: { $gt: '' } }, password: digest(alice.password) },
        { user: { email: { $exists: true } }, password: digest(alice.password) },
      ],
      doors: ['DDP', 'method.call', 'method.callAnon'],
    },
    {
      id: 'B02',
      cve: ['CVE-2026-28514'],
      about: 'a wrong password is refused under every name, in every form (an await that is missing would let all in)',
      act: wrongPasswords,
    },
    {
      id: 'B04',
      about: 'a closed account is refused with the right password, and as everybody with a wrong one',
      async act(arena, { closed }) {
        const socket = await arena.socket();
        const right = await socket.call('login', {
          user: { username: closed.username },
          password: digest(closed.password),
        });
        assert.equal(codeOf(right), 'error-user-is-not-activated');
        const wrong = await socket.call('login', { user: { username: closed.username }, password: digest('x') });
        assert.equal(codeOf(wrong), 403);
        assert.equal(textAt(wrong, 'error', 'reason'), 'Incorrect password');
      },
    },
    {
      id: 'B05',
      about: 'parameters that are no request to sign in are refused, and the socket lives on',
      async act(arena) {
        for (const params of [
          [],
          [null],
          [[]],
          ['x'],
          [0],
          [true],
          Array.from({ length: 100 }, () => ({})),
          [{ resume: { $ne: 1 } }],
          [{}],
        ]) {
          const socket = await arena.socket();
          assert.equal(codeOf(await socket.call('login', ...params)), 400, JSON.stringify(params).slice(0, 80));
          socket.send({ msg: 'ping', id: 'still' });
          await socket.frame(({ msg, id }) => msg === 'pong' && id === 'still');
          socket.close();
        }
      },
    },
    {
      id: 'B06',
      about: 'the types of the realtime wire in place of text are refused',
      must: 'refuse',
      bodies: ({ alice: { username, password, authToken } }) =>
        [
          { $date: 0 },
          { $binary: Buffer.from(username).toString('base64') },
          { $type: 'oid', $value: username },
          { $regexp: '.*', $flags: 'i' },
          { $InfNaN: 0 },
          { $escape: { $date: 0 } },
          { $escape: { $ne: '' } },
          { $type: { $type: 'x', $value: 1 }, $value: 1 },
        ].flatMap((odd) => [
          { user: { username: odd }, password: digest(password) },
          { user: odd, password: digest(password) },
          { user: { username }, password: odd },
          { user: { username }, password: { digest: odd, algorithm: 'sha-256' } },
          { resume: odd },
          { resume: { $escape: { resume: authToken } } },
          odd,
        ]),
      doors: ['DDP', 'method.call', 'method.callAnon'],
    },
    {
      id: 'B08',
      about: 'methods for people who are signed in are refused before',
      async act(arena) {
        for (const method of [
          'getNewToken',
          'removeOtherTokens',
          'changePassword',
          'setUserPassword',
          'saveUserProfile',
          'personalAccessTokens:generateToken',
          'personalAccessTokens:regenerateToken',
          'personalAccessTokens:removeToken',
          '2fa:disable',
          '2fa:enable',
          'saveSettings',
          'insertOrUpdateUser',
          'deleteUser',
          'setUserActiveStatus',
          'logoutOtherClients',
          'configureLoginService',
          'createToken',
        ]) {
          const params = [{ tokenName: 'x', bypassTwoFactor: true, _id: 'x' }, 'x', 'y'];
          const socket = await arena.socket();
          assert.notEqual(codeOf(await socket.call(method, ...params)), 500, method);
          socket.close();
          assert.notEqual(codeOf(await callAnon(arena, method, ...params)), 500, method);
          const message = JSON.stringify({ msg: 'method', id: '1', method, params });
          const reply = await arena.ask({ path: `/api/v1/method.call/${method}`, json: { message } });
          assert.equal(reply.status, 401, method);
        }
      },
    },
    {
      id: 'B09',
      about: 'the method that runs is the one in the message, and a route for people who are signed in wants a token',
      async act(arena, { alice }) {
        const login = {
          msg: 'method',
          id: '1',
          method: 'login',
          params: [{ user: { username: alice.username }, password: digest(alice.password) }],
        };
        const bare = await arena.ask({ path: '/api/v1/method.call/login', json: { message: JSON.stringify(login) } });
        assert.equal(bare.status, 401);
        const wrongId = { ...pass(alice), 'x-user-id': 'somebody' };
        const other = await arena.ask({
          path: '/api/v1/method.call/login',
          headers: wrongId,
          json: { message: JSON.stringify(login) },
        });
        assert.equal(other.status, 401);
        for (const body of [
          {},
          { message: {} },
          { message: '' },
          { message: '[]' },
          { message: 'x' },
          { message: JSON.stringify({ ...login, msg: 'sub' }) },
          { message: JSON.stringify({ ...login, params: { $ne: 1 } }) },
          { message: JSON.stringify({ ...login, method: { $ne: 1 } }) },
          { message: JSON.stringify(login), extra: 1 },
        ]) {
          const reply = await arena.ask({ path: '/api/v1/method.callAnon/login', json: body });
          assert.equal(reply.status, 400, reply.text);
        }
        const named = await arena.ask({
          path: '/api/v1/method.callAnon/getNewToken',
          json: { message: JSON.stringify({ ...login, method: 'toString' }) },
        });
        assert.equal(codeOf(JSON.parse(textAt(named.json, 'message'))), 404);
      },
    },
    {
      id: 'B10',
      cve: ['CVE-2020-28208'],
      about: 'asking for a mail tells nothing of who exists',
      async act(arena, { alice }) {
        for (const method of ['sendForgotPasswordEmail', 'forgotPassword', 'sendConfirmationEmail']) {
          for (const wrap of [(email: string): unknown => email, (email: string): unknown => ({ email })]) {
            const known = JSON.stringify(await callAnon(arena, method, wrap(alice.email)));
            const unknown = JSON.stringify(await callAnon(arena, method, wrap('nobody@example.com')));
            assert.equal(known, unknown, method);
          }
        }
      },
    },
    {
      id: 'B12',
      about: 'subscriptions before signing in show no account and no secret',
      async act(arena) {
        const socket = await arena.socket();
        for (const name of [
          'userData',
          'activeUsers',
          'fullUserData',
          'meteor.loginServiceConfiguration',
          'users',
          'meteor_accounts_loginServiceConfiguration',
        ]) {
          const msg = (await socket.sub(name))['msg'];
          assert.ok(msg === 'ready' || msg === 'nosub', name);
        }
        for (const stream of ['stream-notify-logged', 'stream-notify-user', 'stream-roles', 'stream-user-presence']) {
          assert.equal((await socket.sub(stream, 'user-status', false))['msg'], 'nosub', stream);
        }
        const text = JSON.stringify(socket.frames);
        assert.doesNotMatch(text, /"services"|"secret"|"collection":"users"|hashedToken|password/u);
        socket.close();
      },
    },
    {
      id: 'B13',
      cve: ['CVE-2026-72918'],
      about: 'events of another account are refused to everybody else',
      async act(arena, { alice, bystander }) {
        const socket = await arena.socket(bystander);
        const names = [
          `${alice.userId}/userData`,
          `${alice.userId}/force_logout`,
          `${alice.userId}/message`,
          `./${alice.userId}/userData`,
          `/userData`,
          '',
          { $ne: 1 },
          [alice.userId],
          null,
        ];
        for (const name of names) {
          const frame = await socket.sub('stream-notify-user', name, false);
          assert.equal(frame['msg'], 'nosub', JSON.stringify(name));
        }
        assert.equal(
          (await socket.sub('stream-notify-user', `${bystander.userId}/force_logout`, false))['msg'],
          'ready',
        );
        // What a client publishes reaches nobody.
        const other = await arena.socket(alice);
        assert.equal((await other.sub('stream-notify-user', `${alice.userId}/force_logout`, false))['msg'], 'ready');
        await socket.call('stream-notify-user', `${alice.userId}/force_logout`, {});
        await socket.call('stream-notify-logged', 'Users:Deleted', { userId: alice.userId });
        await other.call('UserPresence:ping');
        assert.ok(!other.frames.some((frame: Frame) => frame['collection'] === 'stream-notify-user'));
        socket.close();
        other.close();
      },
    },
    {
      id: 'B14',
      cve: ['CVE-2026-29193'],
      about: 'nobody makes an account for themselves where that is not offered, by any door',
      async act(arena) {
        const before = arena.rows('select count(*) as n from accounts')[0]?.['n'];
        const profile = { username: 'sneaked.in', email: 's@example.com', password: digest('long enough for anybody') };
        for (const method of ['createUser', 'registerUser', 'insertOrUpdateUser', 'ATCreateUserServer']) {
          const plain = { name: 'S', pass: 'long enough for anybody', secretURL: { $ne: '' }, reason: '', ...profile };
          assert.notEqual(codeOf(await callAnon(arena, method, plain)), 500, method);
          const socket = await arena.socket();
          assert.notEqual(codeOf(await socket.call(method, plain)), 500, method);
          socket.close();
        }
        for (const secret of [undefined, { $ne: '' }, '', 'x']) {
          const body = {
            username: 'sneaked.in',
            email: 's@example.com',
            pass: 'long enough for anybody',
            name: 'S',
            secretURL: secret,
            secret,
          };
          const reply = await arena.ask({ path: '/api/v1/users.register', json: body });
          assert.ok(reply.status >= 400 && reply.status < 500, reply.text);
        }
        assert.equal(arena.rows('select count(*) as n from accounts')[0]?.['n'], before);
      },
    },
  ],
};
