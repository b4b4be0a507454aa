import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Arena, unlimited } from '../arena.ts';
import type { Group } from '../group.ts';
import { at, type Pass, pass, type Reply, textAt } from '../wire.ts';
import { gatedCall } from './factors.ts';

async function make(arena: Arena, of: Pass, json: unknown): Promise<Reply> {
  return await arena.ask({ path: '/api/v1/users.generatePersonalAccessToken', headers: pass(of), json });
}

async function createToken(arena: Arena, of: Pass, json: unknown): Promise<Reply> {
  return await arena.ask({ path: '/api/v1/users.createToken', headers: pass(of), json });
}

async function withEnv(env: Readonly<Record<string, string>>, act: (arena: Arena) => Promise<void>): Promise<void> {
  const arena = await Arena.open({ ...unlimited, ...env });
  try {
    await act(arena);
    await arena.mustBeSound();
  } finally {
    await arena.close();
  }
}

const refusedToken = { errorType: 'error-not-authorized', details: { method: 'createToken' } };

function mustRefuseToken(reply: Reply): void {
  assert.equal(reply.status, 400, reply.text);
  assert.equal(at(reply.json, 'errorType'), refusedToken.errorType);
  assert.equal(at(reply.json, 'data'), undefined);
}

/** Gives ordinary people a permission, as an administrator's role table would. */
function grant(permission: string): string {
  return `insert into permissions (id, json_roles, updated_at) values ('${permission}', '["admin","user"]', 1)
    on conflict (id) do update set json_roles = excluded.json_roles`;
}

/** H: personal tokens, and tokens made for others. */
export const tokens: Group = {
  letter: 'H',
  about: 'personal tokens and users.createToken',
  env: unlimited,
  cases: [
    {
      id: 'H03',
      about: 'a name that is none, taken or overlong is refused; any other is kept as text',
      async act(arena) {
        const person = await arena.person();
        assert.equal((await make(arena, person, { tokenName: 'taken' })).status, 200);
        for (const tokenName of [undefined, '', null, 1, true, [], ['a'], { $ne: 1 }, 'taken', 'x'.repeat(10_240)]) {
          const reply = await make(arena, person, { tokenName });
          assert.equal(reply.status, 400, `${JSON.stringify(tokenName)}: ${reply.text}`);
          assert.equal(at(reply.json, 'token'), undefined);
        }
        const odd = [
          '__proto__',
          'constructor',
          '<script>alert(1)</script>',
          "'; drop table tokens; --",
          '\u202egnp.exe',
          'a\r\nb',
          '%s%n',
        ];
        for (const tokenName of odd) {
          const reply = await make(arena, person, { tokenName });
          assert.equal(reply.status, 200, `${tokenName}: ${reply.text}`);
        }
        const list = await arena.ask({ path: '/api/v1/users.getPersonalAccessTokens', headers: pass(person) });
        const names = (at(list.json, 'tokens') as readonly unknown[]).map((one) => at(one, 'name'));
        assert.deepEqual(new Set(names), new Set([...odd, 'taken']));
        for (const tokenName of odd) {
          const reply = await arena.ask({
            path: '/api/v1/users.removePersonalAccessToken',
            headers: pass(person),
            json: { tokenName },
          });
          assert.equal(reply.status, 200, tokenName);
        }
      },
    },
    {
      id: 'H03b',
      about: 'of many of one name at once one is made',
      async act(arena) {
        const person = await arena.person();
        const made = await Promise.all(
          Array.from({ length: 10 }, async () => await make(arena, person, { tokenName: 'once' })),
        );
        assert.equal(made.filter(({ status }) => status === 200).length, 1);
      },
    },
    {
      id: 'H04',
      about: 'only the boolean true skips second factors',
      async act(arena) {
        const person = await arena.person();
        for (const bypassTwoFactor of ['true', 1, [], {}, 'yes', null]) {
          const reply = await make(arena, person, {
            tokenName: `t ${JSON.stringify(bypassTwoFactor)}`,
            bypassTwoFactor,
          });
          assert.equal(reply.status, 400, JSON.stringify(bypassTwoFactor));
        }
        const socket = await arena.socket(person);
        for (const bypassTwoFactor of ['true', 1, [], {}]) {
          const frame = await socket.call('personalAccessTokens:generateToken', { tokenName: 's', bypassTwoFactor });
          assert.equal(at(frame, 'result'), undefined);
        }
        const skipping = arena.rows(
          'select 1 from tokens where account_id = ? and skips_second_factor = 1',
          person.userId,
        );
        assert.deepEqual(skipping, []);
      },
    },
    {
      id: 'H07',
      about: 'a personal token is held to the gate like any session unless it may skip it',
      async act() {
        await withEnv({ OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '0' }, async (arena) => {
          const person = await arena.person();
          const bound = await arena.personal(person, 'bound');
          for (const call of ['generate', 'regenerate', 'remove']) {
            const path = `/api/v1/users.${call}PersonalAccessToken`;
            const reply = await arena.ask({
              path,
              headers: pass(bound),
              json: { tokenName: 'bound', ...(call === 'generate' ? { bypassTwoFactor: true } : {}) },
            });
            assert.equal(at(reply.json, 'errorType'), 'totp-required', reply.text);
          }
          const socket = await arena.socket(bound);
          const frame = await socket.call('personalAccessTokens:removeToken', { tokenName: 'bound' });
          assert.equal(at(frame, 'error', 'error'), 'totp-required');
          const free = await arena.personal(person, 'free', true);
          assert.equal((await gatedCall(arena, free)).status, 200);
        });
      },
    },
    {
      id: 'H08',
      about: 'a renewed token’s old text is dead at once, with its sockets, and of two renewals at once one wins',
      async act(arena) {
        const person = await arena.person();
        const old = await arena.personal(person, 'ci', true);
        const socket = await arena.socket(old);
        assert.ok(await arena.holds(old));
        const renew = async () =>
          await arena.ask({
            path: '/api/v1/users.regeneratePersonalAccessToken',
            headers: pass(person),
            json: { tokenName: 'ci' },
          });
        const both = await Promise.all([renew(), renew()]);
        assert.equal(await arena.holds(old), false);
        assert.ok(await socket.closedWithin(1000), 'its socket is closed');
        const alive: boolean[] = [];
        for (const reply of both) {
          alive.push(
            reply.status === 200 &&
              (await arena.holds({ userId: person.userId, authToken: textAt(reply.json, 'token') })),
          );
        }
        assert.equal(alive.filter(Boolean).length, 1);
        const missing = await arena.ask({
          path: '/api/v1/users.regeneratePersonalAccessToken',
          headers: pass(person),
          json: { tokenName: 'none' },
        });
        assert.equal(at(missing.json, 'errorType'), 'error-token-does-not-exists');
      },
    },
    {
      id: 'H09',
      about: 'nobody touches another’s personal token by its name',
      async act(arena, { alice, bystander }) {
        const token = await arena.personal(alice, 'mine');
        for (const call of ['regenerate', 'remove']) {
          const reply = await arena.ask({
            path: `/api/v1/users.${call}PersonalAccessToken`,
            headers: pass(bystander),
            json: { tokenName: 'mine', userId: alice.userId },
          });
          assert.equal(reply.status, 400, reply.text);
          const plain = await arena.ask({
            path: `/api/v1/users.${call}PersonalAccessToken`,
            headers: pass(bystander),
            json: { tokenName: 'mine' },
          });
          assert.equal(at(plain.json, 'errorType'), 'error-token-does-not-exists');
        }
        assert.ok(await arena.holds(token));
        const list = await arena.ask({
          path: `/api/v1/users.getPersonalAccessTokens?userId=${alice.userId}`,
          headers: pass(bystander),
        });
        assert.doesNotMatch(list.text, /"mine"/u);
      },
    },
    {
      id: 'H10',
      about: 'the list shows six characters of a token and no more',
      async act(arena) {
        const person = await arena.person();
        const { authToken } = await arena.personal(person, 'ci');
        const list = await arena.ask({ path: '/api/v1/users.getPersonalAccessTokens', headers: pass(person) });
        assert.deepEqual(Object.keys(at(list.json, 'tokens', 0) as object).toSorted(), [
          'bypassTwoFactor',
          'createdAt',
          'lastTokenPart',
          'name',
        ]);
        assert.equal(at(list.json, 'tokens', 0, 'lastTokenPart'), authToken.slice(-6));
        assert.ok(!list.text.includes(authToken.slice(-8)));
        const [row] = arena.rows(`select hash from tokens where account_id = ? and pool = 'personal'`, person.userId);
        assert.ok(!list.text.includes(String(row?.['hash'])));
      },
    },
    {
      id: 'H11',
      about: 'a removed personal token is dead at every door',
      async act(arena) {
        const person = await arena.person();
        const token = await arena.personal(person, 'ci');
        const socket = await arena.socket(token);
        const resumed = await arena.socket();
        assert.deepEqual(at(await resumed.call('login', { resume: token.authToken }), 'result', 'tokenExpires'), {
          $date: null,
        });
        await arena.ask({
          path: '/api/v1/users.removePersonalAccessToken',
          headers: pass(person),
          json: { tokenName: 'ci' },
        });
        assert.equal(await arena.holds(token), false);
        assert.ok((await socket.closedWithin(1000)) && (await resumed.closedWithin(1000)));
        for (const door of ['REST JSON', 'DDP', 'method.callAnon'] as const) {
          for (const { opened } of await arena.knock(door, { resume: token.authToken })) {
            assert.equal(opened, undefined);
          }
        }
      },
    },
    {
      id: 'H14',
      about: 'without the operator’s word no token is made for anybody, and nobody learns there who exists',
      async act(arena, { alice }) {
        const texts = new Set<string>();
        for (const json of [
          { userId: alice.userId },
          { userId: 'nobody' },
          { username: alice.username },
          { userId: arena.admin.userId, secret: 'x' },
        ]) {
          for (const who of [arena.admin, alice]) {
            const reply = await createToken(arena, who, json);
            mustRefuseToken(reply);
            texts.add(reply.text);
          }
        }
        assert.equal(texts.size, 1);
        const anonymous = await arena.ask({ path: '/api/v1/users.createToken', json: { userId: alice.userId } });
        assert.equal(anonymous.status, 401);
      },
    },
    {
      id: 'H14b',
      about: 'with a secret only the whole secret opens it, and with it alone nobody makes one for others',
      async act() {
        const secret = 'the secret of the operator';
        await withEnv({ CREATE_TOKENS_FOR_USERS_SECRET: secret }, async (arena) => {
          const person = await arena.person();
          const { userId } = person;
          for (const wrong of [secret.slice(0, -1), `${secret}x`, secret.toUpperCase(), ' ', 'x']) {
            mustRefuseToken(await createToken(arena, arena.admin, { userId, secret: wrong }));
          }
          for (const odd of [undefined, '', null, { $ne: '' }, [secret], true, 0]) {
            const reply = await createToken(arena, arena.admin, { userId, secret: odd });
            assert.equal(reply.status, 400, JSON.stringify(odd));
            assert.equal(at(reply.json, 'data'), undefined);
          }
          mustRefuseToken(await createToken(arena, person, { userId: arena.admin.userId, secret }));
          const made = await createToken(arena, arena.admin, { userId, secret });
          assert.equal(made.status, 200, made.text);
          assert.ok(await arena.holds({ userId, authToken: textAt(made.json, 'data', 'authToken') }));
          assert.ok(!arena.answers.some((text) => text.includes(secret)));
        });
      },
    },
    {
      id: 'H15',
      cve: ['RC-8814'],
      about: 'nobody makes a token for an account above their own, whatever permission they hold',
      async act() {
        await withEnv({ CREATE_TOKENS_FOR_USERS: 'true' }, async (arena) => {
          const person = await arena.person();
          const other = await arena.person();
          mustRefuseToken(await createToken(arena, person, { userId: other.userId }));
          assert.equal((await createToken(arena, person, { userId: person.userId })).status, 200, 'for oneself');
          await arena.whileDown(grant('user-generate-access-token'));
          assert.equal((await createToken(arena, person, { userId: other.userId })).status, 200, 'for an equal');
          mustRefuseToken(await createToken(arena, person, { userId: arena.admin.userId }));
          mustRefuseToken(await createToken(arena, person, { username: 'root.admin' }));
          mustRefuseToken(await createToken(arena, person, { user: 'ROOT.ADMIN' }));
          // H16: closed, unknown, a bot, one without any token.
          const closed = await arena.person({ active: false });
          const refused = await createToken(arena, arena.admin, { userId: closed.userId });
          assert.ok(refused.status === 400 && at(refused.json, 'data') === undefined, refused.text);
          assert.equal((await createToken(arena, arena.admin, { userId: 'nobody' })).status, 400);
          assert.equal((await createToken(arena, arena.admin, { userId: { $ne: 1 } })).status, 400);
          assert.equal((await createToken(arena, arena.admin, {})).status, 400);
          const bot = await createToken(arena, arena.admin, { username: 'rocket.cat' });
          assert.equal(bot.status, 200, bot.text);
        });
      },
    },
    {
      id: 'H15b',
      about: 'rights over accounts end below oneself: none above is closed, deleted or made',
      async act() {
        await withEnv({}, async (arena) => {
          const person = await arena.person();
          await arena.whileDown(
            [
              grant('edit-other-user-active-status'),
              grant('delete-user'),
              grant('create-user'),
              grant('assign-admin-role'),
            ].join(';'),
          );
          const closing = await arena.ask({
            path: '/api/v1/users.setActiveStatus',
            headers: pass(person),
            json: { userId: arena.admin.userId, activeStatus: false },
          });
          assert.equal(closing.status, 400, closing.text);
          const deleting = await arena.ask({
            path: '/api/v1/users.delete',
            headers: pass(person),
            json: { userId: arena.admin.userId },
          });
          assert.equal(deleting.status, 400, deleting.text);
          const making = await arena.ask({
            path: '/api/v1/users.create',
            headers: pass(person),
            json: { username: 'over', name: 'o', email: 'o@example.com', password: 'long enough', roles: ['admin'] },
          });
          assert.equal(making.status, 400, making.text);
          assert.ok(await arena.holds(arena.admin));
        });
      },
    },
    {
      id: 'H19',
      about: 'the database holds no token, no password and no digest that opens anything',
      async act(arena) {
        const person = await arena.person();
        const personal = await arena.personal(person, 'ci');
        const files = readdirSync(arena.server.folder).map((name) => readFileSync(join(arena.server.folder, name)));
        for (const secret of [person.authToken, personal.authToken, person.password, arena.admin.authToken]) {
          for (const bytes of files) assert.equal(bytes.includes(secret), false);
        }
        const stored = arena.rows('select password_hash from accounts where id = ?', person.userId);
        assert.match(String(stored[0]?.['password_hash']), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/u);
      },
    },
    {
      id: 'H20',
      about: 'a personal token loses with its owner’s rights what its owner loses',
      async act() {
        await withEnv({}, async (arena) => {
          const second = await arena.person({ roles: ['user', 'admin'] });
          const token = await arena.personal(second, 'ci', true);
          const read = async () =>
            await arena.ask({ path: '/api/v1/settings/Accounts_LoginExpiration', headers: pass(token) });
          assert.equal((await read()).status, 200);
          await arena.whileDown(
            `delete from account_roles where account_id = '${second.userId}' and role_id = 'admin'`,
          );
          assert.equal((await read()).status, 403);
        });
      },
    },
  ],
};
