import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../src/core/account/account.ts';
import { recordOf } from '../src/core/audit/record.ts';
import { Fault } from '../src/core/fault.ts';
import type { AskedPersonal } from '../src/core/session/personal-tokens.ts';
import type { Signed } from '../src/core/session/token.ts';
import { type Client, type DdpWorld, type Frame, openDdpWorld } from '../src/wire/ddp/ddp-world.suite.ts';
import { methods } from '../src/wire/ddp/methods/index.ts';
import { publications } from '../src/wire/ddp/publications/index.ts';
import { isOpenToScoped } from '../src/wire/rest/admit.ts';
import { endpoints } from '../src/wire/rest/endpoints/index.ts';
import { restServer } from '../src/wire/rest/server.ts';
import { caller } from './world.ts';

const dayMs = 86_400_000;
const home = '203.0.113.9';
const elsewhere = '198.51.100.7';

interface RestAnswer {
  readonly status: number;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

interface Doors {
  readonly world: DdpWorld;
  readonly owner: Account;
  /** The headers of a personal token of the owner, who is an administrator. */
  make(asked?: Partial<AskedPersonal>): Promise<Shown>;
  rest(method: 'get' | 'post', url: string, shown?: Shown, body?: unknown): Promise<RestAnswer>;
  methodCall(shown: Shown, method: string, ...params: unknown[]): Promise<Frame>;
  /** A client from home that resumed with the token. */
  socket(shown: Shown): Promise<Client>;
  /** Where requests come from, from now on. */
  from(address: string): void;
}

type Shown = Readonly<Record<'x-user-id' | 'x-auth-token', string>>;

/** A whole product with each of its doors. */
async function atAllDoors(
  act: (doors: Doors) => Promise<void>,
  options: Parameters<typeof openDdpWorld>[0] = {},
): Promise<void> {
  const world = await openDdpWorld({ env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' }, ...options });
  let address = home;
  const server = await restServer({
    app: world.app,
    callMethod: world.server.callMethod,
    callerOf: () => ({ address, userAgent: 'test/1' }),
    config: { rootUrl: 'http://localhost:3000', tokenSecretRequired: false, version: '0.0.0', metricsToken: undefined },
    log: () => undefined,
  });
  const rest: Doors['rest'] = async (method, url, shown, body) => {
    const reply = await server.inject({
      method: method === 'get' ? 'GET' : 'POST',
      url,
      headers: { ...shown, 'content-type': 'application/json' },
      ...(method === 'get' ? {} : { payload: JSON.stringify(body ?? {}) }),
    });
    return { status: reply.statusCode, text: reply.body, json: JSON.parse(reply.body) as RestAnswer['json'] };
  };
  try {
    const owner = await world.add('owner', { roles: ['admin', 'user'] });
    let made = 0;
    await act({
      world,
      owner,
      async make(asked = {}) {
        made += 1;
        const given = { name: `token ${made}`, skipsSecondFactor: true, ...asked };
        const text = await world.app.host.makePersonalToken(owner, given, caller({ door: 'cli' }));
        return { 'x-user-id': owner.id, 'x-auth-token': text };
      },
      rest,
      async methodCall(shown, method, ...params) {
        const message = JSON.stringify({ msg: 'method', id: '1', method, params });
        const { json } = await rest('post', `/api/v1/method.call/${encodeURIComponent(method)}`, shown, { message });
        const { message: answer } = json;
        return typeof answer === 'string' && answer.startsWith('{') ? (JSON.parse(answer) as Frame) : {};
      },
      async socket(shown) {
        const client = world.client();
        const { error } = await client.ask('login', { resume: shown['x-auth-token'] });
        assert.equal(error, undefined);
        return client;
      },
      from: (other) => {
        address = other;
      },
    });
  } finally {
    await server.close();
    await world.close();
  }
}

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (cause) {
    assert.ok(cause instanceof Fault, String(cause));
    return cause.code;
  }
  return 'done';
}

function errorOf(frame: Frame): unknown {
  return (frame['error'] as { error?: unknown } | undefined)?.error;
}

const forbidden =
  '{"success":false,"error":"User does not have the permissions required for this action [error-unauthorized]"}';

describe('a personal token with scopes', () => {
  it('is refused with 403 by every endpoint that has not said otherwise', async () => {
    await atAllDoors(async ({ rest, make }) => {
      // All that its owner may do, and it is closed all the same.
      const everything = await make({ scopes: ['create-personal-access-tokens', 'edit-other-user-info'] });
      let asked = 0;
      for (const endpoint of endpoints) {
        const { method, path, auth } = endpoint;
        if (auth !== 'token' || isOpenToScoped(endpoint)) continue;
        const { status, text } = await rest(method, path.replace(/:\w+/u, 'x'), everything);
        assert.deepEqual([path, status, text], [path, 403, forbidden]);
        asked += 1;
      }
      assert.ok(asked > 20);
    });
  });

  it('is refused with 403 by every endpoint whose permission it does not carry', async () => {
    await atAllDoors(async ({ rest, make }) => {
      const plain = await make({ scopes: [] });
      let asked = 0;
      for (const endpoint of endpoints) {
        const { method, path, permission } = endpoint;
        if (permission === undefined) continue;
        const { status, text } = await rest(method, path.replace(/:\w+/u, 'x'), plain);
        assert.deepEqual([path, status, text], [path, 403, forbidden]);
        asked += 1;
      }
      assert.ok(asked > 5);
    });
  });

  it('is let in without a permission by these endpoints alone', () => {
    const open = [
      'get /api/info',
      'get /api/v1/info',
      'get /api/v1/me',
      'get /api/v1/logout',
      'post /api/v1/logout',
      'post /api/v1/method.call/:method',
      'post /api/v1/method.callAnon/:method',
      'get /api/v1/permissions.listAll',
      'get /api/v1/roles.list',
      'get /api/v1/settings',
      'post /api/v1/settings',
      'post /api/v1/settings.addCustomOAuth',
      'post /api/v1/settings.removeCustomOAuth',
      'post /api/v1/settings.refreshOAuthServices',
      'post /api/v1/users.create',
      'post /api/v1/users.createToken',
      'get /api/v1/users.getPresence',
      'get /api/v1/users.getStatus',
      'get /api/v1/users.info',
      'post /api/v1/users.logout',
      'get /api/v1/users.presence',
      'post /api/v1/users.update',
    ];
    const found = endpoints.filter((one) => one.scoped === true).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(found.toSorted(), open.toSorted());
  });

  it('is kept out of everything about personal tokens, passwords and second factors', () => {
    const found = endpoints.filter((one) => one.auth === 'token' && isOpenToScoped(one)).map(({ path }) => path);
    const closed =
      /PersonalAccessToken|personalTokens|identities|passkeys|2fa|[Tt]otp|updateOwn|deleteOwn|removeOtherTokens|logoutOther|sessions\/(?:list|info|logout\.me)$/u;
    assert.deepEqual(
      found.filter((path) => closed.test(path)),
      [],
    );
  });

  it('opens these methods and publications alone', () => {
    const open = [
      'UserPresence:away',
      'UserPresence:online',
      'addOAuthService',
      'deleteUser',
      'insertOrUpdateUser',
      'logout',
      'permissions/get',
      'private-settings/get',
      'refreshOAuthService',
      'removeOAuthService',
      'roles/list',
      'saveSetting',
      'saveSettings',
      'setUserActiveStatus',
    ];
    assert.deepEqual(
      methods
        .filter((one) => one.scoped)
        .map(({ name }) => name)
        .toSorted(),
      open.toSorted(),
    );
    const heard = ['stream-notify-all', 'stream-notify-logged', 'stream-notify-user', 'stream-user-presence'];
    assert.deepEqual(
      publications
        .filter((one) => one.scoped === true)
        .map(({ name }) => name)
        .toSorted(),
      heard,
    );
  });

  it('is refused by every other method for somebody, over a socket and over REST', async () => {
    await atAllDoors(async ({ world, make, methodCall, socket }) => {
      const shown = await make({ scopes: ['create-personal-access-tokens'] });
      const client = await socket(shown);
      const names = methods.filter(({ needsUser, scoped }) => needsUser && !scoped).map(({ name }) => name);
      for (const name of ['personalAccessTokens:generateToken', '2fa:enable', 'changePassword', 'removeOtherTokens']) {
        assert.ok(names.includes(name), name);
      }
      for (const name of names) {
        assert.deepEqual([name, errorOf(await methodCall(shown, name))], [name, 403]);
        world.clock.move(1_000);
        assert.deepEqual([name, errorOf(await client.ask(name))], [name, 403]);
      }
    });
  });

  it('is nobody for what is for anybody, and does nothing to its owner', async () => {
    await atAllDoors(async ({ world, owner, rest, make, socket }) => {
      const client = await socket(await make({ scopes: [] }));
      await client.ask('UserPresence:setDefaultStatus', 'busy');
      await client.ask('setUserStatus', 'away', 'gone');
      const { chosenStatus, statusText } = (await world.app.account.byId(owner.id)) ?? {};
      assert.deepEqual([chosenStatus, statusText], ['online', '']);
      const full = await rest('get', '/api/v1/info', await make({ scopes: ['view-statistics'] }));
      assert.equal('info' in full.json, true);
      const plain = await rest('get', '/api/v1/info', await make({ scopes: [] }));
      assert.equal(plain.text, (await rest('get', '/api/v1/info')).text);
    });
  });

  it('carries its scopes and no more, at every door', async () => {
    await atAllDoors(async ({ world, owner, rest, make, methodCall, socket }) => {
      await world.add('bob');
      const plain = await make({ scopes: [] });
      const lists = await make({ scopes: ['view-d-room'] });
      const reads = await make({ scopes: ['view-privileged-setting'] });
      const statusOf = async (path: string, shown: Shown) => (await rest('get', `/api/v1/${path}`, shown)).status;
      assert.equal((await rest('get', '/api/v1/me', plain)).json['_id'], owner.id);
      assert.equal(await statusOf('users.list', lists), 200);
      assert.equal(await statusOf('users.list', reads), 403);
      assert.equal(await statusOf('settings/Site_Name', reads), 200);
      assert.equal(await statusOf('settings/Site_Name', lists), 403);
      const told = async (shown: Shown) => (await rest('get', '/api/v1/users.info?username=bob', shown)).json['user'];
      assert.equal('emails' in ((await told(plain)) as object), false);
      assert.equal('emails' in ((await told(await make())) as object), true);
      // Private settings over a socket and over REST.
      const privateOf = async (shown: Shown) => [
        ((await methodCall(shown, 'private-settings/get'))['result'] as readonly unknown[]).length > 0,
        ((await (await socket(shown)).ask('private-settings/get'))['result'] as readonly unknown[]).length > 0,
      ];
      assert.deepEqual(await privateOf(reads), [true, true]);
      assert.deepEqual(await privateOf(lists), [false, false]);
      const change = { _id: 'Site_Name', value: 'Changed' };
      assert.equal(errorOf(await methodCall(reads, 'saveSettings', [change])), 'error-action-not-allowed');
      assert.equal((await rest('post', '/api/v1/settings', reads, { settings: [change] })).status, 400);
      assert.notEqual(world.app.settings.get('Site_Name'), 'Changed');
      const changes = await make({ scopes: ['edit-privileged-setting'] });
      assert.equal((await methodCall(changes, 'saveSettings', [change]))['result'], true);
      // The sessions of its owner are not for it; those of others with the permission.
      assert.equal((await rest('post', '/api/v1/users.logout', plain, {})).status, 403);
      assert.equal((await rest('post', '/api/v1/users.logout', plain, { userId: 'x' })).status, 403);
      const ends = await make({ scopes: ['logout-other-user'] });
      const bob = await world.signIn('bob');
      assert.equal((await rest('post', '/api/v1/users.logout', ends, { userId: bob.account.id })).status, 200);
      assert.equal((await rest('post', '/api/v1/users.logout', ends, { userId: owner.id })).status, 403);
      // Who may make accounts only must not make one that may do more.
      const account = { email: 'x@example.com', name: 'x', username: 'x', password: 'a long enough password' };
      const makes = await make({ scopes: ['create-user'] });
      for (const roles of [['admin'], ['user'], ['bot']]) {
        assert.notEqual((await rest('post', '/api/v1/users.create', makes, { ...account, roles })).status, 200);
      }
      assert.equal((await rest('post', '/api/v1/users.create', makes, account)).status, 200);
      assert.notEqual((await rest('post', '/api/v1/users.create', lists, { ...account, username: 'y' })).status, 200);
    });
  });

  it('reaches no further through the account of somebody who may more', async () => {
    const open = { tokenMaking: { on: true, secret: undefined } };
    await atAllDoors(
      async ({ world, rest, make, methodCall }) => {
        const peer = await world.add('second.root', { roles: ['admin', 'user'] });
        const bob = await world.add('bob');
        const tooHigh = async (path: string, shown: Shown, body: object) => {
          const { status, text } = await rest('post', `/api/v1/${path}`, shown, body);
          assert.ok([400, 403].includes(status), `${path} ${status} ${text}`);
        };
        const edits = await make({ scopes: ['edit-other-user-info', 'edit-other-user-password'] });
        for (const data of [
          { email: 'thief@example.com', verified: true },
          { password: 'an Entirely other pass-phrase 77' },
          { setRandomPassword: true, email: 'thief@example.com' },
        ]) {
          await tooHigh('users.update', edits, { userId: peer.id, data });
          const frame = await methodCall(edits, 'insertOrUpdateUser', { _id: peer.id, email: 'thief@example.com' });
          assert.notEqual(errorOf(frame), undefined);
        }
        assert.deepEqual((await world.app.account.byId(peer.id))?.emails, peer.emails);
        await world.signIn('second.root');
        const named = { userId: bob.id, data: { name: 'Bob' } };
        assert.equal((await rest('post', '/api/v1/users.update', edits, named)).status, 200);
        const makes = await make({ scopes: ['user-generate-access-token'] });
        await tooHigh('users.createToken', makes, { userId: peer.id });
        assert.equal((await rest('post', '/api/v1/users.createToken', makes, { userId: bob.id })).status, 200);
        const closes = await make({ scopes: ['edit-other-user-active-status', 'delete-user'] });
        await tooHigh('users.setActiveStatus', closes, { userId: peer.id, activeStatus: false });
        await tooHigh('users.delete', closes, { userId: peer.id });
        // Whoever signs up gets a role that may more than the token.
        const root = await world.signIn('second.root');
        const signed = await world.app.session.authenticate(root.account.id, root.text);
        const asked = { name: 'managers', description: '', scope: 'Users', secondFactor: false } as const;
        const { id } = await world.app.role.create(signed, asked, caller());
        await world.app.permission.give(signed, { permission: 'delete-user', role: id }, caller());
        const changes = await make({ scopes: ['edit-privileged-setting'] });
        const setting = { _id: 'Accounts_Registration_Users_Default_Roles', value: `user,${id}` };
        await tooHigh('settings', changes, { settings: [setting] });
        assert.equal((await rest('post', '/api/v1/settings', await make(), { settings: [setting] })).status, 200);
      },
      { parts: open },
    );
  });

  it('takes no permission from a role that it could not give back', async () => {
    await atAllDoors(async ({ world, rest, make, methodCall }) => {
      const narrow = await make({ scopes: ['access-permissions'] });
      const id = 'create-personal-access-tokens';
      const before = world.app.permissions.rolesOf(id);
      assert.ok(before.includes('user'));
      const put = { permissions: [{ _id: id, roles: ['admin'] }] };
      assert.equal((await rest('post', '/api/v1/permissions.update', narrow, put)).status, 400);
      const remove = { permissionId: id, role: 'user' };
      assert.equal((await rest('post', '/api/v1/permissions.removeRole', narrow, remove)).status, 400);
      const frame = await methodCall(narrow, 'authorization:removeRoleFromPermission', id, 'user');
      assert.equal(errorOf(frame), 403);
      assert.deepEqual(world.app.permissions.rolesOf(id), before);
      const wide = await make({ scopes: ['access-permissions', id] });
      assert.equal((await rest('post', '/api/v1/permissions.update', wide, put)).status, 200);
      assert.equal((await rest('post', '/api/v1/permissions.addRole', wide, remove)).status, 200);
    });
  });

  it('does not close its owner for having signed in long ago', async () => {
    await atAllDoors(async ({ world, rest }) => {
      await world.add('second.root', { roles: ['admin', 'user'] });
      const asked = { name: 'closers', description: '', scope: 'Users', secondFactor: false } as const;
      const signedRoot = await world.signIn('second.root');
      const signed = await world.app.session.authenticate(signedRoot.account.id, signedRoot.text);
      const { id } = await world.app.role.create(signed, asked, caller());
      await world.app.permission.give(signed, { permission: 'edit-other-user-active-status', role: id }, caller());
      const closer = await world.add('closer', { roles: ['user', id] });
      await world.add('idle');
      for (const name of ['closer', 'idle']) await world.signIn(name);
      world.clock.move(40 * dayMs);
      const text = await world.app.host.makePersonalToken(
        closer,
        { name: 'nightly', skipsSecondFactor: true, scopes: ['edit-other-user-active-status'] },
        caller({ door: 'cli' }),
      );
      const shown = { 'x-user-id': closer.id, 'x-auth-token': text };
      const reply = await rest('post', '/api/v1/users.deactivateIdle', shown, { daysIdle: 30 });
      assert.deepEqual(reply.json, { count: 1, success: true });
      assert.equal((await rest('get', '/api/v1/me', shown)).status, 200);
    });
  });

  it('hears what its owner may read, and what its scopes let it', async () => {
    await atAllDoors(async ({ owner, make, socket }) => {
      const subscribed = async (shown: Shown, name: string, event: string) =>
        (await (await socket(shown)).sub('s', name, event, false)).map(({ msg }) => msg);
      const plain = await make({ scopes: [] });
      const reads = await make({ scopes: ['view-privileged-setting'] });
      assert.deepEqual(await subscribed(plain, 'stream-notify-user', `${owner.id}/force_logout`), ['ready']);
      assert.deepEqual(await subscribed(plain, 'stream-notify-user', `x${owner.id}/force_logout`), ['nosub']);
      assert.deepEqual(await subscribed(plain, 'stream-notify-logged', 'user-status'), ['ready']);
      assert.deepEqual(await subscribed(plain, 'stream-notify-logged', 'private-settings-changed'), ['nosub']);
      assert.deepEqual(await subscribed(reads, 'stream-notify-logged', 'private-settings-changed'), ['ready']);
      assert.deepEqual(await subscribed(plain, 'stream-room-messages', 'GENERAL'), ['nosub']);
    });
  });

  it('is reduced at once when its owner loses a role', async () => {
    await atAllDoors(async ({ world, owner, rest, make }) => {
      await world.add('second.root', { roles: ['admin'] });
      const shown = await make({ scopes: ['view-privileged-setting'] });
      assert.equal((await rest('get', '/api/v1/settings/Site_Name', shown)).status, 200);
      const audit = recordOf('sample', { at: 0, caller: caller(), actorId: undefined, accountId: owner.id });
      assert.equal(await world.store.accounts.takeRole(owner.id, 'admin', world.clock.now(), audit), 'done');
      assert.equal((await rest('get', '/api/v1/settings/Site_Name', shown)).status, 403);
    });
  });

  it('cannot renew itself into a session', async () => {
    await atAllDoors(async ({ world, make, socket }) => {
      const shown = await make({ scopes: [] });
      const signed = await world.app.session.authenticate(shown['x-user-id'], shown['x-auth-token'], { scoped: true });
      assert.equal(await codeOf(world.app.session.renew(signed, caller())), 'beyond-scope');
      assert.equal(await codeOf(world.app.session.endAllOf(signed, signed.account.id, caller())), 'beyond-scope');
      assert.equal(await codeOf(world.app.personalToken.list(signed)), 'beyond-scope');
      assert.equal(errorOf(await (await socket(shown)).ask('getNewToken')), 403);
      const plainly = world.app.session.authenticate(shown['x-user-id'], shown['x-auth-token']);
      assert.equal(await codeOf(plainly), 'beyond-scope');
    });
  });
});

describe('a personal token with addresses', () => {
  it('is as unknown as any elsewhere, at every door, also while it is in memory', async () => {
    await atAllDoors(async ({ world, rest, make, from, methodCall, socket }) => {
      const shown = await make({ addresses: ['203.0.113.0/24', '2001:db8::/32'] });
      const unknown = { ...shown, 'x-auth-token': 'x'.repeat(43) };
      const resume = async (address: string, token: string) => {
        const client = world.client(address);
        return await client.ask('login', { resume: token });
      };
      assert.equal((await rest('get', '/api/v1/me', shown)).status, 200);
      for (const address of [elsewhere, '', '203.0.114.1', '::1']) {
        from(address);
        for (const path of ['/api/v1/me', '/api/v1/users.list']) {
          const refused = await rest('get', path, shown);
          assert.deepEqual([refused.status, refused.text], [401, (await rest('get', path, unknown)).text]);
        }
        const call = { message: '{"msg":"method","id":"1","method":"getNewToken","params":[]}' };
        assert.equal((await rest('post', '/api/v1/method.call/getNewToken', shown, call)).status, 401);
        const logIn = await rest('post', '/api/v1/login', undefined, { resume: shown['x-auth-token'] });
        const asUnknown = await rest('post', '/api/v1/login', undefined, { resume: unknown['x-auth-token'] });
        assert.deepEqual([logIn.status, logIn.text], [asUnknown.status, asUnknown.text]);
        assert.notEqual(logIn.status, 200);
        const frame = await resume(address, shown['x-auth-token']);
        assert.deepEqual(frame['error'], (await resume(address, unknown['x-auth-token']))['error']);
        assert.equal(errorOf(frame), 403);
      }
      for (const address of [home, '203.0.113.200', '2001:db8:1::1']) {
        from(address);
        assert.equal((await rest('get', '/api/v1/me', shown)).status, 200, address);
      }
      assert.equal((await methodCall(shown, 'permissions/get'))['error'], undefined);
      assert.equal((await socket(shown)).end, undefined);
      // Nobody says where they are: then it does not count.
      assert.equal(
        await codeOf(world.app.session.authenticate(shown['x-user-id'], shown['x-auth-token'])),
        'not-signed-in',
      );
    });
  });
});

describe('a personal token that ends', () => {
  it('is refused from its end on, at every door, and says so only to a resume', async () => {
    await atAllDoors(async ({ world, rest, make, socket, methodCall }) => {
      const endsAt = world.clock.now() + dayMs;
      const shown = await make({ endsAt });
      assert.equal((await rest('get', '/api/v1/me', shown)).status, 200);
      const client = await socket(shown);
      const { result } = await client.ask('login', { resume: shown['x-auth-token'] });
      assert.deepEqual((result as { tokenExpires: unknown }).tokenExpires, { $date: endsAt });
      world.clock.move(dayMs - 1);
      assert.equal((await rest('get', '/api/v1/me', shown)).status, 200);
      world.clock.move(1);
      assert.equal((await rest('get', '/api/v1/me', shown)).status, 401);
      assert.deepEqual(await methodCall(shown, 'permissions/get'), {});
      assert.equal((await rest('get', `/api/v1/me?authToken=${shown['x-auth-token']}`)).status, 401);
      const late = await world.client().ask('login', { resume: shown['x-auth-token'] });
      assert.deepEqual(
        [errorOf(late), (late['error'] as { reason: string }).reason],
        [403, 'Your session has expired. Please log in again.'],
      );
      assert.notEqual(errorOf(await client.ask('getNewToken')), undefined);
    });
  });

  it('hands out none without its end, and one with addresses none without them', async () => {
    await atAllDoors(async ({ world, rest, make, socket }) => {
      const plain = await make({ name: 'plain' });
      const ending = await make({ name: 'ending', endsAt: world.clock.now() + dayMs });
      const bound = await make({ name: 'bound', addresses: ['203.0.113.0/24'] });
      for (const [name, shown] of Object.entries({ ending, bound })) {
        const made = await rest('post', '/api/v1/users.generatePersonalAccessToken', shown, { tokenName: 'free' });
        const renewed = await rest('post', '/api/v1/users.regeneratePersonalAccessToken', shown, {
          tokenName: 'plain',
        });
        assert.deepEqual([made.status, renewed.status], [403, 403], name);
        const client = await socket(shown);
        for (const act of ['generate', 'regenerate']) {
          const tokenName = act === 'generate' ? 'free' : 'plain';
          assert.equal(errorOf(await client.ask(`personalAccessTokens:${act}Token`, { tokenName })), 403, act);
        }
        const own = await rest('post', '/api/v1/users.regeneratePersonalAccessToken', shown, { tokenName: name });
        assert.equal(own.status, 200, name);
      }
      const free = await rest('post', '/api/v1/users.generatePersonalAccessToken', plain, { tokenName: 'free' });
      assert.equal(free.status, 200);
    });
  });

  it('is warned of by mail, once, so many days before', async () => {
    await atAllDoors(async ({ world, owner, make }) => {
      const now = world.clock.now();
      await make({ name: 'soon', endsAt: now + 10 * dayMs });
      await make({ name: 'far', endsAt: now + 100 * dayMs });
      await make({ name: 'never' });
      await make({ name: 'short', endsAt: now + 7 * dayMs });
      const { mails } = world;
      assert.equal(await world.app.personalToken.warnOfEnds(), 1);
      assert.deepEqual(mails, []);
      assert.equal(await world.app.personalToken.warnOfEnds(), 0);
      world.clock.move(3 * dayMs);
      assert.equal(await world.app.personalToken.warnOfEnds(), 1);
      assert.equal(await world.app.personalToken.warnOfEnds(), 0);
      assert.deepEqual(mails, [
        {
          kind: 'personal-token-ends',
          to: ['owner@example.com'],
          language: undefined,
          facts: { name: 'soon', at: '2026-08-30 10:00' },
        },
      ]);
      assert.equal(owner.emails[0]?.verified, true);
    });
  });
});

describe('making a personal token', () => {
  it('takes end, scopes and addresses, keeps them under a new text, and tells them only to who asks', async () => {
    await atAllDoors(async ({ world, rest }) => {
      const { account, text } = await world.signIn('owner');
      const shown = { 'x-user-id': account.id, 'x-auth-token': text };
      const body = {
        tokenName: 'narrow',
        expiresAt: '2027-01-01T00:00:00Z',
        scopes: ['view-d-room', 'create-user', 'view-d-room'],
        addresses: ['203.0.113.9', '10.0.0.0/8'],
      };
      const made = await rest('post', '/api/v1/users.generatePersonalAccessToken', shown, body);
      assert.deepEqual(Object.keys(made.json), ['token', 'success']);
      const list = async (query = '') => await rest('get', `/api/v1/users.getPersonalAccessTokens${query}`, shown);
      const lastPart = String(made.json['token']).slice(-6);
      const plain = `{"tokens":[{"name":"narrow","createdAt":"2026-08-20T10:00:00.000Z","lastTokenPart":"${lastPart}","bypassTwoFactor":false}],"success":true}`;
      for (const query of ['', '?details=false', '?count=5&query=%7B%7D']) {
        assert.equal((await list(query)).text, plain);
      }
      const details = {
        expiresAt: '2027-01-01T00:00:00.000Z',
        scopes: ['create-user', 'view-d-room'],
        addresses: ['203.0.113.9', '10.0.0.0/8'],
      };
      const first = async () => ((await list('?details=true')).json['tokens'] as readonly Record<string, unknown>[])[0];
      const { _id, ...told } = (await first()) ?? {};
      assert.equal(typeof _id, 'string');
      assert.deepEqual(told, {
        name: 'narrow',
        createdAt: told['createdAt'],
        lastTokenPart: lastPart,
        bypassTwoFactor: false,
        ...details,
      });
      world.clock.move(60_000);
      const renewed = await rest('post', '/api/v1/users.regeneratePersonalAccessToken', shown, { tokenName: 'narrow' });
      assert.equal(renewed.status, 200);
      const { expiresAt, scopes, addresses } = (await first()) ?? {};
      assert.deepEqual({ expiresAt, scopes, addresses }, details);
      assert.equal(
        (await rest('get', '/api/v1/me', { ...shown, 'x-auth-token': String(made.json['token']) })).status,
        401,
      );
    });
  });

  it('takes the same over a socket', async () => {
    await atAllDoors(async ({ world }) => {
      const { account, text } = await world.signIn('owner');
      const client = world.client();
      await client.ask('login', { resume: text });
      const generate = async (more: object) =>
        await client.ask('personalAccessTokens:generateToken', { tokenName: `t ${JSON.stringify(more)}`, ...more });
      const made = await generate({
        expiresAt: { $date: Date.parse('2027-01-01T00:00:00Z') },
        scopes: ['view-d-room'],
        addresses: ['::1'],
      });
      assert.equal(typeof made['result'], 'string');
      world.clock.move(10_000);
      assert.equal(typeof (await generate({ expiresAt: '2027-01-01' }))['result'], 'string');
      const [token] = (await world.store.tokens.list(account.id, ['personal'], world.clock.now())).filter(
        ({ scopes }) => scopes !== undefined,
      );
      assert.deepEqual(
        [token?.endsAt, token?.scopes, token?.addresses],
        [Date.parse('2027-01-01T00:00:00Z'), ['view-d-room'], ['::1']],
      );
      const refused = {
        'error-invalid-date': [{ expiresAt: { $date: 1 } }, { expiresAt: 'soon' }, { expiresAt: '2026-01-01' }],
        'error-invalid-scope': [{ scopes: ['nothing-like-it'] }, { scopes: ['__proto__'] }],
        'error-invalid-address': [
          { addresses: [] },
          { addresses: ['localhost'] },
          { addresses: ['10.0.0.1,10.0.0.2'] },
        ],
        '400': [
          { scopes: 'view-d-room' },
          { scopes: [{ $ne: '' }] },
          { addresses: {} },
          { expiresAt: 1 },
          { expiresAt: null },
        ],
      };
      for (const [code, cases] of Object.entries(refused)) {
        for (const one of cases) {
          world.clock.move(10_000);
          assert.equal(String(errorOf(await generate(one))), code, JSON.stringify(one));
        }
      }
    });
  });

  it('refuses what is no end, no scope of the caller, and no address', async () => {
    await atAllDoors(async ({ world, rest }) => {
      await world.add('alice');
      const { account, text } = await world.signIn('alice');
      const shown = { 'x-user-id': account.id, 'x-auth-token': text };
      const refused: Record<string, readonly object[]> = {
        'error-invalid-date': [
          { expiresAt: '2026-08-20T10:00:00Z' },
          { expiresAt: '2020-01-01' },
          { expiresAt: 'never' },
          { expiresAt: '' },
          { expiresAt: '2027-02-30T00:00:00Z' },
        ],
        'error-invalid-scope': [
          { scopes: ['create-user'] },
          { scopes: ['create-personal-access-tokens', 'nothing'] },
          { scopes: ['constructor'] },
        ],
        'error-invalid-address': [
          { addresses: ['localhost'] },
          { addresses: ['10.0.0.0/33'] },
          { addresses: ['10.0.0.1,10.0.0.2'] },
          { addresses: ['10.0.0.1 '] },
          { addresses: ['fe80::1%eth0'] },
        ],
        'invalid-params': [
          { expiresAt: 1_900_000_000_000 },
          { expiresAt: null },
          { expiresAt: { $gt: '' } },
          { scopes: 'create-user' },
          { scopes: [1] },
          { scopes: [''] },
          { scopes: { $ne: [] } },
          { addresses: [] },
          { addresses: '10.0.0.1' },
          { addresses: Array.from({ length: 101 }, () => '10.0.0.1') },
          { scope: [] },
        ],
      };
      for (const [code, cases] of Object.entries(refused)) {
        for (const one of cases) {
          const reply = await rest('post', '/api/v1/users.generatePersonalAccessToken', shown, {
            tokenName: 'x',
            ...one,
          });
          assert.deepEqual([reply.status, reply.json['errorType']], [400, code], JSON.stringify(one));
        }
      }
      const scopes = ['create-personal-access-tokens'];
      const own = await rest('post', '/api/v1/users.generatePersonalAccessToken', shown, { tokenName: 'x', scopes });
      assert.equal(own.status, 200);
    });
  });

  it('tells the audit trail how narrow it is', async () => {
    await atAllDoors(async ({ world, owner, make }) => {
      await make({ name: 'n', endsAt: world.clock.now() + 1, scopes: ['create-user'], addresses: ['10.0.0.1'] });
      const [entry] = await world.store.audit.newest(1, owner.id);
      const { token, ...facts } = entry?.facts ?? {};
      assert.equal(typeof token, 'string');
      assert.deepEqual(facts, {
        name: 'n',
        endsAt: world.clock.now() + 1,
        scopes: 'create-user',
        addresses: '10.0.0.1',
      });
    });
  });
});

describe('the second factor of a session', () => {
  it('is kept with it, and with what it renews itself into', async () => {
    await atAllDoors(async ({ world, owner }) => {
      const shown = await world.signIn('owner');
      const signed: Signed = await world.app.session.authenticate(owner.id, shown.text);
      assert.equal(signed.token.factor, undefined);
      await world.app.factor.turnEmailOn(signed, caller());
      const proof = [{ by: 'id', value: owner.id }, { plain: 'correct horse battery staple' }, caller()] as const;
      assert.equal(await codeOf(world.app.session.logIn(...proof)), 'factor-required');
      const code = world.mails.findLast(({ kind }) => kind === 'authentication-code')?.facts['code'];
      const opened = await world.app.session.logIn(...proof, { code, method: 'email' });
      assert.equal(opened.token.factor, 'email');
      const found = await world.app.session.authenticate(owner.id, opened.text);
      assert.equal(found.token.factor, 'email');
      assert.equal((await world.app.session.renew(found, caller())).token.factor, 'email');
    });
  });
});
