import assert from 'node:assert/strict';
import { type Arena, counted, type Person } from '../arena.ts';
import { digest, doors } from '../doors.ts';
import type { Group } from '../group.ts';
import { at, type Pass, pass, type Reply, sleep, textAt } from '../wire.ts';

interface Gated {
  readonly headers?: Record<string, string>;
  readonly from?: string;
}

let names = 0;

/** A call that wants a second factor: it makes a personal token. */
export async function gatedCall(arena: Arena, of: Pass, { headers = {}, from }: Gated = {}): Promise<Reply> {
  names += 1;
  return await arena.ask({
    path: '/api/v1/users.generatePersonalAccessToken',
    headers: { ...pass(of), ...headers },
    json: { tokenName: `gated ${names}` },
    ...(from === undefined ? {} : { from }),
  });
}

function withCode(code: string, more: Record<string, string> = {}): Gated {
  return { headers: { 'x-2fa-code': code, ...more } };
}

function codeOf(person: Person): string {
  return digest(person.password).digest;
}

function mustAsk(reply: Reply, errorType: 'totp-required' | 'totp-invalid'): void {
  assert.equal(reply.status, 400, reply.text);
  assert.equal(at(reply.json, 'errorType'), errorType, reply.text);
  assert.equal(at(reply.json, 'details', 'method'), 'password');
}

const asksEachTime = { ...counted, OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '0' };

/** E: the second factor, as far as the password itself is one. */
export const factors: Group = {
  letter: 'E',
  about: 'the gate of second factors, with the password as factor',
  env: asksEachTime,
  cases: [
    {
      id: 'E17',
      about: 'naming a factor that one has not changes nothing: the gate asks for the one that is due',
      async act(arena) {
        const alice = await arena.person();
        mustAsk(await gatedCall(arena, alice), 'totp-required');
        for (const method of ['totp', 'email', 'none', '__proto__', '', 'password']) {
          mustAsk(await gatedCall(arena, alice, { headers: { 'x-2fa-method': method } }), 'totp-required');
          mustAsk(await gatedCall(arena, alice, withCode('x', { 'x-2fa-method': method })), 'totp-invalid');
          const { status } = await gatedCall(arena, alice, withCode(codeOf(alice), { 'x-2fa-method': method }));
          assert.equal(status, 200, method);
        }
      },
    },
    {
      id: 'E19',
      about: 'the password as factor opens no log-in',
      async act(arena) {
        const person = await arena.person();
        for (const body of [
          { user: person.username, password: 'wrong', code: codeOf(person) },
          { totp: { code: codeOf(person), login: { user: { username: person.username }, password: digest('wrong') } } },
          { totp: { code: codeOf(person), login: {} } },
          { totp: { code: codeOf(person) } },
        ]) {
          const headers = { 'x-2fa-code': codeOf(person), 'x-2fa-method': 'password' };
          for (const outcome of await arena.knock('REST JSON', body, { headers })) {
            assert.equal(outcome.opened, undefined);
          }
        }
      },
    },
    {
      id: 'E20',
      about: 'wrong codes are counted as wrong passwords, by every door of the gate, and block',
      async act(arena) {
        const person = await arena.person();
        for (let round = 0; round < 5; round += 1) {
          mustAsk(await gatedCall(arena, person, withCode(digest(`guess ${round}`).digest)), 'totp-invalid');
        }
        const socket = await arena.socket(person);
        for (let round = 0; round < 5; round += 1) {
          const last = { twoFactorCode: digest(`more ${round}`).digest, twoFactorMethod: 'password' };
          const frame = await socket.call('personalAccessTokens:generateToken', { tokenName: 'x' }, last);
          assert.equal(at(frame, 'error', 'error'), 'totp-invalid', JSON.stringify(frame));
        }
        const blocked = await gatedCall(arena, person, withCode(codeOf(person)));
        assert.equal(at(blocked.json, 'errorType'), 'totp-max-attempts', blocked.text);
        assert.ok(Number(blocked.headers['retry-after']) > 0);
        assert.ok(Number(at(blocked.json, 'details', 'retryAfterMs')) > 0);
        const { error, opened } = await arena.signIn('REST JSON', person.username, person.password, {
          from: '127.7.0.1',
        });
        assert.equal(opened, undefined);
        assert.equal(error, 'error-login-blocked-for-user');
        socket.close();
      },
    },
    {
      id: 'E20b',
      about: 'wrong passwords at the door and wrong codes at the gate share one counter',
      async act(arena) {
        const person = await arena.person();
        for (let round = 0; round < 5; round += 1) {
          await arena.signIn(doors[round] ?? 'DDP', person.username, 'wrong', {
            from: `127.7.1.${round}`,
            bystander: person,
          });
        }
        const left = 10 - 5;
        for (let round = 0; round < left; round += 1) await gatedCall(arena, person, withCode('0'.repeat(64)));
        const blocked = await gatedCall(arena, person, withCode(codeOf(person)));
        assert.equal(at(blocked.json, 'errorType'), 'totp-max-attempts', blocked.text);
      },
    },
    {
      id: 'E21',
      about: 'only the SHA-256 of the password is a code, and a personal token that may not skip the gate is asked',
      async act(arena) {
        const person = await arena.person();
        const right = codeOf(person);
        for (const wrong of [person.password, digest(right).digest, right.slice(1), `${right}0`, ' ', '000000']) {
          mustAsk(
            await gatedCall(arena, person, withCode(wrong)),
            wrong.trim() === '' ? 'totp-required' : 'totp-invalid',
          );
        }
        assert.equal(
          (await gatedCall(arena, person, withCode(right.toUpperCase()))).status,
          200,
          'any case of letters',
        );
        const bound = await arena.personal(person, 'bound');
        mustAsk(await gatedCall(arena, bound), 'totp-required');
        assert.equal((await gatedCall(arena, bound, withCode(right))).status, 200);
        const free = await arena.personal(person, 'free', true);
        assert.equal((await gatedCall(arena, free)).status, 200);
      },
    },
    {
      id: 'E21b',
      about: 'odd codes are refused or ignored, and counted at most once',
      async act(arena) {
        const alice = await arena.person();
        for (const odd of ['x'.repeat(100_000), '"', '{"$gt":""}', '\t', '%00', "' or 1=1"]) {
          if (odd.length > 10_000) {
            const reply = await gatedCall(arena, alice, withCode(odd));
            assert.ok([400, 431].includes(reply.status), String(reply.status));
          } else {
            mustAsk(await gatedCall(arena, alice, withCode(odd)), odd.trim() === '' ? 'totp-required' : 'totp-invalid');
          }
        }
        const socket = await arena.socket(alice);
        for (const last of [
          { twoFactorCode: { $gt: '' }, twoFactorMethod: 'password' },
          { twoFactorCode: [codeOf(alice)], twoFactorMethod: 'password' },
          { twoFactorCode: true, twoFactorMethod: 'password' },
          { twoFactorCode: codeOf(alice), twoFactorMethod: { $ne: 1 } },
          { twoFactorCode: codeOf(alice) },
          { twoFactorMethod: 'password' },
        ]) {
          const frame = await socket.call('personalAccessTokens:generateToken', { tokenName: 'odd' }, last);
          assert.equal(at(frame, 'result'), undefined, JSON.stringify(frame));
        }
        socket.close();
      },
    },
    {
      id: 'E22',
      about: 'no gated call goes through without a code: REST and realtime, tokens and settings',
      async act(arena, { alice }) {
        const settings = '/api/v1/settings/Accounts_LoginExpiration';
        const gated: readonly (readonly [string, Pass, unknown])[] = [
          ['/api/v1/users.generatePersonalAccessToken', alice, { tokenName: 'a' }],
          ['/api/v1/users.regeneratePersonalAccessToken', alice, { tokenName: 'a' }],
          ['/api/v1/users.removePersonalAccessToken', alice, { tokenName: 'a' }],
          [settings, arena.admin, { value: 1 }],
          ['/api/v1/settings', arena.admin, { settings: [{ _id: 'Accounts_LoginExpiration', value: 1 }] }],
        ];
        for (const [path, who, json] of gated) {
          mustAsk(await arena.ask({ path, headers: pass(who), json }), 'totp-required');
        }
        const socket = await arena.socket(alice);
        for (const verb of ['generate', 'regenerate', 'remove']) {
          const frame = await socket.call(`personalAccessTokens:${verb}Token`, {
            tokenName: 'a',
            bypassTwoFactor: true,
          });
          assert.equal(at(frame, 'error', 'error'), 'totp-required');
          const message = JSON.stringify({
            msg: 'method',
            id: '1',
            method: `personalAccessTokens:${verb}Token`,
            params: [{ tokenName: 'a' }],
          });
          for (const door of ['method.call', 'method.callAnon']) {
            const reply = await arena.ask({ path: `/api/v1/${door}/x`, headers: pass(alice), json: { message } });
            assert.match(textAt(reply.json, 'message'), /totp-required/u);
          }
        }
        socket.close();
        const after = await arena.ask({ path: settings, headers: pass(arena.admin) });
        assert.notEqual(at(after.json, 'value'), 1);
      },
    },
    {
      id: 'E31',
      about: 'wrappers within wrappers are refused, however deep',
      must: 'refuse',
      bodies: ({ alice }) =>
        [2, 3, 10, 50, 500, 20_000].map((depth) => {
          const innermost = JSON.stringify({ user: { username: alice.username }, password: digest(alice.password) });
          return `${'{"totp":{"code":"1","login":'.repeat(depth)}${innermost}${'}}'.repeat(depth)}`;
        }),
      doors: ['REST JSON', 'DDP', 'method.call', 'method.callAnon'],
    },
    {
      id: 'E32',
      about: 'a resume inside a wrapper is a resume: the same token, and no factor held',
      async act(arena, { bystander }) {
        const person = await arena.person();
        const body = { totp: { code: codeOf(person), login: { resume: person.authToken } } };
        for (const door of doors) {
          if (door === 'REST form') continue;
          for (const { opened } of await arena.knock(door, body, { bystander })) {
            assert.deepEqual(opened, { userId: person.userId, authToken: person.authToken }, door);
          }
        }
        mustAsk(await gatedCall(arena, person), 'totp-required');
        const [refused] = await arena.knock('REST JSON', { totp: { code: '1', login: { resume: 'x'.repeat(43) } } });
        assert.equal(refused?.opened, undefined);
      },
    },
  ],
};

export const remembers = { ...counted, OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '60' };

/** Somebody whose account is a day old, so that the grace of new accounts is over, and who held the factor once. */
export async function trusted(arena: Arena, from: Gated = { headers: { 'user-agent': 'a/1' } }): Promise<Person> {
  const person = await arena.person();
  await arena.whileDown('update accounts set created_at = created_at - 86400000');
  mustAsk(await gatedCall(arena, person, from), 'totp-required');
  const held = await gatedCall(arena, person, { ...from, headers: { ...from.headers, 'x-2fa-code': codeOf(person) } });
  assert.equal(held.status, 200, held.text);
  assert.equal((await gatedCall(arena, person, from)).status, 200, 'the client is trusted');
  return person;
}

/** F: clients that held a factor lately. */
export const trust: Group = {
  letter: 'F',
  about: 'clients that are trusted for a while',
  env: remembers,
  cases: [
    {
      id: 'F01',
      about: 'another user agent with the same token is asked again (F02: another address as well)',
      async act(arena) {
        const person = await trusted(arena);
        for (const agent of ['b/1', 'A/1', 'a/1 ', '', 'a/1, a/1']) {
          if (agent.trim() === 'a/1') continue;
          mustAsk(await gatedCall(arena, person, { headers: { 'user-agent': agent } }), 'totp-required');
        }
        mustAsk(await gatedCall(arena, person), 'totp-required');
        mustAsk(
          await gatedCall(arena, person, { headers: { 'user-agent': 'a/1' }, from: '127.0.0.2' }),
          'totp-required',
        );
        const lie = { 'user-agent': 'a/1', 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' };
        mustAsk(await gatedCall(arena, person, { headers: lie, from: '127.0.0.2' }), 'totp-required');
      },
    },
    {
      id: 'F03',
      about: 'another token is not trusted from the same client, be it the same person’s or another’s',
      async act(arena, { alice }) {
        const person = await trusted(arena);
        const same = { headers: { 'user-agent': 'a/1' } };
        const { opened } = await arena.signIn('REST JSON', person.username, person.password, same);
        assert.ok(opened);
        mustAsk(await gatedCall(arena, opened, same), 'totp-required');
        mustAsk(await gatedCall(arena, alice, same), 'totp-required');
        assert.equal((await gatedCall(arena, person, same)).status, 200);
      },
    },
    {
      id: 'F05',
      about: 'what always asks does so of a trusted client, too',
      async act(arena) {
        const { password } = arena.server.administrator;
        const held = { 'x-2fa-code': digest(password).digest };
        await arena.whileDown('update accounts set created_at = created_at - 86400000');
        const one = await arena.ask({
          path: '/api/v1/settings/Site_Name',
          headers: { ...pass(arena.admin), ...held },
          json: { value: 'x' },
        });
        assert.equal(one.status, 200, one.text);
        const again = await arena.ask({
          path: '/api/v1/settings/Site_Name',
          headers: pass(arena.admin),
          json: { value: 'y' },
        });
        assert.equal(again.status, 200, again.text);
        const many = await arena.ask({
          path: '/api/v1/settings',
          headers: pass(arena.admin),
          json: { settings: [{ _id: 'Site_Name', value: 'z' }] },
        });
        mustAsk(many, 'totp-required');
      },
    },
    {
      id: 'F06',
      about: 'trust does not outlive its token, and ends after its time',
      async act(arena) {
        const person = await trusted(arena);
        const same = { headers: { 'user-agent': 'a/1' } };
        await arena.ask({ path: '/api/v1/logout', method: 'POST', headers: pass(person) });
        const { opened } = await arena.signIn('REST JSON', person.username, person.password, same);
        assert.ok(opened);
        mustAsk(await gatedCall(arena, opened, same), 'totp-required');
        await gatedCall(arena, opened, withCode(codeOf(person), { 'user-agent': 'a/1' }));
        assert.equal((await gatedCall(arena, opened, same)).status, 200);
        await arena.whileDown('update tokens set trust_until = trust_until - 61000');
        mustAsk(await gatedCall(arena, opened, same), 'totp-required');
      },
    },
    {
      id: 'F07',
      about: 'no user agent, an endless one and a repeated one are told apart by address and token',
      async act(arena) {
        for (const headers of [{}, { 'user-agent': 'x'.repeat(10_000) }, { 'user-agent': 'a\u00e9b' }]) {
          const client = { headers: headers as Record<string, string> };
          const person = await trusted(arena, client);
          mustAsk(await gatedCall(arena, person, { ...client, from: '127.0.0.3' }), 'totp-required');
          const { opened } = await arena.signIn('REST JSON', person.username, person.password, client);
          assert.ok(opened);
          mustAsk(await gatedCall(arena, opened, client), 'totp-required');
        }
      },
    },
    {
      id: 'F09',
      about: 'the grace of a new account ends with its time',
      async act(arena) {
        const person = await arena.person();
        assert.equal((await gatedCall(arena, person)).status, 200, 'a fresh account is not asked');
        await arena.whileDown(`update accounts set created_at = created_at - 60001`);
        mustAsk(await gatedCall(arena, person), 'totp-required');
      },
    },
    {
      id: 'F10',
      about: 'a personal token that held a factor makes no other token trusted',
      async act(arena) {
        const person = await arena.person();
        const token = await arena.personal(person, 'one');
        await arena.whileDown('update accounts set created_at = created_at - 86400000');
        assert.equal((await gatedCall(arena, token, withCode(codeOf(person)))).status, 200);
        assert.equal((await gatedCall(arena, token)).status, 200);
        mustAsk(await gatedCall(arena, person), 'totp-required');
        const renewed = await arena.ask({
          path: '/api/v1/users.regeneratePersonalAccessToken',
          headers: pass(token),
          json: { tokenName: 'one' },
        });
        assert.equal(renewed.status, 200, renewed.text);
        mustAsk(
          await gatedCall(arena, { userId: person.userId, authToken: textAt(renewed.json, 'token') }),
          'totp-required',
        );
        assert.equal(await arena.holds(token), false);
      },
    },
    {
      id: 'F11',
      about: 'a changed password ends what was trusted under the old one on the session that stays',
      async act(arena) {
        const person = await trusted(arena);
        const socket = await arena.socket(person);
        const fresh = 'another password of length';
        const frame = await socket.call('changePassword', digest(person.password), digest(fresh));
        assert.deepEqual(at(frame, 'result'), { passwordChanged: true }, JSON.stringify(frame));
        await sleep(50);
        mustAsk(await gatedCall(arena, person, { headers: { 'user-agent': 'a/1' } }), 'totp-required');
        mustAsk(await gatedCall(arena, person, withCode(codeOf(person))), 'totp-invalid');
        assert.equal((await gatedCall(arena, person, withCode(digest(fresh).digest))).status, 200);
        socket.close();
      },
    },
  ],
};
