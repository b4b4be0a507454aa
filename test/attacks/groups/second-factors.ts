import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOfSecret, type OwnApp, setUpApp } from '../app-owner.ts';
import { type Arena, counted, type Guest, type Person, unlimited } from '../arena.ts';
import { type Door, digest, doors, type Outcome } from '../doors.ts';
import type { Cast, Group } from '../group.ts';
import { callWithoutCode, gatedWays } from '../half-a-proof.ts';
import { mustBeSame, mustRefuse, mustTellNothing } from '../verdict.ts';
import { at, pass, type Reply, textAt } from '../wire.ts';
import { gatedCall, remembers, trusted } from './factors.ts';
import { requiredFactor } from './required-factors.ts';

export const asksEachTime = { OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '0' };

interface Owner extends Person {
  readonly app: OwnApp;
}

/** Somebody new with an authenticator app. */
async function appOwner(arena: Arena): Promise<Owner> {
  const person = await arena.person();
  return { ...person, app: await setUpApp(async (what) => await arena.ask(what), person) };
}

/** Knocks with name, password and a code, in every form that the door knows for it. */
async function knockWith(
  arena: Arena,
  door: Door,
  { username, password }: Person,
  code: unknown,
  guest: Guest,
): Promise<readonly Outcome[]> {
  return await arena.knock(door, { user: username, password, ...(code === undefined ? {} : { code }) }, guest);
}

/** Whether one of the forms opened a session; a form that the door does not know must be refused. */
export function hasOpened(outcomes: readonly Outcome[]): boolean {
  for (const outcome of outcomes) {
    if (outcome.opened === undefined) mustTellNothing(outcome.text);
  }
  return outcomes.some(({ opened }) => opened !== undefined);
}

export async function comesIn(arena: Arena, door: Door, owner: Person, code: unknown, guest: Guest): Promise<boolean> {
  return hasOpened(await knockWith(arena, door, owner, code, guest));
}

export function post(arena: Arena, path: string, of: Person, json: unknown): Promise<Reply> {
  return arena.ask({ path: `/api/v1/${path}`, headers: pass(of), json });
}

/** One that is not right now, and was not and will not be soon. */
function wrongCode({ code }: OwnApp): string {
  const near = new Set([-2, -1, 0, 1, 2].map((away) => code(away)));
  return ['000000', '123456', '654321', '111111', '222222', '333333'].find((one) => !near.has(one)) ?? '444444';
}

/** E: an authenticator app of one's own, at every door. */
export const ownApps: Group = {
  letter: 'E',
  about: 'second factors: an authenticator app and backup codes',
  env: { ...unlimited, ...asksEachTime },
  cases: [
    {
      id: 'E01',
      about: 'a code that opened one door opens no door again, nor a gated call, nor a change of the factor',
      async act(arena, { bystander }) {
        for (const first of doors) {
          const owner = await appOwner(arena);
          const code = owner.app.code();
          assert.ok(await comesIn(arena, first, owner, code, { bystander }), `${first} opens to a right code`);
          for (const door of doors) {
            assert.equal(await comesIn(arena, door, owner, code, { bystander }), false, `${first}, then ${door}`);
          }
          const gated = await gatedCall(arena, owner, { headers: { 'x-2fa-code': code } });
          assert.equal(at(gated.json, 'errorType'), 'totp-invalid', gated.text);
          for (const path of ['users.disableTotp', 'users.regenerateTotpCodes', 'users.validateTotp']) {
            assert.equal((await post(arena, path, owner, { code })).status, 400, path);
          }
          assert.equal(
            await comesIn(arena, first, owner, codeOfSecret(owner.app.secret, -1), { bystander }),
            false,
            'E04',
          );
        }
      },
    },
    {
      id: 'E02',
      about: 'the right password alone opens no door, and a session without a code no gated call',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        for (const door of doors) {
          for (const code of [undefined, '', null]) {
            for (const outcome of await knockWith(arena, door, owner, code, { bystander })) {
              mustRefuseLogIn(outcome);
            }
          }
        }
        for (const way of gatedWays) {
          const { done, text } = await callWithoutCode(arena.server, way, owner, `by ${way}`);
          assert.equal(done, false, way);
          assert.match(text, /totp-required/u, way);
        }
      },
    },
    {
      id: 'E03',
      about: 'codes that are early or late open no door',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        for (const door of doors) {
          for (const away of [-2880, -20, -3, -2, 3, 20, 2880]) {
            assert.equal(await comesIn(arena, door, owner, owner.app.code(away), { bystander }), false, `${away}`);
          }
        }
        assert.ok(await comesIn(arena, 'DDP', owner, owner.app.code(), { bystander }), 'and block nothing');
      },
    },
    {
      id: 'E06',
      about: 'eight at once with one code, by every door and the gate: one winner',
      async act(arena, { bystander }) {
        for (let round = 0; round < 3; round += 1) {
          const owner = await appOwner(arena);
          const code = owner.app.code();
          const won = await Promise.all([
            ...doors.map(async (door) => await comesIn(arena, door, owner, code, { bystander })),
            ...[1, 2, 3].map(async () => {
              const { status } = await gatedCall(arena, owner, { headers: { 'x-2fa-code': code } });
              return status === 200;
            }),
          ]);
          assert.equal(won.filter(Boolean).length, 1, won.join(' '));
        }
      },
    },
    {
      id: 'E07',
      about: 'a right code as a number, an object, a list, padded, cut or in other digits is none, and is not used up',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        const right = owner.app.code(1);
        const odd: readonly unknown[] = [
          Number(right),
          [right],
          [[right]],
          { $eq: right },
          { $gt: '' },
          { $in: [right] },
          { code: right },
          true,
          ` ${right}`,
          `${right} `,
          `${right}\n`,
          `${right}\0`,
          `${right.slice(0, 3)} ${right.slice(3)}`,
          `${right.slice(0, 3)}-${right.slice(3)}`,
          right.slice(1),
          right.slice(0, -1),
          `0${right}`,
          `00${right}`,
          `+${right}`,
          `-${right}`,
          `${right}.0`,
          right.replaceAll(/./gu, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
          right.replaceAll(/./gu, (digit) => String.fromCodePoint(0x0660 + Number(digit))),
          right.repeat(1000),
          `"${right}"`,
          'null',
          '__proto__',
        ];
        for (const door of doors) {
          for (const code of odd) {
            // A form has text alone: what is a number in JSON is there the code itself.
            if (door === 'REST form' && (typeof code === 'number' || Array.isArray(code))) continue;
            const opened = await comesIn(arena, door, owner, code, { bystander });
            assert.equal(opened, false, `${door}: ${JSON.stringify(code)}`);
          }
        }
        for (const code of odd) {
          if (typeof code === 'string') continue;
          for (const path of ['users.disableTotp', 'users.regenerateTotpCodes', 'users.validateTotp']) {
            assert.equal((await post(arena, path, owner, { code })).status, 400, `${path} ${JSON.stringify(code)}`);
          }
        }
        assert.ok(await comesIn(arena, 'REST JSON', owner, owner.app.code(), { bystander }));
      },
    },
    {
      id: 'E07b',
      about: 'a code in odd headers or trailing parameters lets nobody through the gate',
      async act(arena) {
        const owner = await appOwner(arena);
        const right = owner.app.code();
        for (const headers of [
          { 'x-2fa-code': `${right}, ${right}` },
          { 'x-2fa-code': `"${right}"` },
          { 'x-2fa-codes': right },
          { '2fa-code': right },
          { 'x-2fa-code': 'x', 'x-2fa-method': right },
        ]) {
          const reply = await gatedCall(arena, owner, { headers: headers as Record<string, string> });
          assert.equal(reply.status, 400, JSON.stringify(headers));
        }
        const socket = await arena.socket(owner);
        for (const last of [
          { twoFactorCode: Number(right), twoFactorMethod: 'totp' },
          { twoFactorCode: [right], twoFactorMethod: 'totp' },
          { twoFactorCode: { $eq: right }, twoFactorMethod: 'totp' },
          { twoFactorCode: right, twoFactorMethod: ['totp'] },
          { twoFactorCode: right },
          { code: right, method: 'totp' },
          [right, 'totp'],
          right,
        ]) {
          const frame = await socket.call('personalAccessTokens:generateToken', { tokenName: 'odd' }, last);
          assert.equal(at(frame, 'result'), undefined, JSON.stringify(frame));
        }
        const good = { twoFactorCode: right, twoFactorMethod: 'totp' };
        const frame = await socket.call('personalAccessTokens:generateToken', { tokenName: 'good' }, good);
        assert.equal(typeof at(frame, 'result'), 'string', JSON.stringify(frame));
        socket.close();
      },
    },
    {
      id: 'E08',
      about: 'a backup code opens one door once; of eight at once one wins; another’s opens nothing (E09)',
      async act(arena, { bystander }) {
        const [owner, other] = [await appOwner(arena), await appOwner(arena)];
        for (const [index, first] of doors.entries()) {
          const code = owner.app.backupCodes[index] ?? '';
          for (const door of doors) {
            assert.equal(await comesIn(arena, door, other, code, { bystander }), false, 'another’s code');
          }
          for (const odd of [code.slice(1), `${code} `, ` ${code}`, [code], { $eq: code }]) {
            if (first === 'REST form' && Array.isArray(odd)) continue;
            assert.equal(await comesIn(arena, first, owner, odd, { bystander }), false, JSON.stringify(odd));
          }
          assert.ok(await comesIn(arena, first, owner, code, { bystander }), first);
          for (const door of doors) {
            assert.equal(await comesIn(arena, door, owner, code, { bystander }), false, `${first}, then ${door}`);
          }
        }
        const code = owner.app.backupCodes[8] ?? '';
        const won = await Promise.all(
          [...doors, ...doors.slice(0, 3)].map(async (door) => await comesIn(arena, door, owner, code, { bystander })),
        );
        assert.equal(won.filter(Boolean).length, 1, won.join(' '));
        const left = await arena.ask({ path: '/api/v1/users.totpCodesRemaining', headers: pass(owner) });
        assert.equal(at(left.json, 'remaining'), 12 - doors.length - 1, left.text);
      },
    },
    {
      id: 'E11',
      about: 'new backup codes kill the old ones, need a code themselves, and one that was used makes none',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        const [first = '', second = ''] = owner.app.backupCodes;
        for (const code of ['', wrongCode(owner.app), digest(owner.password).digest]) {
          assert.equal((await post(arena, 'users.regenerateTotpCodes', owner, { code })).status, 400);
        }
        const renewed = await post(arena, 'users.regenerateTotpCodes', owner, { code: first });
        assert.equal(renewed.status, 200, renewed.text);
        assert.equal((await post(arena, 'users.regenerateTotpCodes', owner, { code: first })).status, 400);
        assert.equal(await comesIn(arena, 'REST JSON', owner, second, { bystander }), false);
        assert.ok(await comesIn(arena, 'REST JSON', owner, textAt(renewed.json, 'codes', 0), { bystander }));
      },
    },
    {
      id: 'E17b',
      about: 'with an app the password is no factor, whatever method a client names, at any door and gate (E19)',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        const password = digest(owner.password).digest;
        for (const method of ['password', 'email', 'none', 'totp', '__proto__', 'constructor']) {
          const headers = { 'x-2fa-code': password, 'x-2fa-method': method };
          for (const door of ['REST JSON', 'REST form'] as const) {
            const outcomes = await arena.knock(door, { user: owner.username, password: owner.password }, { headers });
            assert.equal(hasOpened(outcomes), false, method);
          }
          const login = { user: { username: owner.username }, password: digest(owner.password) };
          for (const door of ['REST JSON', 'DDP', 'method.call', 'method.callAnon'] as const) {
            const body = { totp: { code: password, method, login } };
            assert.equal(hasOpened(await arena.knock(door, body, { bystander })), false, `${door} ${method}`);
          }
          const gated = await gatedCall(arena, owner, { headers });
          assert.equal(at(gated.json, 'errorType'), 'totp-invalid', gated.text);
          assert.equal(at(gated.json, 'details', 'method'), 'totp');
        }
      },
    },
    {
      id: 'E18',
      about: 'a wrong password with a right code is an ordinary failure, which uses no code and tells of no app (C03)',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        const code = owner.app.code();
        for (const door of doors) {
          const without = await arena.signIn(door, 'nobody.at.all', 'wrong', { bystander });
          for (const given of [code, wrongCode(owner.app), owner.app.backupCodes[0], undefined]) {
            const outcomes = await knockWith(arena, door, { ...owner, password: 'wrong' }, given, { bystander });
            for (const outcome of outcomes) {
              mustRefuse(outcome);
              assert.doesNotMatch(outcome.text, /totp/iu);
              if (door.startsWith('REST')) mustBeSame(outcome, without);
            }
          }
        }
        assert.ok(await comesIn(arena, 'REST JSON', owner, code, { bystander }));
      },
    },
    {
      id: 'E23',
      about: 'an app is confirmed by a code of the secret that waits, from the session that began, and once',
      async act(arena) {
        const person = await arena.person();
        const other = await appOwner(arena);
        const second = await arena.signIn('REST JSON', person.username, person.password);
        assert.ok(second.opened);
        const headers = { 'x-2fa-code': digest(person.password).digest };
        const begin = async (of: { userId: string; authToken: string }): Promise<string> => {
          const begun = await arena.ask({
            path: '/api/v1/users.enableTotp',
            headers: { ...pass(of), ...headers },
            json: {},
          });
          return textAt(begun.json, 'secret');
        };
        const confirm = async (of: { userId: string; authToken: string }, code: unknown): Promise<number> =>
          (
            await arena.ask({
              path: '/api/v1/users.validateTotp',
              headers: { ...pass(of), ...headers },
              json: { code },
            })
          ).status;
        const stale = await begin(person);
        const secret = await begin(person);
        const right = codeOfSecret(secret, 0);
        for (const code of [
          codeOfSecret(stale, 0),
          other.app.code(),
          other.app.backupCodes[0],
          '',
          '000000x',
          Number(right),
          [right],
          { $eq: right },
          null,
          undefined,
        ]) {
          assert.equal(await confirm(person, code), 400, JSON.stringify(code));
        }
        assert.equal(await confirm(second.opened, right), 400, 'another session');
        assert.equal(await confirm(other, right), 400, 'another account');
        assert.ok((await arena.signIn('DDP', person.username, person.password)).opened, 'what waits asks nobody');
        assert.equal(await confirm(person, right), 200);
        assert.equal(await arena.holds(second.opened), false, 'E25: other sessions end');
        assert.equal(await confirm(person, codeOfSecret(secret, 1)), 400);
      },
    },
    {
      id: 'E24',
      about: 'an app is taken away against a fresh code alone',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        const other = await appOwner(arena);
        const [first = ''] = owner.app.backupCodes;
        assert.ok(await comesIn(arena, 'REST JSON', owner, first, { bystander }));
        for (const code of [first, wrongCode(owner.app), other.app.code(), other.app.backupCodes[0], '', null]) {
          assert.equal((await post(arena, 'users.disableTotp', owner, { code })).status, 400, JSON.stringify(code));
        }
        for (const json of [{}, { code: digest(owner.password).digest }, [], { codes: [owner.app.code()] }]) {
          assert.equal((await post(arena, 'users.disableTotp', owner, json)).status, 400, JSON.stringify(json));
        }
        assert.equal((await post(arena, 'users.enableTotp', owner, {})).status, 400, 'nor is it begun anew');
        assert.equal((await arena.signIn('DDP', owner.username, owner.password)).error, 'totp-required');
        const code = owner.app.code();
        const removed = await Promise.all(
          [1, 2, 3, 4].map(async () => (await post(arena, 'users.disableTotp', owner, { code })).status),
        );
        assert.equal(removed.filter((status) => status === 200).length, 1, removed.join(' '));
      },
    },
    {
      id: 'E24b',
      about:
        'the methods of realtime clients change nothing without a right code either, at the socket and method.call',
      async act(arena) {
        const owner = await appOwner(arena);
        const other = await appOwner(arena);
        const right = owner.app.code();
        const socket = await arena.socket(owner);
        const call = async (way: string, method: string, params: readonly unknown[]): Promise<unknown> => {
          if (way === 'socket') return await socket.call(method, ...params);
          const message = JSON.stringify({ msg: 'method', id: '1', method, params });
          const path = `/api/v1/${way}/${encodeURIComponent(method)}`;
          const reply = await arena.ask({ path, headers: pass(owner), json: { message } });
          const inner = at(reply.json, 'message');
          return typeof inner === 'string' ? JSON.parse(inner) : reply.json;
        };
        const odd = [wrongCode(owner.app), other.app.code(), other.app.backupCodes[0], digest(owner.password).digest];
        const untyped = [Number(right), [right], { $eq: right }, null, true];
        for (const way of ['socket', 'method.call', 'method.callAnon']) {
          for (const code of [...odd, ...untyped]) {
            const removed = await call(way, '2fa:disable', [code]);
            assert.notEqual(at(removed, 'result'), true, `${way} ${JSON.stringify(code)}`);
            const renewed = await call(way, '2fa:regenerateCodes', [code]);
            assert.equal(at(renewed, 'result', 'codes'), undefined, `${way} ${JSON.stringify(code)}`);
            const confirmed = await call(way, '2fa:validateTempToken', [code]);
            assert.equal(at(confirmed, 'result'), undefined, `${way} ${JSON.stringify(code)}`);
          }
          assert.equal(at(await call(way, '2fa:enable', []), 'result'), undefined, way);
        }
        assert.equal((await arena.signIn('DDP', owner.username, owner.password)).error, 'totp-required');
        assert.equal(at(await call('socket', '2fa:disable', [right]), 'result'), true);
        assert.notEqual(at(await call('method.call', '2fa:disable', [right]), 'result'), true);
        socket.close();
      },
    },
    {
      id: 'E25',
      cve: ['CVE-2023-28316'],
      about: 'an app that is turned on ends every other session and its sockets at once; personal tokens stay',
      async act(arena) {
        const person = await arena.person();
        const other = await arena.signIn('REST JSON', person.username, person.password);
        assert.ok(other.opened);
        const personal = await arena.personal(person, 'stays');
        const socket = await arena.socket(other.opened);
        await setUpApp(async (what) => await arena.ask(what), person);
        assert.equal(await arena.holds(other.opened), false);
        assert.ok(await socket.closedWithin(2000), 'the socket of the other session is closed');
        assert.equal(await arena.holds(person), true);
        assert.equal(await arena.holds(personal), true);
        const gated = await gatedCall(arena, personal);
        assert.equal(at(gated.json, 'details', 'method'), 'totp', gated.text);
      },
    },
    {
      id: 'E26',
      about: 'an app that goes while somebody is asked for its code leaves nothing that its codes open',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        const socket = await arena.socket(owner);
        const asked = await socket.call('personalAccessTokens:generateToken', { tokenName: 'open' });
        assert.equal(at(asked, 'error', 'error'), 'totp-required');
        const next = owner.app.code(1);
        const removed = await post(arena, 'users.disableTotp', owner, { code: owner.app.code() });
        assert.equal(removed.status, 200, removed.text);
        const last = { twoFactorCode: next, twoFactorMethod: 'totp' };
        const answered = await socket.call('personalAccessTokens:generateToken', { tokenName: 'open' }, last);
        assert.equal(at(answered, 'error', 'error'), 'totp-invalid', JSON.stringify(answered));
        assert.equal(at(answered, 'error', 'details', 'method'), 'password');
        const backup = await gatedCall(arena, owner, {
          headers: { 'x-2fa-code': owner.app.backupCodes[0] ?? '', 'x-2fa-method': 'totp' },
        });
        assert.equal(at(backup.json, 'errorType'), 'totp-invalid', backup.text);
        assert.ok((await arena.signIn('DDP', owner.username, owner.password, { bystander })).opened);
        socket.close();
      },
    },
    requiredFactor,
    {
      id: 'E29',
      about: 'others’ factors are reset with the permission and a factor of one’s own: tokens end, the trail says who',
      async act(arena, { alice }) {
        const owner = await appOwner(arena);
        const reset = async (of: { userId: string; authToken: string }, json: unknown, code?: string) =>
          await arena.ask({
            path: '/api/v1/users.resetTOTP',
            headers: { ...pass(of), ...(code === undefined ? {} : { 'x-2fa-code': code }) },
            json,
          });
        for (const named of [{ userId: owner.userId }, { username: owner.username }, { user: owner.username }]) {
          const refused = await reset(alice, named, digest(alice.password).digest);
          assert.equal(refused.status, 400, refused.text);
          assert.equal(at((await reset(arena.admin, named)).json, 'errorType'), 'totp-required');
          const guess = await reset(arena.admin, named, digest('guess').digest);
          assert.equal(at(guess.json, 'errorType'), 'totp-invalid');
        }
        for (const named of [{ userId: { $ne: '' } }, { username: { $gt: '' } }, { userId: [owner.userId] }]) {
          assert.equal((await reset(arena.admin, named, digest('guess').digest)).status, 400, JSON.stringify(named));
        }
        assert.equal(await arena.holds(owner), true);
        const { password } = arena.server.administrator;
        const done = await reset(arena.admin, { userId: owner.userId }, digest(password).digest);
        assert.equal(done.status, 200, done.text);
        assert.equal(await arena.holds(owner), false);
        const [entry] = arena.rows(
          "select actor_id from audit where what = 'factor.reset' and account_id = ?",
          owner.userId,
        );
        assert.equal(entry?.['actor_id'], arena.admin.userId);
        assert.ok((await arena.signIn('REST JSON', owner.username, owner.password)).opened);
      },
    },
    {
      id: 'E31b',
      about: 'wrappers within wrappers open nothing, with a right code in each of them',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        const code = owner.app.code();
        const login = { user: { username: owner.username }, password: digest(owner.password) };
        for (const depth of [2, 3, 50]) {
          let body: unknown = login;
          for (let level = 0; level < depth; level += 1) body = { totp: { code, login: body } };
          for (const door of ['REST JSON', 'DDP', 'method.call', 'method.callAnon'] as const) {
            for (const outcome of await arena.knock(door, body, { bystander })) mustRefuse(outcome);
          }
        }
        for (const body of [
          { totp: { code: '', login } },
          { totp: { login } },
          { totp: { code: wrongCode(owner.app), login: { ...login, code } } },
          { totp: { code: [code], login } },
          { totp: { code: { $eq: code }, login } },
          { totp: { code, login: [login] } },
          { totp: [{ code, login }] },
          { totp: { code }, ...login },
        ]) {
          for (const door of ['REST JSON', 'DDP', 'method.call', 'method.callAnon'] as const) {
            for (const { opened, text } of await arena.knock(door, body, { bystander })) {
              assert.equal(opened, undefined, `${door} ${JSON.stringify(body)}`);
              mustTellNothing(text);
            }
          }
        }
        assert.ok(await comesIn(arena, 'DDP', owner, code, { bystander }), 'none of them used the code');
      },
    },
    {
      id: 'E32b',
      about: 'a resume inside a wrapper with a right code holds no factor, and uses none',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        const code = owner.app.code();
        for (const door of ['REST JSON', 'DDP', 'method.call', 'method.callAnon'] as const) {
          const body = { totp: { code, login: { resume: owner.authToken } } };
          for (const { opened } of await arena.knock(door, body, { bystander })) {
            assert.deepEqual(opened, { userId: owner.userId, authToken: owner.authToken }, door);
          }
        }
        assert.equal(at((await gatedCall(arena, owner)).json, 'errorType'), 'totp-required');
        assert.equal((await gatedCall(arena, owner, { headers: { 'x-2fa-code': code } })).status, 200);
      },
    },
    {
      id: 'E34',
      about: 'a personal token that may skip second factors does so with an app, one that may not is asked for it',
      async act(arena) {
        const person = await arena.person();
        const free = await arena.personal(person, 'free', true);
        const bound = await arena.personal(person, 'bound');
        const app = await setUpApp(async (what) => await arena.ask(what), person);
        assert.equal((await gatedCall(arena, free)).status, 200);
        const asked = await gatedCall(arena, bound);
        assert.equal(at(asked.json, 'errorType'), 'totp-required', asked.text);
        assert.equal((await gatedCall(arena, bound, { headers: { 'x-2fa-code': app.code() } })).status, 200);
        for (const code of ['', wrongCode(app)]) {
          assert.equal((await post(arena, 'users.disableTotp', { ...person, ...free }, { code })).status, 400);
        }
      },
    },
    {
      id: 'E35',
      about: 'neither the log nor the database holds a secret, a backup code or a code that was typed',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        const code = owner.app.backupCodes[0] ?? '';
        const typed = '73519284';
        for (const door of doors) await comesIn(arena, door, owner, typed, { bystander });
        assert.ok(await comesIn(arena, 'REST JSON', owner, code, { bystander }));
        const log = arena.server.lines.join('\n');
        const files = readdirSync(arena.server.folder).filter((name) => name.startsWith('countersign.db'));
        const stored = files.map((name) => readFileSync(join(arena.server.folder, name), 'latin1')).join('\n');
        for (const secret of [owner.app.secret, typed, ...owner.app.backupCodes]) {
          assert.equal(log.includes(secret), false, 'in the log');
          assert.equal(stored.includes(secret), false, 'in the database');
        }
      },
    },
  ],
};

function mustRefuseLogIn(outcome: Outcome): void {
  assert.equal(outcome.opened, undefined, outcome.door);
  // A form that the door does not know is refused as such; the one that it knows asks for the code.
  assert.ok(
    ['totp-required', 400, 403].includes(outcome.error ?? '') || outcome.status === 401 || outcome.status === 400,
    outcome.text,
  );
  mustTellNothing(outcome.text);
}

/** Ten wrong codes, each by another door, method or call, each from another address. */
async function guessTenTimes(arena: Arena, owner: Owner, { bystander }: Cast): Promise<void> {
  const { app } = owner;
  let from = 0;
  const elsewhere = (): Guest => {
    from += 1;
    return { bystander, from: `127.77.${owner.userId.charCodeAt(0)}.${from}` };
  };
  for (const door of doors) {
    const wrong = from % 2 === 0 ? wrongCode(app) : 'ABCDEFGH';
    assert.equal(await comesIn(arena, door, owner, wrong, elsewhere()), false);
  }
  for (const method of ['totp', 'email']) {
    await gatedCall(arena, owner, { headers: { 'x-2fa-code': wrongCode(app), 'x-2fa-method': method } });
  }
  await post(arena, 'users.disableTotp', owner, { code: wrongCode(app) });
  await post(arena, 'users.regenerateTotpCodes', owner, { code: wrongCode(app) });
  const socket = await arena.socket(owner);
  const last = { twoFactorCode: 'abcdefgh', twoFactorMethod: 'totp' };
  await socket.call('personalAccessTokens:generateToken', { tokenName: 'x' }, last);
  socket.close();
}

/** E: the count of wrong codes. */
export const guesses: Group = {
  letter: 'E',
  about: 'second factors: guesses, which are counted together',
  env: { ...counted, ...asksEachTime },
  cases: [
    {
      id: 'E05',
      about: 'ten wrong codes over doors, methods and calls block; then no door opens to the right code either',
      async act(arena, cast) {
        const owner = await appOwner(arena);
        await guessTenTimes(arena, owner, cast);
        const [row] = arena.rows('select wrong_codes from second_factors where account_id = ?', owner.userId);
        // Nine where a step began while the app was set up: then one wrong code was counted before.
        assert.ok(Number(row?.['wrong_codes']) >= 9, `${String(row?.['wrong_codes'])} were counted`);
        for (const door of doors) {
          for (const code of [owner.app.code(), owner.app.backupCodes[0]]) {
            const opened = await comesIn(arena, door, owner, code, { bystander: cast.bystander });
            assert.equal(opened, false, `${door} while the account is blocked`);
          }
        }
        const gated = await gatedCall(arena, owner, { headers: { 'x-2fa-code': owner.app.code() } });
        assert.equal(gated.status, 400, gated.text);
        assert.equal((await post(arena, 'users.disableTotp', owner, { code: owner.app.code() })).status, 400);
      },
    },
    {
      id: 'E05b',
      about: 'a sign-in of the attacker’s own between guesses does not reset the count, nor do fresh sessions',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        const own = await arena.person();
        for (let round = 0; round < 10; round += 1) {
          const from = `127.78.0.${round + 1}`;
          assert.ok((await arena.signIn('REST JSON', own.username, own.password, { from })).opened);
          assert.equal(await comesIn(arena, 'REST JSON', owner, wrongCode(owner.app), { from }), false);
        }
        const last = await arena.signIn('DDP', owner.username, owner.password, { from: '127.78.1.1', bystander });
        assert.equal(last.error, 'error-login-blocked-for-user', last.text);
      },
    },
    {
      id: 'E10',
      about: 'twenty guesses at once are not more than ten',
      async act(arena) {
        const owner = await appOwner(arena);
        await Promise.all(
          Array.from({ length: 20 }, async (_, index) => {
            const from = `127.79.0.${index + 1}`;
            return await comesIn(arena, doors[index % 3] ?? 'DDP', owner, wrongCode(owner.app), { from });
          }),
        );
        const [row] = arena.rows('select wrong_codes from second_factors where account_id = ?', owner.userId);
        assert.equal(row?.['wrong_codes'], 10);
        assert.equal(await comesIn(arena, 'REST JSON', owner, owner.app.code(), { from: '127.79.1.1' }), false);
      },
    },
  ],
};

/** Makes a client of somebody with an app trusted, by a code. */
async function trustBy(arena: Arena, owner: Owner, code: string, agent = 'a/1'): Promise<void> {
  const held = await gatedCall(arena, owner, { headers: { 'user-agent': agent, 'x-2fa-code': code } });
  assert.equal(held.status, 200, held.text);
  assert.equal((await gatedCall(arena, owner, { headers: { 'user-agent': agent } })).status, 200, 'it is trusted');
}

const same = { headers: { 'user-agent': 'a/1' } };

function mustAskForApp(reply: Reply): void {
  assert.equal(at(reply.json, 'errorType'), 'totp-required', reply.text);
  assert.equal(at(reply.json, 'details', 'method'), 'totp');
}

/** F: trust that was won with an app. */
export const appTrust: Group = {
  letter: 'F',
  about: 'second factors: clients that are trusted after a code of an app',
  env: remembers,
  cases: [
    {
      id: 'F01b',
      about: 'another agent, address, token or account is asked (F02, F03), whatever it claims of the trusted one',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        const other = await appOwner(arena);
        await trustBy(arena, owner, owner.app.code());
        for (const agent of ['b/1', 'A/1', '', 'a/1 b/1']) {
          mustAskForApp(await gatedCall(arena, owner, { headers: { 'user-agent': agent } }));
        }
        for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip']) {
          const headers = { 'user-agent': 'a/1', [name]: '127.0.0.1' };
          mustAskForApp(await gatedCall(arena, owner, { headers, from: '127.0.0.2' }));
        }
        mustAskForApp(await gatedCall(arena, other, same));
        const outcomes = await knockWith(arena, 'REST JSON', owner, owner.app.code(1), { bystander, ...same });
        const second = outcomes.find(({ opened }) => opened !== undefined)?.opened;
        assert.ok(second);
        mustAskForApp(await gatedCall(arena, second, same));
        assert.equal((await gatedCall(arena, { userId: other.userId, authToken: owner.authToken }, same)).status, 401);
      },
    },
    {
      id: 'F05b',
      about: 'a trusted client is asked at every door, and by every call that always asks',
      async act(arena, { bystander }) {
        const owner = await appOwner(arena);
        await trustBy(arena, owner, owner.app.code());
        for (const door of doors) {
          const guest = { ...same, from: '127.0.0.1', bystander };
          const { opened } = await arena.signIn(door, owner.username, owner.password, guest);
          assert.equal(opened, undefined, door);
        }
        for (const path of ['users.resetTOTP', 'users.enableTotp', 'users.2fa.disableEmail', 'passkeys.begin']) {
          const headers = { ...pass(owner), ...same.headers };
          mustAskForApp(await arena.ask({ path: `/api/v1/${path}`, headers, json: {} }));
        }
        for (const path of ['users.disableTotp', 'users.regenerateTotpCodes']) {
          const headers = { ...pass(owner), ...same.headers };
          assert.equal((await arena.ask({ path: `/api/v1/${path}`, headers, json: { code: '' } })).status, 400, path);
        }
        assert.equal(await arena.holds(owner), true);
      },
    },
    {
      id: 'F06b',
      about: 'trust ends with each change of the factors: an app that comes, and one that goes',
      async act(arena) {
        const person = await trusted(arena);
        const app = await setUpApp(async (what) => await arena.ask(what), person);
        mustAskForApp(await gatedCall(arena, person, same));
        await trustBy(arena, { ...person, app }, app.code());
        const headers = { ...pass(person), ...same.headers };
        const path = '/api/v1/users.disableTotp';
        const gone = await arena.ask({ path, headers, json: { code: app.backupCodes[0] } });
        assert.equal(gone.status, 200, gone.text);
        const asked = await gatedCall(arena, person, same);
        assert.equal(at(asked.json, 'details', 'method'), 'password', asked.text);
      },
    },
    {
      id: 'F08',
      about: 'a new account that has an app has no grace',
      async act(arena) {
        const owner = await appOwner(arena);
        mustAskForApp(await gatedCall(arena, owner));
      },
    },
    {
      id: 'F04',
      about:
        'nobody lists or forgets the trusted clients of another; one’s own are forgotten at once, and by no id of an odd form',
      async act(arena) {
        const [owner, other] = [await appOwner(arena), await appOwner(arena)];
        await trustBy(arena, owner, owner.app.code());
        const list = async (of: Person): Promise<unknown> =>
          at((await arena.ask({ path: '/api/v1/users.trustedClients', headers: pass(of) })).json, 'clients');
        const clients = await list(owner);
        assert.ok(Array.isArray(clients) && clients.length === 1, JSON.stringify(clients));
        const id = textAt(clients[0], 'id');
        assert.notEqual(id, owner.authToken);
        assert.deepEqual(await list(other), []);
        const foreign = await post(arena, 'users.forgetTrustedClients', other, { id });
        assert.equal(at(foreign.json, 'forgotten'), 0, foreign.text);
        for (const odd of [{ $ne: '' }, [id], '', '%', `${id}%`, "' or 1=1", null, 1]) {
          const { status, json } = await post(arena, 'users.forgetTrustedClients', owner, { id: odd });
          assert.ok(status === 400 || at(json, 'forgotten') === 0, JSON.stringify(odd));
        }
        assert.equal((await gatedCall(arena, owner, same)).status, 200, 'it is still trusted');
        assert.equal(at((await post(arena, 'users.forgetTrustedClients', owner, { id })).json, 'forgotten'), 1);
        mustAskForApp(await gatedCall(arena, owner, same));
      },
    },
    {
      id: 'F10b',
      about: 'a personal token that held a code makes neither its owner’s session nor a token of the same name trusted',
      async act(arena) {
        const person = await arena.person();
        const token = await arena.personal(person, 'bound');
        const app = await setUpApp(async (what) => await arena.ask(what), person);
        const held = await gatedCall(arena, token, { headers: { 'user-agent': 'a/1', 'x-2fa-code': app.code() } });
        assert.equal(held.status, 200, held.text);
        assert.equal((await gatedCall(arena, token, same)).status, 200);
        mustAskForApp(await gatedCall(arena, person, same));
      },
    },
  ],
};
