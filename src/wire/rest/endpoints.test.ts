import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Ajv } from 'ajv';
import { codeOf } from '../../../test/factor-owner.ts';
import { fakeProviders, identityOf } from '../../../test/fake-providers.ts';
import { passkeyDevice } from '../../../test/passkey-device.ts';
import { caller, password } from '../../../test/world.ts';
import type { Directory } from '../../core/directory/directory.ts';
import { fakeDirectory } from '../../core/directory/fake-directory.suite.ts';
import { sha256Hex } from '../../lib/digest.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints/index.ts';
import { openRestWorld, type RestReply, type RestRequest, type RestWorld } from './rest-world.suite.ts';

type Headers = Record<string, string>;

const elsewhere = fakeProviders();
let directory: Directory | undefined;
const openMaking = {
  parts: {
    tokenMaking: { on: true, secret: undefined },
    providers: elsewhere.providers,
    directory: () => directory,
  },
  env: { OVERWRITE_SETTING_LDAP_BaseDN: 'dc=example,dc=test' },
};

function asked(method: 'get' | 'post', path: string): Endpoint {
  const found = endpoints.find((one) => one.method === method && one.path === path);
  assert.ok(found, `${method} ${path}`);
  return found;
}

describe('each endpoint', () => {
  const seen = new Set<Endpoint>();
  const ajv = new Ajv();
  let world: RestWorld;
  let alice: Headers;
  let admin: Headers;
  let aliceId: string;

  before(async () => {
    world = await openRestWorld(openMaking);
    await world.add('alice');
    alice = await world.headersOf('alice');
    admin = await world.asAdmin();
    aliceId = alice['x-user-id'] ?? '';
  });
  after(async () => {
    await world.close();
  });

  async function done(path: string, url: string, request: Omit<RestRequest, 'url'> = {}): Promise<RestReply> {
    const endpoint = asked(request.method === 'POST' || request.body !== undefined ? 'post' : 'get', path);
    seen.add(endpoint);
    const reply = await world.call({ url, ...request });
    assert.equal(reply.status, 200, `${url}: ${reply.text}`);
    assert.equal(reply.headers['content-type'], 'application/json');
    const { success, ...rest } = reply.json;
    assert.equal(success, endpoint.envelope === false ? undefined : true);
    const validate = ajv.compile(endpoint.answer);
    assert.ok(validate(rest), `${url}: ${JSON.stringify(validate.errors)}`);
    return reply;
  }

  it('answers as documented', async () => {
    const id = aliceId;
    assert.equal(
      (await done('/api/v1/users.getStatus', '/api/v1/users.getStatus', { headers: alice })).text,
      `{"_id":"${id}","connectionStatus":"offline","status":"offline","success":true}`,
    );
    assert.equal(
      (await done('/api/v1/users.getStatus', '/api/v1/users.getStatus?username=root', { headers: alice })).text,
      `{"_id":"${admin['x-user-id']}","status":"offline","success":true}`,
    );
    assert.equal(
      (await done('/api/v1/users.getPresence', '/api/v1/users.getPresence', { headers: alice })).text,
      '{"presence":"offline","connectionStatus":"offline","lastLogin":"2026-08-20T10:00:00.000Z","success":true}',
    );
    assert.equal(
      (
        await done('/api/v1/users.getPresence', `/api/v1/users.getPresence?userId=${admin['x-user-id']}`, {
          headers: alice,
        })
      ).text,
      '{"presence":"offline","success":true}',
    );
    assert.equal(
      (await done('/api/v1/users.presence', '/api/v1/users.presence', { headers: alice })).text,
      '{"users":[],"full":true,"success":true}',
    );
    assert.equal(
      (await done('/api/v1/users.presence', `/api/v1/users.presence?ids=${id},nobody`, { headers: alice })).text,
      `{"users":[{"_id":"${id}","username":"alice","name":"alice","status":"offline","utcOffset":0}],"full":false,"success":true}`,
    );
    const body = { status: 'busy', message: 'in a call' };
    assert.equal(
      (await done('/api/v1/users.setStatus', '/api/v1/users.setStatus', { headers: alice, body })).text,
      '{"success":true}',
    );
    assert.equal(
      (await done('/api/v1/service.configurations', '/api/v1/service.configurations')).text,
      '{"configurations":[],"success":true}',
    );
    assert.equal(
      (await done('/api/v1/settings.oauth', '/api/v1/settings.oauth')).text,
      '{"services":[],"success":true}',
    );
    assert.equal(
      (await done('/api/v1/settings/:_id', '/api/v1/settings/Site_Name', { headers: admin })).text,
      '{"_id":"Site_Name","value":"Rocket.Chat","success":true}',
    );
    assert.equal(
      (await done('/api/v1/settings.public', '/api/v1/settings.public?_id=Site_Name,%20Language,none')).text,
      '{"settings":[{"_id":"Language","value":"","enterprise":false},{"_id":"Site_Name","value":"Rocket.Chat","enterprise":false}],"count":2,"offset":0,"total":2,"success":true}',
    );
    assert.equal(
      (await done('/api/v1/settings', '/api/v1/settings?count=1&includeDefaults=true', { headers: admin })).text,
      `{"settings":[{"_id":"API_Allow_Infinite_Count","value":true,"enterprise":false,"packageValue":true}],"count":1,"offset":0,"total":${world.app.settings.list().length},"success":true}`,
    );
    assert.equal(
      (await done('/api/v1/settings/:_id', '/api/v1/settings/Site_Name', { headers: admin, body: { value: 'Here' } }))
        .text,
      '{"success":true}',
    );
    assert.equal(world.app.settings.get('Site_Name'), 'Here');
    const changes = { settings: [{ _id: 'Site_Name', value: 'There' }] };
    await done('/api/v1/settings', '/api/v1/settings', { headers: admin, body: changes });
    assert.equal(world.app.settings.get('Site_Name'), 'There');
    for (const name of ['addCustomOAuth', 'refreshOAuthServices', 'removeCustomOAuth']) {
      const path = `/api/v1/settings.${name}`;
      assert.equal((await done(path, path, { headers: admin, body: { name: 'x' } })).text, '{"success":true}');
    }
    for (const path of ['/api/info', '/api/v1/info']) {
      assert.equal(
        (await done(path, path)).text,
        `{"workspaceUrl":"http://localhost:3000","hashedWorkspaceUrl":"${sha256Hex('http://localhost:3000')}","version":"8.7","minimumClientVersions":{"desktop":"3.9.6","mobile":"4.39.0"},"success":true}`,
      );
      assert.equal((await done(path, path, { headers: admin })).json['version'], '8.7.0');
    }
    const roles = (await done('/api/v1/roles.list', '/api/v1/roles.list', { headers: alice })).json['roles'];
    assert.deepEqual(
      (roles as { _id: string }[]).find(({ _id }) => _id === 'user'),
      { _id: 'user', name: 'user', scope: 'Users', description: '', protected: true, mandatory2fa: false },
    );
    const listed = await done('/api/v1/permissions.listAll', '/api/v1/permissions.listAll', { headers: alice });
    assert.deepEqual(
      (listed.json['update'] as { _id: string }[]).find(({ _id }) => _id === 'create-user'),
      { _id: 'create-user', roles: ['admin'], _updatedAt: '2026-08-20T10:00:00.000Z' },
    );
  });

  it('runs the method inside the message', async () => {
    const callers: readonly (readonly [string, Headers])[] = [
      ['/api/v1/method.call/:method', alice],
      ['/api/v1/method.callAnon/:method', {}],
      ['/api/v1/method.callAnon/:method', alice],
    ];
    for (const [path, headers] of callers) {
      const message = JSON.stringify({ msg: 'method', id: '42', method: 'echo', params: [1] });
      const reply = await done(path, path.replace(':method', 'other'), { headers, body: { message } });
      const userId = headers['x-user-id'] ?? null;
      assert.deepEqual(JSON.parse(reply.json['message'] as string), {
        msg: 'result',
        id: '42',
        result: { params: [1], userId },
      });
      assert.equal(world.methodCalls.at(-1)?.[2].door, 'method-call');
    }
    const message = JSON.stringify({ msg: 'method', id: '42', method: 'nothing', params: [] });
    const failed = await world.call({ url: '/api/v1/method.call/nothing', headers: alice, body: { message } });
    assert.equal(failed.status, 400);
    assert.equal(
      failed.text,
      `{"message":${JSON.stringify(JSON.stringify({ msg: 'result', id: '42', error: { isClientSafe: true, error: 404, reason: "Method 'nothing' not found", message: "Method 'nothing' not found [404]", errorType: 'Meteor.Error' } }))},"success":false}`,
    );
    for (const wrong of ['', 'x', '[]', '{"msg":"ping"}', '{"msg":"method","id":1,"method":"echo"}']) {
      const reply = await world.call({ url: '/api/v1/method.callAnon/x', body: { message: wrong } });
      assert.equal(reply.text, '{"success":false,"error":"Invalid method call"}');
    }
  });

  it('makes, lists, renews and removes personal tokens', async () => {
    const body = { tokenName: 'ci', bypassTwoFactor: true };
    const made = await done('/api/v1/users.generatePersonalAccessToken', '/api/v1/users.generatePersonalAccessToken', {
      headers: alice,
      body,
    });
    const token = made.json['token'] as string;
    assert.equal(made.text, `{"token":"${token}","success":true}`);
    assert.equal(
      (await done('/api/v1/users.getPersonalAccessTokens', '/api/v1/users.getPersonalAccessTokens', { headers: alice }))
        .text,
      `{"tokens":[{"name":"ci","createdAt":"2026-08-20T10:00:00.000Z","lastTokenPart":"${token.slice(-6)}","bypassTwoFactor":true}],"success":true}`,
    );
    const again = await world.call({ url: '/api/v1/users.generatePersonalAccessToken', headers: alice, body });
    assert.equal(
      again.text,
      '{"success":false,"error":"A token with this name already exists [error-token-already-exists]","errorType":"error-token-already-exists"}',
    );
    const named = { headers: alice, body: { tokenName: 'ci' } };
    const renewed = await done(
      '/api/v1/users.regeneratePersonalAccessToken',
      '/api/v1/users.regeneratePersonalAccessToken',
      named,
    );
    const me = (text: string): Promise<RestReply> =>
      world.call({ url: '/api/v1/me', headers: { 'x-user-id': aliceId, 'x-auth-token': text } });
    assert.equal((await me(token)).status, 401);
    assert.equal((await me(renewed.json['token'] as string)).status, 200);
    await done('/api/v1/users.removePersonalAccessToken', '/api/v1/users.removePersonalAccessToken', named);
    assert.equal((await me(renewed.json['token'] as string)).status, 401);
    const gone = await world.call({ url: '/api/v1/users.removePersonalAccessToken', ...named });
    assert.equal(
      gone.text,
      '{"success":false,"error":"Token does not exist [error-token-does-not-exists]","errorType":"error-token-does-not-exists"}',
    );
  });

  it('makes, tells, closes and deletes accounts', async () => {
    const body = { username: 'jane', name: 'Jane', email: 'jane@example.com', password: 'x' };
    const made = await done('/api/v1/users.create', '/api/v1/users.create', { headers: admin, body });
    const { _id } = made.json['user'] as { _id: string };
    assert.equal(
      made.text,
      `{"user":{"_id":"${_id}","createdAt":"2026-08-20T10:00:00.000Z","username":"jane","emails":[{"address":"jane@example.com","verified":false}],"type":"user","status":"offline","active":true,"roles":["user"],"name":"Jane","settings":{},"_updatedAt":"2026-08-20T10:00:00.000Z"},"success":true}`,
    );
    assert.equal(
      (await done('/api/v1/users.info', '/api/v1/users.info?username=JANE', { headers: alice })).text,
      `{"user":{"_id":"${_id}","name":"Jane","username":"jane","status":"offline","type":"user","active":true},"success":true}`,
    );
    assert.equal(
      (await done('/api/v1/users.info', `/api/v1/users.info?userId=${_id}&includeUserRooms=true`, { headers: admin }))
        .text,
      `{"user":{"_id":"${_id}","name":"Jane","username":"jane","status":"offline","type":"user","active":true,"emails":[{"address":"jane@example.com","verified":false}],"statusConnection":"offline","createdAt":"2026-08-20T10:00:00.000Z","roles":["user"],"canViewAllInfo":true,"rooms":[]},"success":true}`,
    );
    const own = (await done('/api/v1/users.info', '/api/v1/users.info?username=alice', { headers: alice })).json;
    assert.deepEqual((own['user'] as { services: unknown }).services, { password: true });
    const list = await done('/api/v1/users.list', '/api/v1/users.list?sort=%7B%22username%22:-1%7D&count=1&offset=1', {
      headers: alice,
    });
    assert.equal(
      list.text,
      `{"users":[{"_id":"${_id}","name":"Jane","username":"jane","emails":[{"address":"jane@example.com","verified":false}],"roles":["user"],"status":"offline","active":true,"type":"user","nameInsensitive":"jane"}],"count":1,"offset":1,"total":3,"success":true}`,
    );
    assert.equal(
      (
        await done('/api/v1/users.setActiveStatus', '/api/v1/users.setActiveStatus', {
          headers: admin,
          body: { userId: _id, activeStatus: false },
        })
      ).text,
      `{"user":{"_id":"${_id}","active":false},"success":true}`,
    );
    assert.equal(
      (await done('/api/v1/users.delete', '/api/v1/users.delete', { headers: admin, body: { username: 'jane' } })).text,
      '{"deletedRooms":[],"success":true}',
    );
  });

  it('makes tokens and ends sessions', async () => {
    const made = await done('/api/v1/users.createToken', '/api/v1/users.createToken', {
      headers: admin,
      body: { username: 'ALICE' },
    });
    const { authToken } = made.json['data'] as { authToken: string };
    assert.equal(made.text, `{"data":{"userId":"${aliceId}","authToken":"${authToken}"},"success":true}`);
    const further = { 'x-user-id': aliceId, 'x-auth-token': authToken };
    assert.equal(
      (
        await done('/api/v1/users.logoutOtherClients', '/api/v1/users.logoutOtherClients', {
          method: 'POST',
          headers: further,
        })
      ).text,
      `{"token":"${authToken}","tokenExpires":"2026-11-18T10:00:00.000Z","success":true}`,
    );
    assert.equal((await world.call({ url: '/api/v1/me', headers: alice })).status, 401);
    await done('/api/v1/users.removeOtherTokens', '/api/v1/users.removeOtherTokens', { headers: further, body: {} });
    assert.equal(
      (await done('/api/v1/users.logout', '/api/v1/users.logout', { headers: admin, body: { userId: aliceId } })).text,
      `{"message":"User ${aliceId} has been logged out!","success":true}`,
    );
    assert.equal((await world.call({ url: '/api/v1/me', headers: further })).status, 401);
    for (const method of ['GET', 'POST'] as const) {
      const headers = await world.headersOf('alice');
      assert.equal(
        (await done('/api/v1/logout', '/api/v1/logout', { method, headers })).text,
        '{"status":"success","data":{"message":"You\'ve been logged out!"}}',
      );
      assert.equal((await world.call({ url: '/api/v1/me', headers })).status, 401);
    }
  });

  it('signs in and tells who is signed in', async () => {
    const logIn = await done('/api/v1/login', '/api/v1/login', { body: { user: 'alice', password } });
    const { userId, authToken, me } = logIn.json['data'] as { userId: string; authToken: string; me: object };
    const told = await done('/api/v1/me', '/api/v1/me', {
      headers: { 'x-user-id': userId, 'x-auth-token': authToken },
    });
    const { success, ...rest } = told.json;
    assert.equal(success, true);
    assert.deepEqual(rest, me);
  });

  it('signs in with a one-time code, and ends a sign-in that waits for its second factor', async () => {
    const erin = await world.add('erin');
    const { code } = await world.app.host.makeLoginCode(erin, 10, caller({ door: 'cli' }));
    const redeemed = await done('/api/v1/loginCode.redeem', '/api/v1/loginCode.redeem', { body: { code } });
    assert.equal(redeemed.json['userId'], erin.id);
    const signed = await world.app.session.authenticate(erin.id, String(redeemed.json['loginToken']));
    await world.app.factor.turnEmailOn(signed, caller());
    const challengeId = await world.app.session.beginPending(erin, 'github');
    const offers = '/api/v1/twoFactorChallenges.offer';
    const offered = await done(offers, offers, { body: { challengeId } });
    const { success: _, ...offer } = offered.json;
    assert.deepEqual(offer, { method: 'email', availableMethods: ['email'], codeGenerated: true });
    const sends = '/api/v1/twoFactorChallenges.sendEmailCode';
    assert.equal((await done(sends, sends, { body: { challengeId } })).text, '{"success":true}');
    const mailed = world.mails.findLast(({ kind }) => kind === 'authentication-code')?.facts['code'];
    const verifies = '/api/v1/twoFactorChallenges.verifyChallenge';
    const verified = await done(verifies, verifies, { body: { challengeId, code: mailed } });
    assert.equal(verified.json['userId'], erin.id);
  });

  it('has passkeys: makes, shows and takes them away', async () => {
    await world.add('carol');
    const headers = await world.headersOf('carol');
    const ask = async (name: string, body?: object, more: Headers = headers): Promise<RestReply['json']> => {
      const path = `/api/v1/passkeys.${name}`;
      return (await done(path, path, { headers: more, ...(body === undefined ? {} : { body }) })).json;
    };
    const device = passkeyDevice();
    const byPasskey = async (name: string, body: object): Promise<Headers> => {
      const required = await world.call({ url: `/api/v1/passkeys.${name}`, headers, body });
      const { options } = required.json['details'] as { options: unknown };
      return { ...headers, 'x-2fa-code': JSON.stringify(device.show(options)), 'x-2fa-method': 'passkey' };
    };
    const { options: creation } = await ask('begin', {});
    const added = await ask('add', { name: 'Phone', credential: device.make(creation) });
    assert.equal((added['codes'] as string[]).length, 12);
    await ask('rename', { id: device.id, name: 'Key' });
    await ask('setAlone', { alone: true }, await byPasskey('setAlone', { alone: true }));
    const { options } = await ask('signInOptions', {}, {});
    const { userId } = await ask('signIn', { credential: device.show(options) }, {});
    assert.equal(userId, headers['x-user-id']);
    const { passkeys, alone } = await ask('list');
    assert.deepEqual(passkeys, [
      {
        id: device.id,
        name: 'Key',
        createdAt: '2026-08-20T10:00:00.000Z',
        usedAt: '2026-08-20T10:00:00.000Z',
        backedUp: false,
      },
    ]);
    assert.equal(alone, true);
    await ask('remove', { id: device.id }, await byPasskey('remove', { id: device.id }));
  });

  it('has a directory: tries it, and finds somebody', async () => {
    directory = fakeDirectory({ 'cn=ada,dc=example,dc=test': { sAMAccountName: 'ada' } });
    const at = (name: string): readonly [string, string] => [`/api/v1/ldap.${name}`, `/api/v1/ldap.${name}`];
    const { text } = await done(...at('testConnection'), { headers: admin, body: {} });
    assert.equal(text, '{"message":"LDAP_Connection_successful","success":true}');
    const found = await done(...at('testSearch'), { headers: admin, body: { username: 'ada' } });
    assert.equal(found.text, '{"message":"LDAP_User_Found","success":true}');
    await world.app.settings.write([{ id: 'LDAP_Enable', value: true }], {
      caller: caller(),
      accountId: undefined,
      asHost: true,
    });
    const tried = await done(...at('testSignIn'), { headers: admin, body: { username: 'ada' } });
    const steps = tried.json['steps'] as readonly { readonly step: string }[];
    assert.deepEqual(
      steps.map(({ step }) => step),
      ['switch', 'connection', 'search', 'open', 'person', 'account'],
    );
    await world.app.settings.write([{ id: 'LDAP_Enable', value: false }], {
      caller: caller(),
      accountId: undefined,
      asHost: true,
    });
    directory = undefined;
  });

  it('has identities: joins, shows and parts them', async () => {
    await world.add('ida');
    const headers = { ...(await world.headersOf('ida')), 'x-2fa-code': sha256Hex(password) };
    const at = (name: string): readonly [string, string] => [
      `/api/v1/identities.${name}`,
      `/api/v1/identities.${name}`,
    ];
    elsewhere.set('google');
    const identity = identityOf('google', '42', { emails: [] });
    const credentialToken = 'the-credential-of-ida';
    const credentialSecret = await world.app.external.keepCredential('oauth', credentialToken, 'google', { identity });
    await done(...at('link'), { headers, body: { credentialToken, credentialSecret } });
    const { identities } = (await done(...at('list'), { headers })).json;
    const joined = { provider: 'google', subject: '42', facts: identity.facts };
    const moment = '2026-08-20T10:00:00.000Z';
    assert.deepEqual(identities, [{ ...joined, linkedAt: moment, usedAt: moment }]);
    await done(...at('unlink'), { headers, body: { provider: 'google', subject: '42' } });
    elsewhere.remove('google');
  });

  it('registers people, verifies their addresses, and sets forgotten passwords anew', async () => {
    const at = (name: string, query = ''): readonly [string, string] => [`/api/v1/${name}`, `/api/v1/${name}${query}`];
    const [email, pass] = ['rita@example.com', 'Tr0ub4dor & three horses'];
    const offered = await done(...at('registration.offerUsername'), { body: { username: 'rita', name: 'Rita' } });
    assert.deepEqual(offered.json, { free: true, suggestion: 'rita', success: true });
    await done(...at('users.register'), { body: { username: 'rita', name: 'Rita', email, pass } });
    const sent = (): string | undefined => world.mails.findLast(({ to }) => to.includes(email))?.facts['link'];
    const token = sent()?.split('/').at(-1);
    const look = { body: { token, purpose: 'verification' } };
    const held = await done(...at('mailedLinks.look'), look);
    assert.deepEqual(held.json, { held: true, username: 'rita', success: true });
    await done(...at('users.verifyEmail'), { body: { token } });
    assert.deepEqual((await done(...at('mailedLinks.look'), look)).json, { held: false, success: true });
    await done(...at('users.sendConfirmationEmail'), { body: { email } });
    await done(...at('users.forgotPassword'), { body: { email } });
    const older = sent();
    while (sent() === older) await pause(5);
    const fresh = `${pass} again`;
    const reset = { token: sent()?.split('/').at(-1), password: fresh };
    await done(...at('mailedLinks.setPassword'), { body: reset });
    const { account, text: authToken } = await world.signIn('rita', fresh);
    const headers = { 'x-user-id': account.id, 'x-auth-token': authToken };
    const free = await done(...at('users.checkUsernameAvailability', '?username=rita'), { headers });
    assert.equal(free.json['result'], true);
    const suggested = await done(...at('users.getUsernameSuggestion'), { headers });
    assert.match(String(suggested.json['result']), /^user-\d+$/u, 'rita is taken, by herself');
    await done(...at('users.sendWelcomeEmail'), { headers: admin, body: { email } });
    await done(...at('users.waysIn', `?userId=${account.id}`), { headers: admin });
  });

  it('sets second factors up, and takes them away', async () => {
    await world.add('finn');
    const own = { headers: await world.headersOf('finn') };
    const at = (name: string): readonly [string, string] => [`/api/v1/${name}`, `/api/v1/${name}`];
    const { secret } = (await done(...at('users.enableTotp'), { ...own, body: {} })).json;
    await done(...at('users.totpQrCode'), own);
    const code = (): string => codeOf(String(secret), world.clock.now());
    const on = await done(...at('users.validateTotp'), { ...own, body: { code: code() } });
    await done(...at('users.totpCodesRemaining'), own);
    const [backup] = on.json['codes'] as readonly string[];
    const renewed = await done(...at('users.regenerateTotpCodes'), { ...own, body: { code: backup } });
    await done(...at('users.2fa.enableEmail'), { ...own, body: {} });
    await done(...at('users.2fa.sendEmailCode'), { body: { emailOrUsername: 'nobody' } });
    const [first, second] = renewed.json['codes'] as readonly string[];
    const held = { 'x-2fa-code': first ?? '' };
    await done(...at('users.2fa.disableEmail'), { headers: { ...own.headers, ...held }, body: {} });
    await done(...at('users.trustedClients'), own);
    await done(...at('users.forgetTrustedClients'), { ...own, body: {} });
    await done(...at('users.disableTotp'), { ...own, body: { code: second } });
    await done(...at('users.resetTOTP'), { ...own, body: {} });
  });

  it('makes, gives, takes and removes roles, and says who holds which permission', async () => {
    await world.add('rosa');
    const at = (name: string, query = ''): readonly [string, string] => [`/api/v1/${name}`, `/api/v1/${name}${query}`];
    const root = { headers: admin };
    const made = await done(...at('roles.create'), { ...root, body: { name: 'Night shift', mandatory2fa: true } });
    const role = made.json['role'] as Readonly<Record<string, unknown>>;
    const roleId = String(role['_id']);
    assert.deepEqual(role, {
      _id: roleId,
      name: 'Night shift',
      scope: 'Users',
      description: '',
      protected: false,
      mandatory2fa: true,
      _updatedAt: '2026-08-20T10:00:00.000Z',
    });
    await done(...at('roles.update'), { ...root, body: { roleId, description: 'At night', mandatory2fa: false } });
    await done(...at('roles.addUserToRole'), { ...root, body: { username: 'Rosa', roleId } });
    const { users, total } = (await done(...at('roles.getUsersInRole', `?role=${roleId}&count=5`), root)).json;
    const [rosa] = users as readonly Readonly<Record<string, unknown>>[];
    assert.deepEqual([rosa?.['username'], total], ['rosa', 1]);
    const shown = await done(...at('roles.getUsersInPublicRoles'), root);
    assert.deepEqual((shown.json['users'] as readonly object[])[0], {
      _id: admin['x-user-id'],
      username: 'root',
      roles: ['admin'],
    });
    await done(...at('permissions.addRole'), { ...root, body: { permissionId: 'create-user', role: roleId } });
    await done(...at('permissions.removeRole'), { ...root, body: { permissionId: 'create-user', role: roleId } });
    const permissions = [{ _id: 'delete-user', roles: ['admin', roleId] }];
    await done(...at('permissions.update'), { ...root, body: { permissions } });
    await done(...at('roles.removeUserFromRole'), { ...root, body: { username: 'rosa', roleId } });
    await done(...at('roles.delete'), { ...root, body: { roleId } });
    const synced = await done(...at('roles.sync', '?updatedSince=2026-08-20T09:59:59.999Z'), root);
    const { update, remove } = synced.json['roles'] as { update: readonly object[]; remove: readonly object[] };
    assert.equal(update.length, 12);
    assert.deepEqual(remove, [{ _id: roleId, name: 'Night shift', _deletedAt: '2026-08-20T10:00:00.000Z' }]);
  });

  it('answers as it should about sessions and personal tokens of everybody', async () => {
    const headers = await world.headersOf('alice');
    const root = { headers: await world.headersOf('root') };
    const at = (name: string, query = ''): [string, string] => [`/api/v1/${name}`, `/api/v1/${name}${query}`];
    const list = await done(...at('sessions/list'), { headers });
    const [{ sessionId } = { sessionId: '' }] = list.json['sessions'] as readonly { readonly sessionId: string }[];
    await done(...at('sessions/info', `?sessionId=${sessionId}`), { headers });
    await done(...at('sessions/list.all'), root);
    await done(...at('sessions/info.admin', `?sessionId=${sessionId}`), root);
    await done(...at('sessions/logout.me'), { headers, body: { sessionId } });
    const { token } = await world.signIn('alice');
    await done(...at('sessions/logout'), { ...root, body: { sessionId: token.id } });
    const account = (await world.app.account.byId(aliceId)) ?? assert.fail('alice is gone');
    const narrow = { name: 'narrow', skipsSecondFactor: false, scopes: [], addresses: ['::1'], endsAt: 4e12 };
    await world.app.host.makePersonalToken(account, narrow, caller());
    const all = await done(...at('personalTokens.list.all', '?username=alice'), root);
    const [{ _id: tokenId } = { _id: '' }] = all.json['tokens'] as readonly { readonly _id: string }[];
    await done(...at('users.getPersonalAccessTokens', '?details=true'), { headers: await world.headersOf('alice') });
    await done(...at('personalTokens.revoke'), { ...root, body: { tokenId } });
  });

  it('answers as it should about blocks', async () => {
    const root = { headers: await world.headersOf('root') };
    for (let n = 0; n < 10; n += 1) {
      const claim = { by: 'username', value: 'nobody at all' } as const;
      await assert.rejects(world.app.session.logIn(claim, { plain: 'x' }, caller({ address: `192.0.2.${n}` })));
    }
    const list = await done('/api/v1/blocks.list', '/api/v1/blocks.list', root);
    const [{ name } = { name: '' }] = list.json['blocks'] as readonly { readonly name: string }[];
    const cleared = await done('/api/v1/blocks.clear', '/api/v1/blocks.clear', { ...root, body: { name } });
    assert.equal(cleared.json['cleared'], 10);
  });

  it('answers as it should about figures and mails', async () => {
    const root = { headers: await world.headersOf('root') };
    const at = (name: string, query = ''): [string, string] => [`/api/v1/${name}`, `/api/v1/${name}${query}`];
    await done(...at('statistics.overview'), root);
    await done(...at('statistics.signIns', '?step=day'), root);
    const about = { kind: 'welcome', recipient: 'ada@example.org', subject: 'Hello', sealedBody: 'x' } as const;
    const stood = { madeAt: 1, dueAt: 2, tries: 3, lastError: 'Refused.', sentAt: 4 };
    const states = ['waiting', 'failed', 'sent'] as const;
    await world.store.outbox.add(states.map((state) => ({ id: state, ...about, ...stood, state })));
    const { mails } = (await done(...at('mails.list', '?count=2'), root)).json;
    assert.equal((mails as readonly unknown[]).length, 2);
    await done(...at('mails.retry'), { ...root, body: { id: 'failed' } });
    await done(...at('mails.remove'), { ...root, body: { id: 'sent' } });
    await done(...at('mails.test'), { ...root, body: {} });
  });

  it('tells the password policy', async () => {
    const { text } = await done('/api/v1/pw.getPolicy', '/api/v1/pw.getPolicy');
    assert.equal((await done('/api/v1/pw.getPolicyReset', '/api/v1/pw.getPolicyReset?token=x')).text, text);
  });

  it('answers as it should about applications', async () => {
    await world.add('agreeing');
    const headers = await world.headersOf('agreeing');
    const path = '/api/v1/oauth-apps';
    const redirectUri = 'https://a.example/cb';
    const body = { name: 'An application', active: true, redirectUri, publicClient: true, permissions: [] };
    const made = await done(`${path}.create`, `${path}.create`, { headers: admin, body });
    const { _id, clientId } = made.json['application'] as { readonly _id: string; readonly clientId: string };
    await done(`${path}.list`, `${path}.list`, { headers: admin });
    await done(`${path}.get`, `${path}.get?clientId=${clientId}`, { headers });
    await done(`${path}.update`, `${path}.update`, { headers: admin, body: { appId: _id, ...body } });
    const application = await world.app.application.at({ clientId, redirect: redirectUri });
    assert.ok(typeof application !== 'string');
    const consent = { application, redirect: redirectUri, challenge: undefined };
    await world.app.application.agree(await world.signIn('agreeing'), consent, caller());
    const own = '/api/v1/applications';
    await done(`${own}.consents`, `${own}.consents`, { headers });
    await done(`${own}.withdraw`, `${own}.withdraw`, { headers, body: { clientId } });
    seen.add(asked('post', `${path}.delete`));
    const removed = await world.call({ url: `${path}.delete`, headers: admin, body: { appId: _id } });
    assert.equal(removed.text, 'true');
  });

  it('answers as it should about profiles', async () => {
    const { id } = await world.add('profiled', { roles: ['user'] });
    const headers = { ...(await world.headersOf('profiled')), 'x-2fa-code': sha256Hex(password) };
    const by = { headers };
    const path = '/api/v1/users';
    const root = { headers: { ...(await world.headersOf('root')), 'x-2fa-code': sha256Hex(password) } };
    await done(`${path}.update`, `${path}.update`, { ...root, body: { userId: id, data: { bio: 'b' } } });
    await done(`${path}.updateOwnBasicInfo`, `${path}.updateOwnBasicInfo`, { ...by, body: { data: { name: 'N' } } });
    await done(`${path}.setPreferences`, `${path}.setPreferences`, { ...by, body: { data: { useEmojis: true } } });
    await done(`${path}.getPreferences`, `${path}.getPreferences`, by);
    await done(`${path}.listByStatus`, `${path}.listByStatus?status=active`, by);
    await done(`${path}.autocomplete`, `${path}.autocomplete?selector=%7B%22term%22%3A%22pro%22%7D`, by);
    await done(`${path}.getAvatarSuggestion`, `${path}.getAvatarSuggestion`, by);
    const gif = 'R0lGODdhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=';
    const body = { avatarUrl: `data:image/gif;base64,${gif}` };
    await done(`${path}.setAvatar`, `${path}.setAvatar`, { ...by, body });
    await done(`${path}.resetAvatar`, `${path}.resetAvatar`, { ...by, body: {} });
    await done(`${path}.deactivateIdle`, `${path}.deactivateIdle`, { ...root, body: { daysIdle: 3650 } });
    seen.add(asked('get', `${path}.getAvatar`));
    assert.equal((await world.call({ url: `${path}.getAvatar`, ...by })).status, 307);
    const setting = { id: 'Accounts_AllowDeleteOwnAccount', value: true };
    await world.app.setting.change(await world.signIn('root'), [setting], caller());
    const shown = { password: sha256Hex(password) };
    await done(`${path}.deleteOwnAccount`, `${path}.deleteOwnAccount`, { ...by, body: shown });
  });

  it('takes a file, looks at whom it tells of, and forgets it', async () => {
    const headers = { ...(await world.headersOf('root')), 'x-2fa-code': sha256Hex(password) };
    const path = '/api/v1/imports';
    const body = Buffer.from('{"_id":"x1","username":"from.afar","services":{}}\n');
    const type = { 'content-type': 'application/octet-stream' };
    const sent = { method: 'POST', headers: { ...headers, ...type }, body } as const;
    const uploaded = await done(`${path}.upload`, `${path}.upload?name=users.json`, sent);
    const importId = uploaded.json['importId'] as string;
    assert.equal(uploaded.text, `{"importId":"${importId}","bytes":${body.length},"success":true}`);
    await done(`${path}.start`, `${path}.start`, { headers, body: { importId, dryRun: true } });
    await done(`${path}.stop`, `${path}.stop`, { headers, body: { importId } });
    for (;;) {
      const { json } = await done(`${path}.progress`, `${path}.progress?importId=${importId}`, { headers });
      if (json['state'] !== 'running') break;
      await pause(10);
    }
    await done(`${path}.remove`, `${path}.remove`, { headers, body: { importId } });
  });

  it('answers as it should about the audit trail', async () => {
    await world.app.audit.seal();
    const list = await done('/api/v1/audit.list', '/api/v1/audit.list?count=2', {
      headers: await world.headersOf('root'),
    });
    assert.equal((list.json['entries'] as readonly unknown[]).length, 2);
    assert.equal(typeof list.json['next'], 'string');
    await world.add('oneself');
    const own = await done('/api/v1/users.lastSignIns', '/api/v1/users.lastSignIns', {
      headers: await world.headersOf('oneself'),
    });
    assert.equal((own.json['signIns'] as readonly unknown[]).length, 1);
  });

  it('answers as it should about a directory that is switched on, and about tokens that others were shown', async () => {
    const headers = await world.headersOf('root');
    const shown = await world.signIn('root');
    const told = await done('/api/v1/tokens.introspect', '/api/v1/tokens.introspect', {
      headers,
      body: { token: shown.text },
    });
    assert.equal(told.json['sub'], shown.account.id);
    await done('/api/v1/ldap.syncReport', '/api/v1/ldap.syncReport', { headers });
    const listed = await done('/api/v1/providers.list', '/api/v1/providers.list', { headers });
    assert.ok((listed.json['providers'] as readonly object[]).length > 15);
    const settings = await done('/api/v1/settings.described', '/api/v1/settings.described', { headers });
    assert.ok((settings.json['settings'] as readonly object[]).length > 300);
    await done('/api/v1/providers.test', '/api/v1/providers.test', { headers, body: { service: 'ldap' } });
    await world.app.setting.change(shown, [{ id: 'LDAP_Enable', value: true }], caller());
    await done('/api/v1/ldap.syncNow', '/api/v1/ldap.syncNow', { headers, body: {} });
    await world.app.setting.change(shown, [{ id: 'LDAP_Enable', value: false }], caller());
  });

  it('was called', () => {
    assert.deepEqual(
      endpoints.filter((endpoint) => !seen.has(endpoint)).map(({ method, path }) => `${method} ${path}`),
      [],
    );
  });
});
