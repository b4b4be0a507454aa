import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { caller, password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import {
  type ApplicationWorld,
  type KnownApplication,
  openApplicationWorld,
  redirect,
} from './application-world.suite.ts';
import { forwardAuthDoor } from './forward/door.ts';
import type { RestReply } from './rest-world.suite.ts';

describe('access tokens of applications at the API', () => {
  let world: ApplicationWorld;
  let application: KnownApplication;
  before(async () => {
    world = await openApplicationWorld();
    await world.add('alice');
    await world.add('bob');
    await world.asAdmin();
    application = await world.register();
  });
  after(async () => {
    await world.close();
  });

  const bearer = (access: string): Record<string, string> => ({ authorization: `Bearer ${access}` });
  const call = async (
    access: string,
    url: string,
    body?: object,
    more: Record<string, string> = {},
  ): Promise<RestReply> =>
    await world.call({ url, headers: { ...bearer(access), ...more }, ...(body === undefined ? {} : { body }) });
  const accessOf = async (username: string, of = application): Promise<string> =>
    (await world.letIn(username, of)).access;

  it('stand in for the two headers, in a header or in the address (rest.md §3.2)', async () => {
    const access = await accessOf('alice');
    const { text, account } = await world.signIn('alice');
    const pair = { 'x-user-id': account.id, 'x-auth-token': text };
    assert.equal((await call(access, '/api/v1/me')).json['username'], 'alice');
    assert.equal((await call(access, '/api/v1/me', undefined, { authorization: `bearer  ${access}` })).status, 200);
    assert.equal((await world.call({ url: `/api/v1/me?access_token=${access}` })).json['username'], 'alice');
    assert.equal((await call(access, '/api/v1/me', undefined, { 'x-user-id': account.id })).status, 200);
    // A complete pair alone counts, also where it is wrong.
    const bob = await world.headersOf('bob');
    assert.equal((await call(access, '/api/v1/me', undefined, bob)).json['username'], 'bob');
    assert.equal((await call(access, '/api/v1/me', undefined, { ...pair, 'x-auth-token': 'wrong' })).status, 401);
    for (const url of [
      `/api/v1/me?access_token=${access}`,
      `/api/v1/me?access_token=${access}&access_token=${access}`,
      `/api/v1/me?access_token[]=${access}`,
      `/api/v1/me?access_token[$eq]=${access}`,
    ]) {
      assert.equal((await world.call({ url, headers: bearer(access) })).status, 401, `two ways: ${url}`);
      assert.equal((await world.call({ url, headers: pair })).status, 401, `beside the pair: ${url}`);
    }
  });

  it('are no sessions, and no session is an access token (Q17)', async () => {
    const { access, refresh } = await world.letIn('alice', application);
    const { text, account } = await world.signIn('alice');
    for (const token of [access, refresh]) {
      const headers = { 'x-user-id': account.id, 'x-auth-token': token };
      assert.equal((await world.call({ url: '/api/v1/me', headers })).status, 401);
      assert.equal((await world.call({ url: '/api/v1/login', body: { resume: token } })).status, 401);
      await assert.rejects(world.app.session.resume(token, caller({ door: 'ddp' })), { code: 'token-unknown' });
    }
    for (const token of [text, refresh, access.toUpperCase(), `${access}0`, 'x', '']) {
      assert.equal((await call(token, '/api/v1/me')).status, 401);
      assert.equal((await world.call({ url: `/api/v1/me?access_token=${token}` })).status, 401);
    }
    assert.equal((await world.call({ url: '/api/v1/me', headers: { authorization: `Basic ${access}` } })).status, 401);
  });

  it('act with the rights of the account, and no others', async () => {
    const ofAlice = await accessOf('alice');
    const ofRoot = await accessOf('root');
    assert.equal((await call(ofAlice, '/api/v1/settings/Site_Name')).status, 403);
    assert.equal((await call(ofRoot, '/api/v1/settings/Site_Name')).status, 200);
    assert.equal((await call(ofAlice, '/api/v1/users.setStatus', { status: 'busy', message: 'at work' })).status, 200);
  });

  it('carry no more than the application was given, where it was given some', async () => {
    const some = await world.register({ permissions: ['view-d-room'] });
    const access = await accessOf('root', some);
    assert.equal((await call(access, '/api/v1/users.list')).status, 200);
    assert.equal((await call(access, '/api/v1/settings/Site_Name')).status, 403);
    assert.equal((await call(access, '/api/v1/users.setStatus', { status: 'busy' })).status, 403);
    assert.equal((await call(access, '/api/v1/me')).status, 200);
  });

  it('end with their hour, with the application and with the account', async () => {
    const late = await accessOf('alice');
    world.clock.move(3_600_000);
    assert.equal((await call(late, '/api/v1/me')).status, 401);
    const other = await world.register();
    const orphan = await accessOf('alice', other);
    await world.call({ url: '/api/v1/oauth-apps.delete', headers: await world.asAdmin(), body: { appId: other._id } });
    assert.equal((await call(orphan, '/api/v1/me')).status, 401);
    const { id } = await world.add('dora');
    const closed = await accessOf('dora');
    await world.app.host.setOpen(id, false, caller({ door: 'cli' }));
    assert.equal((await call(closed, '/api/v1/me')).status, 401);
    await world.app.host.setOpen(id, true, caller({ door: 'cli' }));
    assert.equal((await call(closed, '/api/v1/me')).status, 401);
  });

  it('end with a new password, whoever chose it', async () => {
    const { id } = await world.add('erin');
    const old = await accessOf('erin');
    const code = { 'x-2fa-code': sha256Hex(password), 'x-2fa-method': 'password' };
    const changed = await world.call({
      url: '/api/v1/users.update',
      headers: { ...(await world.asAdmin()), ...code },
      body: { userId: id, data: { password: 'Another password, of erin 1' } },
    });
    assert.equal(changed.status, 200, changed.text);
    assert.equal((await call(old, '/api/v1/me')).status, 401);
  });

  it('are never a trusted client: the second factor is asked each time', async () => {
    await world.add('fresh', { roles: ['admin'] });
    const access = await accessOf('fresh');
    const { id: userId } = (await world.signIn('bob')).account;
    const ask = async (more: Record<string, string> = {}): Promise<RestReply> =>
      await call(access, '/api/v1/users.update', { userId, data: { name: 'Bob' } }, more);
    assert.equal((await ask()).json['errorType'], 'totp-required', 'although the account is new');
    const code = { 'x-2fa-code': sha256Hex(password), 'x-2fa-method': 'password' };
    assert.equal((await ask(code)).status, 200);
    assert.equal((await ask()).json['errorType'], 'totp-required', 'although it was shown a moment ago');
  });

  it('manage nothing of how somebody signs in, nor who may what', async () => {
    const access = await accessOf('root');
    const admin = await world.app.account.find({ by: 'username', value: 'root' });
    const closed: readonly [string, object?][] = [
      ['/api/v1/logout', {}],
      ['/api/v1/logout'],
      ['/api/v1/users.logout', {}],
      ['/api/v1/users.logoutOtherClients', {}],
      ['/api/v1/users.removeOtherTokens', {}],
      ['/api/v1/users.createToken', { userId: admin?.id }],
      ['/api/v1/users.create', { name: 'x', username: 'x', email: 'x@example.com', password: 'xxxxxxxxxxxxxx' }],
      ['/api/v1/users.generatePersonalAccessToken', { tokenName: 'x' }],
      ['/api/v1/users.getPersonalAccessTokens'],
      ['/api/v1/users.updateOwnBasicInfo', { data: { newPassword: 'x' } }],
      ['/api/v1/users.deleteOwnAccount', { password: 'x' }],
      ['/api/v1/users.2fa.enableEmail', {}],
      ['/api/v1/users.enableTotp', {}],
      ['/api/v1/users.totpQrCode'],
      ['/api/v1/passkeys.begin', {}],
      ['/api/v1/passkeys.list'],
      ['/api/v1/users.trustedClients'],
      ['/api/v1/sessions/list?count=10'],
      ['/api/v1/oauth-apps.list'],
      ['/api/v1/oauth-apps.create', { name: 'x', active: true, redirectUri: redirect }],
      ['/api/v1/applications.consents'],
      ['/api/v1/applications.withdraw', { clientId: application.clientId }],
      ['/api/v1/permissions.update', { permissions: [] }],
      ['/api/v1/settings', { settings: [{ _id: 'Accounts_RegistrationForm', value: 'Public' }] }],
      ['/api/v1/settings/Accounts_RegistrationForm', { value: 'Public' }],
      ['/api/v1/roles.addUserToRole', { roleName: 'admin', username: 'alice' }],
      ['/api/v1/method.call/getNewToken', { message: '{"msg":"method","id":"1","method":"getNewToken","params":[]}' }],
    ];
    for (const [url, body] of closed) {
      const reply = await call(access, url, body);
      assert.equal(reply.status, 403, `${url} ${reply.text}`);
    }
    assert.equal((await call(access, '/api/v1/me')).status, 200, 'and it is still good');
    // Whoever calls a method without a token is nobody; a token of an application is no more than that there.
    const anonymous = await call(access, '/api/v1/method.callAnon/echo', {
      message: '{"msg":"method","id":"1","method":"echo","params":[]}',
    });
    assert.match(anonymous.text, /\\"userId\\":null/u);
  });

  it('set nothing with which somebody signs in, and no role, also where no second factor is asked', async () => {
    const off = await openApplicationWorld({
      env: { OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enabled: 'false' },
    });
    try {
      const { id } = await off.add('cat');
      const { access } = await off.letIn('root', await off.register());
      const { id: own } = (await off.signIn('root')).account;
      const changes = [
        { roles: ['admin'] },
        { password: 'Another long password 1!' },
        { setRandomPassword: true },
        { requirePasswordChange: true },
        { email: 'evil@example.com' },
        { verified: false },
        { username: 'evil' },
        { active: false },
      ];
      for (const data of changes) {
        for (const userId of [id, own]) {
          const reply = await off.call({
            url: '/api/v1/users.update',
            headers: bearer(access),
            body: { userId, data },
          });
          assert.equal(reply.status, 403, `${JSON.stringify(data)} ${reply.text}`);
        }
      }
      const cat = await off.app.account.find({ by: 'username', value: 'cat' });
      assert.deepEqual(cat?.roles, ['user']);
      const name = { userId: id, data: { name: 'Kat' } };
      assert.equal((await off.call({ url: '/api/v1/users.update', headers: bearer(access), body: name })).status, 200);
    } finally {
      await off.close();
    }
  });

  it('are told to services that may ask, with the application and what they carry (RFC 7662)', async () => {
    const asker = await world.asAdmin();
    const ask = async (body: object, headers = asker): Promise<RestReply['json']> =>
      (await world.call({ url: '/api/v1/tokens.introspect', headers, body })).json;
    const small = await world.register({ permissions: ['view-d-room', 'view-privileged-setting'] });
    const { access, refresh } = await world.letIn('alice', small);
    const alice = await world.app.account.find({ by: 'username', value: 'alice' });
    const told = await ask({ token: access, userId: alice?.id });
    const now = Math.floor(world.clock.now() / 1000);
    assert.deepEqual(
      [told['active'], told['sub'], told['username'], told['client_id'], told['token_type'], told['iat'], told['exp']],
      [true, alice?.id, 'alice', small.clientId, 'Bearer', now, now + 3_600],
    );
    assert.deepEqual(String(told['scope']).split(' ').toSorted(), ['view-d-room', 'view-privileged-setting']);
    const ofAll = await ask({ token: await accessOf('alice') });
    assert.deepEqual([ofAll['client_id'], ofAll['scope']], [application.clientId, undefined]);
    const nothing = { active: false, success: true };
    assert.deepEqual(await ask({ token: refresh }), nothing);
    const bob = await world.app.account.find({ by: 'username', value: 'bob' });
    assert.deepEqual(await ask({ token: access, userId: bob?.id }), nothing);
    assert.equal((await ask({ token: access }, await world.headersOf('bob')))['active'], undefined);
    await world.app.host.setOpen(alice?.id ?? '', false, caller({ door: 'cli' }));
    assert.deepEqual(await ask({ token: access }), nothing);
    await world.app.host.setOpen(alice?.id ?? '', true, caller({ door: 'cli' }));
    const late = await accessOf('bob');
    world.clock.move(3_600_000);
    assert.deepEqual(await ask({ token: late }, await world.asAdmin()), nothing);
  });

  it('open nothing by forward-auth', async () => {
    const door = forwardAuthDoor({
      app: world.app,
      callerOf: () => ({ address: '203.0.113.9', userAgent: '' }),
      log: () => undefined,
    });
    const server = createServer((request, response) => {
      door.handleRequest(request, response);
    });
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    try {
      const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}/forward-auth`;
      const statusOf = async (headers: Record<string, string>, query = ''): Promise<number> =>
        (await fetch(`${at}${query}`, { headers })).status;
      const { account, text } = await world.signIn('bob');
      const pairOf = (token: string) => ({ 'x-user-id': account.id, 'x-auth-token': token });
      assert.equal(await statusOf(pairOf(text)), 200);
      const access = await accessOf('bob');
      assert.equal(await statusOf(bearer(access)), 401);
      assert.equal(await statusOf(pairOf(access)), 401);
      assert.notEqual(await statusOf({}, `?access_token=${access}`), 200);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('carry no more than the person was told of, also where the application gets more later', async () => {
    const small = await world.register({ permissions: [] });
    const old = await accessOf('root', small);
    const list = async (access: string): Promise<number> => (await call(access, '/api/v1/settings/Site_Name')).status;
    assert.equal(await list(old), 403);
    const { account, token } = await world.signIn('root');
    await world.app.application.change(
      { account, token },
      small._id,
      { options: { permissions: undefined } },
      caller(),
    );
    assert.equal(await list(old), 403);
    assert.equal(await list(await accessOf('root', small)), 200);
  });
});

describe('consents', () => {
  let world: ApplicationWorld;
  before(async () => {
    world = await openApplicationWorld();
    await world.add('alice');
    await world.add('bob');
  });
  after(async () => {
    await world.close();
  });

  it('are seen and taken back by their owner; what came of them ends', async () => {
    const [one, other] = [await world.register({ name: 'One' }), await world.register({ name: 'Other' })];
    const alice = await world.headersOf('alice');
    const bob = await world.headersOf('bob');
    const givenAt = new Date(world.clock.now()).toISOString();
    const ofOne = await world.letIn('alice', one);
    world.clock.move(1_000);
    const ofOther = await world.letIn('alice', other);
    const ofBob = await world.letIn('bob', one);
    const list = async () => (await world.call({ url: '/api/v1/applications.consents', headers: alice })).json;
    assert.deepEqual(await list(), {
      consents: [
        { clientId: other.clientId, name: 'Other', givenAt: new Date(world.clock.now()).toISOString() },
        { clientId: one.clientId, name: 'One', givenAt },
      ],
      success: true,
    });
    const withdraw = async (clientId: string, headers = alice): Promise<RestReply> =>
      await world.call({ url: '/api/v1/applications.withdraw', headers, body: { clientId } });
    assert.deepEqual((await withdraw(one.clientId)).json, { success: true });
    assert.equal((await world.userinfo(ofOne.access)).status, 401);
    assert.equal((await world.refresh(one, ofOne.refresh)).json['error'], 'invalid_grant');
    assert.equal((await world.userinfo(ofOther.access)).status, 200);
    assert.equal((await world.userinfo(ofBob.access)).status, 200);
    const unknown = 'Application not found [error-application-not-found]';
    assert.equal((await withdraw(one.clientId)).json['error'], unknown);
    assert.equal((await withdraw(other.clientId, bob)).json['error'], unknown);
    assert.equal((await withdraw('nobody')).json['error'], unknown);
    assert.equal(((await list())['consents'] as unknown[]).length, 1);
    const [entry] = await world.store.audit.newest(1, String(alice['x-user-id']));
    assert.equal(entry?.what, 'application.withdraw');
  });
});
