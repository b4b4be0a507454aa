import assert from 'node:assert/strict';
import { type Arena, type Person, unlimited } from '../arena.ts';
import { digest } from '../doors.ts';
import type { Group } from '../group.ts';
import { mustBeShutOut } from '../shut-out.ts';
import { mustTellNothing } from '../verdict.ts';
import { ask, at, pass, textAt } from '../wire.ts';

const notMet = 'error-password-policy-not-met';
const required = 'error-password-change-required';

/** Tries to give somebody another password. @returns the code of the refusal, and everything that was said */
type Try = (
  arena: Arena,
  person: Person,
  fresh: unknown,
) => Promise<{ readonly error: unknown; readonly text: string }>;

const byRest: Try = async (arena, person, fresh) => {
  const data = { currentPassword: digest(person.password).digest, newPassword: fresh };
  const reply = await arena.ask({
    path: '/api/v1/users.updateOwnBasicInfo',
    headers: pass(person),
    json: { data },
  });
  return { error: at(reply.json, 'errorType'), text: reply.text };
};

const bySocket: Try = async (arena, person, fresh) => {
  const socket = await arena.socket(person);
  const frame = await socket.call('changePassword', digest(person.password), fresh);
  socket.close();
  return { error: at(frame, 'error', 'error'), text: JSON.stringify(frame) };
};

const byMethodCall: Try = async (arena, person, fresh) => {
  const params = [digest(person.password), fresh];
  const message = JSON.stringify({ msg: 'method', id: '1', method: 'changePassword', params });
  const reply = await arena.ask({
    path: '/api/v1/method.call/changePassword',
    headers: pass(person),
    json: { message },
  });
  const inner: unknown = JSON.parse(textAt(reply.json, 'message'));
  return { error: at(inner, 'error', 'error'), text: reply.text };
};

const byAdministrator: Try = async (arena, person, fresh) => {
  const headers = { ...pass(arena.admin), 'x-2fa-code': digest(arena.server.administrator.password).digest };
  const json = { userId: person.userId, data: { password: fresh } };
  const reply = await arena.ask({
    path: '/api/v1/users.update',
    headers: { ...headers, 'x-2fa-method': 'password' },
    json,
  });
  return { error: at(reply.json, 'errorType'), text: reply.text };
};

const plainDoors: Readonly<Record<string, Try>> = { byRest, bySocket, byMethodCall, byAdministrator };

async function opens(arena: Arena, { username }: Person, password: string): Promise<boolean> {
  const [rest, socket] = [
    await arena.signIn('REST JSON', username, password),
    await arena.signIn('DDP', username, password),
  ];
  assert.equal(rest.opened === undefined, socket.opened === undefined, 'both doors agree');
  return rest.opened !== undefined;
}

/** I10, I12, S02: what a password may be, and who must choose another one. */
export const passwords: Group = {
  letter: 'I',
  about: 'choosing a password',
  env: unlimited,
  cases: [
    {
      id: 'I10',
      about: 'a password that breaks a rule is refused at every door, and the one before stays',
      async act(arena) {
        const person = await arena.person();
        const { username, email } = person;
        const refused: readonly unknown[] = [
          'aB3-xyz',
          'a'.repeat(14),
          `${'aB3-'.repeat(3)}aaaaB`,
          'correct-horse-7',
          'CORRECT-HORSE-7',
          'Correct-Horse-x',
          'Correct Horse 77',
          username,
          email,
          `${username}2026!`,
          'password',
          'iloveyou',
          '',
          '        ',
          `aB3-${'xy'.repeat(520)}`,
          `aB3-${'\u{1f600}\u{1f601}'.repeat(600)}`,
        ];
        for (const [door, attempt] of Object.entries(plainDoors)) {
          for (const fresh of refused) {
            // An empty text changes nothing there (rest.md §11.4).
            if (fresh === '' && door === 'byRest') continue;
            const { error, text } = await attempt(arena, person, fresh);
            const isMissing = fresh === '' && door === 'byAdministrator';
            assert.ok(error === notMet || isMissing, `${door} ${JSON.stringify(fresh).slice(0, 60)}: ${text}`);
            mustTellNothing(text);
          }
        }
        for (const attempt of [bySocket, byMethodCall]) {
          for (const word of ['password', 'Iloveyou', 'QWERTYUIOP', username, '', ' ']) {
            const { error, text } = await attempt(arena, person, digest(word));
            assert.equal(error, notMet, `the digest of ${word}: ${text}`);
          }
          const { error } = await attempt(arena, person, digest(person.password));
          assert.equal(error, 'error-password-same-as-current');
        }
        assert.equal(await opens(arena, person, person.password), true);
      },
    },
    {
      id: 'I10b',
      about:
        'long ones, NUL, emoji and accents are taken as they are: nothing is cut off, and both forms of an accent match',
      async act(arena) {
        const person = await arena.person();
        let { password } = person;
        const long = (length: number): string => `aB3-${'xyz'.repeat(400)}`.slice(0, length);
        const accent = 'Caf\u00e9-Horse-77-Battery';
        for (const [door, attempt] of Object.entries({ byRest, bySocket, byMethodCall })) {
          const cases = [
            [long(65), long(64)],
            [long(72), long(71)],
            [long(73), long(72)],
            [`${long(73)}a`, `${long(73)}b`],
            [long(200), long(199)],
            [`${long(1_023)}a`, `${long(1_023)}b`],
            ['Correct\u0000Horse-77', 'Correct\u0000Horse-78'],
            ['Correct-\u{1f40e}\u{1f50b}-77-Staple', 'Correct-\u{1f40e}\u{1f40e}-77-Staple'],
            [accent, 'Cafe-Horse-77-Battery'],
          ] as const;
          for (const [fresh, near] of cases) {
            const shown = await arena.signIn('REST JSON', person.username, password);
            assert.ok(shown.opened, `${door} ${JSON.stringify(password).slice(0, 80)}`);
            const { error, text } = await attempt(arena, { ...person, ...shown.opened, password }, fresh);
            assert.equal(error, undefined, text);
            password = fresh;
            assert.equal(await opens(arena, person, near), false, `${door}: all of it counts`);
          }
          assert.equal(await opens(arena, person, accent), true);
          const decomposed = await arena.signIn('REST JSON', person.username, accent.normalize('NFD'));
          assert.ok(decomposed.opened, 'the same letters, decomposed');
        }
      },
    },
    {
      id: 'I10c',
      about: 'an object, a list, a number or ten megabytes in the place of a password change nothing',
      async act(arena) {
        const person = await arena.person();
        const hostile: readonly unknown[] = [
          { $ne: '' },
          ['Correct-Horse-77'],
          77,
          true,
          { digest: { $gt: '' }, algorithm: 'sha-256' },
          { digest: digest('x').digest, algorithm: 'md5' },
          { digest: digest('x').digest.toUpperCase(), algorithm: 'sha-256' },
        ];
        for (const [door, attempt] of Object.entries({ byRest, byMethodCall, byAdministrator })) {
          for (const fresh of hostile) {
            const { error, text } = await attempt(arena, person, fresh);
            assert.notEqual(error, undefined, `${door} ${JSON.stringify(fresh)}: ${text}`);
            mustTellNothing(text);
          }
        }
        const data = { newPassword: 'aB3-'.repeat(2_500_000) };
        const path = '/api/v1/users.updateOwnBasicInfo';
        const reply = await arena.ask({ path, headers: pass(person), json: { data } }).catch(() => undefined);
        assert.ok(reply === undefined || reply.status === 413, reply?.text);
        assert.equal(await opens(arena, person, person.password), true);
      },
    },
    {
      id: 'I12',
      about: 'whoever must change the password can do that, and nothing else, at every door (RC#2659)',
      async act(arena) {
        const person = await arena.person({ requirePasswordChange: true });
        const socket = await arena.socket(person);
        await mustBeShutOut(arena, person, socket, { openTo: 'passwordChange', refused: required });
        const [again] = await arena.knock('DDP', { resume: person.authToken });
        assert.ok(again?.opened, 'the token signs in at other doors, and is no better there');
        const other = await arena.ask({ path: '/api/v1/users.list', headers: pass(again.opened) });
        assert.equal(at(other.json, 'errorType'), required);
        const done = await socket.call('setUserPassword', 'Another-Horse-77');
        assert.equal(at(done, 'error'), undefined, JSON.stringify(done));
        const list = await arena.ask({ path: '/api/v1/users.presence', headers: pass(person) });
        assert.equal(list.status, 200, `open at once: ${list.text}`);
        assert.equal(await opens(arena, person, person.password), false);
        assert.equal(await opens(arena, person, 'Another-Horse-77'), true);
        await arena.untilMailed();
        assert.equal(arena.mailsTo(person.email, 'Your password was changed').length, 1);
        socket.close();
      },
    },
    {
      id: 'S02b',
      about:
        'a forced change races sign-ins with the temporary password and a second change: one wins, nothing old lives',
      async act(arena) {
        for (let round = 0; round < 4; round += 1) {
          const person = await arena.person({ requirePasswordChange: true });
          const sockets = await Promise.all([1, 2].map(async () => await arena.socket(person)));
          const login = { path: '/api/v1/login', json: { user: person.username, password: person.password } };
          const signIns = Array.from({ length: 4 }, async () => (await ask(arena.server, login)).json);
          const frames = await Promise.all(
            sockets.map(async (socket, index) => await socket.call('setUserPassword', `Another-Horse-7${index}`)),
          );
          const winners = frames.flatMap((frame, index) => (at(frame, 'error') === undefined ? [index] : []));
          assert.equal(winners.length, 1, JSON.stringify(frames));
          for (const json of await Promise.all(signIns)) {
            const authToken = at(json, 'data', 'authToken');
            if (typeof authToken !== 'string') continue;
            assert.equal(await arena.holds({ userId: person.userId, authToken }), false);
          }
          assert.equal(await opens(arena, person, person.password), false);
          assert.equal(await opens(arena, person, `Another-Horse-7${winners[0] ?? ''}`), true);
          for (const socket of sockets) socket.close();
        }
      },
    },
  ],
};
