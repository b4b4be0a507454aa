import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller, password } from '../../../test/world.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

const api = '/api/v1';
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/113.0.0.0 Safari/537.36';
const unlimited = {
  env: {
    OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
    OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enforce_Password_Fallback: 'false',
  },
};

interface Item {
  readonly sessionId: string;
  readonly device: { readonly name: string };
  readonly current: boolean;
  readonly _user?: { readonly username: string };
}

function itemsOf({ json }: RestReply): readonly Item[] {
  return json['sessions'] as readonly Item[];
}

async function signInFrom(world: RestWorld, username: string, userAgent: string, address = '198.51.100.7') {
  const who = caller({ door: 'ddp', userAgent, address });
  const { account, text, token } = await world.app.session.logIn(
    { by: 'username', value: username },
    { plain: password },
    who,
  );
  return { headers: { 'x-user-id': account.id, 'x-auth-token': text }, id: token.id, account };
}

describe('sessions of the caller', () => {
  it('are listed with their devices, and the one that asks is marked', async () => {
    await withRest(async (world) => {
      const { id: userId } = await world.add('alice');
      const first = await signInFrom(world, 'alice', chrome);
      world.clock.move(1_000);
      const headers = await world.headersOf('alice');
      const reply = await world.call({ url: `${api}/sessions/list`, headers });
      assert.equal(reply.status, 200);
      const [newest, oldest] = itemsOf(reply);
      assert.deepEqual(Object.keys(reply.json), ['sessions', 'count', 'offset', 'total', 'success']);
      assert.deepEqual([reply.json['count'], reply.json['offset'], reply.json['total']], [2, 0, 2]);
      assert.equal(newest?.current, true);
      assert.deepEqual(oldest, {
        _id: first.id,
        sessionId: first.id,
        userId,
        device: {
          type: 'browser',
          name: 'Chrome',
          longVersion: '113.0.0.0',
          os: { name: 'Windows', version: '10' },
          version: '113.0.0',
        },
        host: 'localhost:3000',
        ip: '198.51.100.7',
        loginAt: '2026-08-20T10:00:00.000Z',
        lastActivityAt: '2026-08-20T10:00:00.000Z',
        door: 'ddp',
        current: false,
        expiresAt: '2026-11-18T10:00:00.000Z',
      });
      assert.doesNotMatch(
        reply.text,
        new RegExp(`${headers['x-auth-token'] ?? ''}|${first.headers['x-auth-token']}`, 'u'),
      );
    }, unlimited);
  });

  it('are sorted, cut and searched', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      for (const userAgent of ['curl/8.5.0', chrome, 'wget/1.21']) {
        world.clock.move(1_000);
        await signInFrom(world, 'alice', userAgent);
      }
      const { headers } = await signInFrom(world, 'alice', 'abc/1');
      const names = async (query: string): Promise<readonly string[]> =>
        itemsOf(await world.call({ url: `${api}/sessions/list?${query}`, headers })).map(({ device }) => device.name);
      const sortBy = (sort: object): string => `sort=${encodeURIComponent(JSON.stringify(sort))}`;
      assert.deepEqual(await names(sortBy({ 'device.name': 1 })), ['abc', 'Chrome', 'curl', 'wget']);
      assert.deepEqual(await names(`${sortBy({ 'device.name': -1 })}&count=2&offset=1`), ['curl', 'Chrome']);
      assert.deepEqual(await names(`${sortBy({ loginAt: 1 })}&count=1`), ['curl']);
      assert.deepEqual(await names('filter=WINDOWS'), ['Chrome']);
      assert.deepEqual(await names('filter=198.51.100.7&count=1&offset=3'), ['curl']);
      assert.deepEqual(await names('filter=nothing%20like%20it'), []);
      const odd = await world.call({ url: `${api}/sessions/list?${sortBy({ 'loginToken': 1 })}`, headers });
      assert.deepEqual([odd.status, odd.json], [400, { success: false, error: 'error-invalid-sort-keys' }]);
      const broken = await world.call({ url: `${api}/sessions/list?sort=x`, headers });
      assert.equal(broken.json['errorType'], 'error-invalid-sort');
    }, unlimited);
  });

  it('are told one by one and ended one by one, and nobody learns of those of others', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      await world.add('bob');
      const other = await signInFrom(world, 'bob', chrome);
      const own = await signInFrom(world, 'alice', chrome);
      const headers = await world.headersOf('alice');
      const personal = await world.app.host.makePersonalToken(
        own.account,
        { name: 'ci', skipsSecondFactor: false },
        caller(),
      );
      const [{ id: personalId } = { id: '' }] = await world.store.tokens.list(
        own.account.id,
        ['personal'],
        world.clock.now(),
      );
      const info = async (id: string) =>
        await world.call({ url: `${api}/sessions/info?sessionId=${encodeURIComponent(id)}`, headers });
      const end = async (id: unknown) =>
        await world.call({ url: `${api}/sessions/logout.me`, headers, body: { sessionId: id } });
      const found = await info(own.id);
      assert.deepEqual([found.status, found.json['sessionId'], found.json['success']], [200, own.id, true]);
      const unknown = '{"success":false,"error":"Session not found"}';
      for (const id of [other.id, personalId, 'nobody', own.headers['x-auth-token'], 'nul\0']) {
        for (const reply of [await info(id), await end(id)]) {
          assert.deepEqual([reply.status, reply.text], [404, unknown]);
        }
      }
      for (const id of [undefined, '', null, 1, {}, [own.id], { $ne: '' }, 'x'.repeat(65)]) {
        assert.equal((await end(id)).status, 400, JSON.stringify(id));
      }
      const ended = await end(own.id);
      assert.equal(ended.text, `{"sessionId":"${own.id}","success":true}`);
      assert.equal((await world.call({ url: `${api}/me`, headers: own.headers })).status, 401);
      assert.equal((await end(own.id)).status, 404);
      assert.equal((await world.call({ url: `${api}/me`, headers: other.headers })).status, 200);
      const shown = { ...own.headers, 'x-auth-token': personal };
      assert.equal((await world.call({ url: `${api}/me`, headers: shown })).status, 200);
      const [entry] = await world.store.audit.newest(1, own.account.id);
      assert.deepEqual([entry?.what, entry?.actorId, entry?.facts['token']], ['session.end', own.account.id, own.id]);
    }, unlimited);
  });
});

describe('the other sessions of the caller', () => {
  it('end without personal tokens, and with them where that is asked', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const headers = await world.headersOf('alice');
      const made = await world.call({
        url: `${api}/users.generatePersonalAccessToken`,
        headers,
        body: { tokenName: 'ci' },
      });
      const personal = { ...headers, 'x-auth-token': String(made.json['token']) };
      const status = async (shown: typeof headers) => (await world.call({ url: `${api}/me`, headers: shown })).status;
      for (const [body, left] of [
        [{}, 200],
        [{ personalTokens: false }, 200],
        [{ personalTokens: true }, 401],
      ] as const) {
        const other = await world.headersOf('alice');
        const reply = await world.call({ url: `${api}/users.removeOtherTokens`, headers, body });
        assert.equal(reply.text, '{"success":true}');
        assert.deepEqual([await status(headers), await status(other), await status(personal)], [200, 401, left]);
      }
      const wrong = await world.call({
        url: `${api}/users.removeOtherTokens`,
        headers,
        body: { personalTokens: 'yes' },
      });
      assert.equal(wrong.status, 400);
    }, unlimited);
  });
});

describe('sessions of everybody', () => {
  it('are listed for administrators with whose they are', async () => {
    await withRest(async (world) => {
      await world.add('alice', { name: 'Alice A.' });
      await world.add('bob');
      await signInFrom(world, 'bob', chrome);
      world.clock.move(1_000);
      await signInFrom(world, 'alice', 'curl/8.5.0');
      world.clock.move(1_000);
      const headers = await world.asAdmin();
      const list = async (query = ''): Promise<RestReply> =>
        await world.call({ url: `${api}/sessions/list.all${query}`, headers });
      const all = await list();
      assert.deepEqual(
        itemsOf(all).map(({ _user }) => _user?.username),
        ['root', 'alice', 'bob'],
      );
      assert.deepEqual(itemsOf(all)[1]?._user, { name: 'Alice A.', username: 'alice' });
      assert.equal(all.json['total'], 3);
      const usernames = async (query: string) => itemsOf(await list(query)).map(({ _user }) => _user?.username);
      assert.deepEqual(await usernames('?filter=ALICE'), ['alice']);
      assert.deepEqual(await usernames('?filter=chrome'), ['bob']);
      assert.deepEqual(await usernames(`?sort=${encodeURIComponent('{"_user.username":1}')}`), [
        'alice',
        'bob',
        'root',
      ]);
      assert.deepEqual(await usernames('?count=1&offset=1'), ['alice']);
      for (const path of ['sessions/list.all', 'personalTokens.list.all']) {
        const refused = await world.call({ url: `${api}/${path}`, headers: await world.headersOf('alice') });
        assert.equal(refused.status, 403, path);
      }
    }, unlimited);
  });

  it('are told and ended by whoever may, once', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const own = await signInFrom(world, 'alice', chrome);
      const kept = await signInFrom(world, 'alice', 'curl/8.5.0');
      const admin = await world.asAdmin();
      const { headers } = kept;
      const info = await world.call({ url: `${api}/sessions/info.admin?sessionId=${own.id}`, headers: admin });
      assert.deepEqual([info.status, info.json['userId']], [200, own.account.id]);
      assert.deepEqual(info.json['_user'], { name: 'alice', username: 'alice' });
      const end = async (id: string, by: Record<string, string>) =>
        await world.call({ url: `${api}/sessions/logout`, headers: by, body: { sessionId: id } });
      assert.equal((await end(own.id, headers)).status, 403);
      assert.equal((await world.call({ url: `${api}/me`, headers: own.headers })).status, 200);
      const both = await Promise.all([end(own.id, admin), end(own.id, admin)]);
      assert.equal(both.filter(({ status }) => status === 200).length, 1);
      assert.equal(both.filter(({ status }) => status === 404).length, 1);
      assert.equal((await world.call({ url: `${api}/me`, headers: own.headers })).status, 401);
      assert.equal((await world.call({ url: `${api}/me`, headers })).status, 200);
      const [entry] = await world.store.audit.newest(1, own.account.id);
      assert.deepEqual([entry?.what, entry?.actorId], ['session.end', admin['x-user-id']]);
    }, unlimited);
  });

  it('ask for a second factor', async () => {
    await withRest(async (world) => {
      await world.add('root', { roles: ['admin'] });
      world.clock.move(3_600_000);
      const headers = await world.headersOf('root');
      for (const url of ['sessions/list.all', 'sessions/info.admin?sessionId=x', 'personalTokens.list.all']) {
        const reply = await world.call({ url: `${api}/${url}`, headers });
        assert.equal(reply.json['errorType'], 'totp-required', url);
      }
      for (const [url, body] of [
        ['sessions/logout', { sessionId: 'x' }],
        ['personalTokens.revoke', { tokenId: 'x' }],
      ] as const) {
        const reply = await world.call({ url: `${api}/${url}`, headers, body });
        assert.equal(reply.json['errorType'], 'totp-required', url);
      }
    });
  });
});

describe('sessions and personal tokens of whoever ranks higher', () => {
  it('are not ended by people who may end those of others', async () => {
    await withRest(async (world) => {
      const admin = await world.asAdmin();
      const role = await world.call({ url: `${api}/roles.create`, headers: admin, body: { name: 'help-desk' } });
      const { _id: roleId } = role.json['role'] as { readonly _id: string };
      const permissions = ['logout-other-user', 'logout-device-management', 'view-device-management'].map((id) => ({
        _id: id,
        roles: ['admin', roleId],
      }));
      await world.call({ url: `${api}/permissions.update`, headers: admin, body: { permissions } });
      await world.add('helper', { roles: ['user', roleId] });
      await world.add('bob');
      await world.add('chief', { roles: ['admin'] });
      const helper = await world.headersOf('helper');
      for (const [name, isFine] of [
        ['bob', true],
        ['chief', false],
      ] as const) {
        const session = await signInFrom(world, name, chrome);
        const { headers, account } = session;
        // One more, for the call that ends all that are left.
        await signInFrom(world, name, 'curl/8.5.0');
        const make = { url: `${api}/users.generatePersonalAccessToken`, headers, body: { tokenName: 'ci' } };
        assert.equal((await world.call(make)).status, 200);
        const all = await world.call({
          url: `${api}/personalTokens.list.all?userId=${account.id}`,
          headers: admin,
        });
        const [personal] = all.json['tokens'] as readonly { readonly _id: string }[];
        for (const [path, body] of [
          ['sessions/logout', { sessionId: session.id }],
          ['personalTokens.revoke', { tokenId: personal?._id }],
          ['users.logout', { userId: account.id }],
        ] as const) {
          const reply = await world.call({ url: `${api}/${path}`, headers: helper, body });
          assert.equal(reply.status, isFine ? 200 : 400, `${name} ${path}: ${reply.text}`);
        }
      }
    }, unlimited);
  });
});

describe('personal tokens of everybody', () => {
  it('are listed and revoked by administrators, and their owner is told', async () => {
    await withRest(async (world) => {
      const alice = await world.add('alice');
      await world.add('bob');
      const headers = await world.headersOf('alice');
      const made = await world.call({
        url: `${api}/users.generatePersonalAccessToken`,
        headers,
        body: { tokenName: 'ci', expiresAt: '2026-12-01T00:00:00Z' },
      });
      assert.equal(made.status, 200, made.text);
      const admin = await world.asAdmin();
      const list = async (query = '') =>
        await world.call({ url: `${api}/personalTokens.list.all${query}`, headers: admin });
      const all = await list();
      const [token] = all.json['tokens'] as readonly { readonly _id: string }[];
      const text = String(made.json['token']);
      assert.deepEqual(token, {
        name: 'ci',
        createdAt: '2026-08-20T10:00:00.000Z',
        lastTokenPart: text.slice(-6),
        bypassTwoFactor: false,
        _id: token?._id,
        expiresAt: '2026-12-01T00:00:00.000Z',
        userId: alice.id,
        _user: { name: 'alice', username: 'alice' },
      });
      assert.ok(!all.text.includes(text));
      assert.equal((await list('?username=bob')).json['total'], 0);
      assert.equal((await list('?userId=nobody')).status, 400);
      const shown = { 'x-user-id': alice.id, 'x-auth-token': text };
      assert.equal((await world.call({ url: `${api}/me`, headers: shown })).status, 200);
      const revoke = async (tokenId: unknown, by = admin) =>
        await world.call({ url: `${api}/personalTokens.revoke`, headers: by, body: { tokenId } });
      assert.equal((await revoke(token?._id, headers)).status, 403);
      const session = await signInFrom(world, 'alice', chrome);
      await world.app.session.settled();
      for (const odd of ['nobody', session.id]) {
        assert.equal((await revoke(odd)).json['errorType'], 'error-token-does-not-exists');
      }
      const before = world.mails.length;
      assert.equal((await revoke(token?._id)).status, 200);
      assert.equal((await world.call({ url: `${api}/me`, headers: shown })).status, 401);
      assert.deepEqual(world.mails.slice(before), [
        { kind: 'personal-token-revoked', to: ['alice@example.com'], language: undefined, facts: { name: 'ci' } },
      ]);
      const [entry] = await world.store.audit.newest(1, alice.id);
      assert.deepEqual(
        [entry?.what, entry?.actorId, entry?.facts['name']],
        ['personal-token.revoke', admin['x-user-id'], 'ci'],
      );
    }, unlimited);
  });
});
