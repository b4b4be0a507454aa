import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordOf } from '../src/core/audit/record.ts';
import type { Role } from '../src/core/setting/store.ts';
import { fromBase32 } from '../src/lib/base32.ts';
import { sha256Base64, sha256Hex } from '../src/lib/digest.ts';
import { codeOfStep, stepOf } from '../src/lib/totp.ts';
import type { Frame } from '../src/wire/ddp/ddp-world.suite.ts';
import { methods } from '../src/wire/ddp/methods/index.ts';
import { endpoints } from '../src/wire/rest/endpoints/index.ts';
import { type Doors as AllDoors, withAllDoors } from './all-doors.ts';
import { caller, password } from './world.ts';

const dayMs = 86_400_000;
const byPassword = { OVERWRITE_SETTING_Countersign_Second_Factor_Required_Sign_Ins: 'ldap, Password' };
const withGrace = { ...byPassword, OVERWRITE_SETTING_Countersign_Second_Factor_Grace_Days: '7' };

const guarded: Role = {
  id: 'guarded',
  name: 'guarded',
  scope: 'Users',
  description: '',
  protected: false,
  secondFactor: true,
};

interface Doors extends AllDoors {
  /** Whether what a session of this account may do is all there is. */
  isFull(username?: string): Promise<boolean>;
}

/** A whole product with each of its doors, where alice is there. */
async function atAllDoors(env: Record<string, string>, act: (doors: Doors) => Promise<void>): Promise<void> {
  await withAllDoors(env, async (doors) => {
    const { world, rest, headers } = doors;
    await world.store.settings.addRoles([guarded], 0);
    await world.app.permissions.load();
    await world.add('alice');
    await act({
      ...doors,
      isFull: async (username) => {
        const { status } = await rest('get', '/api/v1/users.list', await headers(username));
        assert.ok(status === 200 || status === 403);
        return status === 200;
      },
    });
  });
}

function refusalOf(frame: Frame): unknown {
  return (frame['error'] as { error?: unknown } | undefined)?.error;
}

const refused = 'error-two-factor-enrolment-required';

/** Sets an authenticator app up with the session that these headers show. */
async function enrol({ world }: Doors, shown: Record<string, string>): Promise<void> {
  const signed = await world.app.session.authenticate(shown['x-user-id'] ?? '', shown['x-auth-token'] ?? '', {
    enrol: true,
  });
  const { secret } = await world.app.factor.beginApp(signed, 'Test:alice', caller());
  const code = codeOfStep(fromBase32(secret), stepOf(world.clock.now()));
  await world.app.factor.confirmApp(signed, code, caller());
}

describe('a second factor that is required', () => {
  it('is required after some kinds of sign-in, in any case of letters, and after no other', async () => {
    await atAllDoors(byPassword, async ({ isFull }) => {
      assert.equal(await isFull(), false);
    });
    await atAllDoors({ OVERWRITE_SETTING_Countersign_Second_Factor_Required_Sign_Ins: 'ldap,saml' }, async (doors) => {
      assert.equal(await doors.isFull(), true);
    });
  });

  it('is required of the holders of a role, and of nobody else', async () => {
    await atAllDoors({}, async ({ world, isFull }) => {
      await world.add('grace', { roles: ['user', 'guarded'] });
      assert.equal(await isFull('grace'), false);
      assert.equal(await isFull('alice'), true);
    });
  });

  it('is required of the holders of roles that the setting names', async () => {
    const admins = { OVERWRITE_SETTING_Countersign_Second_Factor_Required_Roles: 'bot, admin' };
    await atAllDoors(admins, async ({ world, isFull }) => {
      await world.add('root', { roles: ['admin'] });
      assert.equal(await isFull('root'), false);
      assert.equal(await isFull('alice'), true);
    });
  });

  it('is required of nobody while second factors are switched off', async () => {
    const off = { ...byPassword, OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_Enabled: 'false' };
    await atAllDoors(off, async ({ world, isFull }) => {
      await world.add('grace', { roles: ['user', 'guarded'] });
      assert.equal(await isFull('grace'), true);
      assert.equal(await isFull('alice'), true);
    });
  });

  it('may be missing for the days of grace, counted from the first sign-in that required it', async () => {
    await atAllDoors(withGrace, async ({ world, isFull }) => {
      const { id } = await world.add('grace');
      world.clock.move(3 * dayMs);
      const first = world.clock.now();
      assert.equal(await isFull(), true);
      world.clock.move(7 * dayMs - 1);
      assert.equal(await isFull(), true);
      assert.equal(await isFull('grace'), true);
      world.clock.move(1);
      assert.equal(await isFull(), false);
      // Whoever came later has a grace of their own.
      assert.equal(await isFull('grace'), true);
      const alice = await world.app.account.find({ by: 'username', value: 'alice' });
      assert.equal((await world.store.factors.kept(alice?.id ?? '')).requiredSince, first);
      assert.equal((await world.store.factors.kept(id)).requiredSince, first + 7 * dayMs - 1);
    });
  });

  it('is no longer missed once it is there: the session that set it up is a full one, at every door', async () => {
    await atAllDoors(byPassword, async (doors) => {
      const { rest, headers, methodCall, world } = doors;
      const shown = await headers();
      const socket = world.client();
      await socket.ask('login', { resume: shown['x-auth-token'] });
      const stream = ['stream-notify-user', `${shown['x-user-id'] ?? ''}/userData`, false] as const;
      assert.equal((await socket.sub('s1', ...stream)).at(-1)?.['msg'], 'nosub');
      await enrol(doors, shown);
      assert.equal((await rest('get', '/api/v1/users.list', shown)).status, 200);
      assert.notEqual((await methodCall(shown, 'getNewToken'))['result'], undefined);
      assert.equal((await socket.sub('s2', ...stream)).at(-1)?.['msg'], 'ready');
      assert.notEqual((await socket.ask('getNewToken'))['result'], undefined);
    });
  });

  it('is asked for at the next sign-in, which opens a full session', async () => {
    await atAllDoors(byPassword, async (doors) => {
      await enrol(doors, await doors.headers());
      const { status, json } = await doors.rest('post', '/api/v1/login', {}, { user: 'alice', password });
      assert.deepEqual([status, json['error']], [401, 'totp-required']);
    });
  });

  it('does not touch what an administrator or the host made', async () => {
    await atAllDoors(byPassword, async ({ world, rest }) => {
      const alice = await world.app.account.find({ by: 'username', value: 'alice' });
      assert.ok(alice !== undefined);
      const { text } = await world.app.host.makeToken(alice, caller({ door: 'cli' }));
      const personal = await world.app.host.makePersonalToken(
        alice,
        { name: 'script', skipsSecondFactor: false },
        caller({ door: 'cli' }),
      );
      for (const token of [text, personal]) {
        const shown: Record<string, string> = { 'x-user-id': alice.id, 'x-auth-token': token };
        assert.equal((await rest('get', '/api/v1/users.list', shown)).status, 200);
      }
    });
  });
});

describe('a session that is good for enrolling only', () => {
  it('is refused by every endpoint that has not said otherwise', async () => {
    await atAllDoors(byPassword, async ({ rest, headers }) => {
      const shown = await headers();
      let asked = 0;
      for (const { method, path, auth, enrolment } of endpoints) {
        if (auth !== 'token' || enrolment === true) continue;
        const { status, json } = await rest(method, path.replace(/:\w+/u, 'x'), shown);
        assert.deepEqual([path, status, json['errorType']], [path, 403, refused]);
        asked += 1;
      }
      assert.ok(asked > 15);
    });
  });

  it('is let in by these endpoints alone', () => {
    const enrolment = [
      'get /api/v1/me',
      'get /api/v1/logout',
      'post /api/v1/logout',
      'post /api/v1/method.call/:method',
      'post /api/v1/method.callAnon/:method',
      'post /api/v1/users.enableTotp',
      'post /api/v1/users.validateTotp',
      'get /api/v1/users.totpCodesRemaining',
      'get /api/v1/users.totpQrCode',
      'post /api/v1/users.2fa.enableEmail',
      'post /api/v1/passkeys.begin',
      'post /api/v1/passkeys.add',
    ];
    const found = endpoints.filter((one) => one.enrolment === true).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(found.toSorted(), enrolment.toSorted());
  });

  it('tells who it is and logs out', async () => {
    await atAllDoors(byPassword, async ({ rest, headers }) => {
      const shown = await headers();
      assert.equal((await rest('get', '/api/v1/me', shown)).json['username'], 'alice');
      assert.equal((await rest('get', '/api/v1/settings.public', shown)).status, 200);
      assert.equal((await rest('post', '/api/v1/logout', shown)).status, 200);
      assert.equal((await rest('get', '/api/v1/me', shown)).status, 401);
    });
  });

  it('is nobody where a token is optional', async () => {
    await atAllDoors(byPassword, async ({ world, rest }) => {
      await world.add('root', { roles: ['admin'] });
      const { text, account } = await world.signIn('root');
      const shown = { 'x-user-id': account.id, 'x-auth-token': text };
      const withToken = await rest('get', '/api/v1/info', shown);
      const without = await rest('get', '/api/v1/info');
      assert.deepEqual(withToken.json, without.json);
    });
  });

  it('is refused by every method for somebody, over a socket and over REST', async () => {
    await atAllDoors(byPassword, async ({ world, headers, methodCall, socket }) => {
      const shown = await headers();
      const names = methods.filter(({ needsUser, enrolment }) => needsUser && !enrolment).map(({ name }) => name);
      assert.ok(names.includes('getNewToken') && names.includes('personalAccessTokens:generateToken'));
      const client = await socket();
      for (const name of names) {
        assert.deepEqual([name, refusalOf(await methodCall(shown, name))], [name, refused]);
        // Some may be called once in a second only.
        world.clock.move(1_000);
        assert.deepEqual([name, refusalOf(await client.ask(name))], [name, refused]);
      }
    });
  });

  it('opens these methods alone', () => {
    const enrolment = ['logout', '2fa:enable', '2fa:validateTempToken', '2fa:checkCodesRemaining'];
    const found = methods.filter((one) => one.enrolment).map(({ name }) => name);
    assert.deepEqual(found.toSorted(), enrolment.toSorted());
  });

  it('is nobody for methods that are for anybody', async () => {
    await atAllDoors(byPassword, async ({ world, headers, methodCall, socket }) => {
      const shown = await headers();
      const client = await socket();
      const { result } = await client.ask('permissions/get');
      assert.deepEqual(result, []);
      assert.deepEqual((await methodCall(shown, 'permissions/get'))['result'], []);
      await client.ask('UserPresence:setDefaultStatus', 'busy');
      const alice = await world.app.account.find({ by: 'username', value: 'alice' });
      assert.equal(alice?.chosenStatus, 'online');
    });
  });

  it('gets its own document and no stream but those of everybody', async () => {
    await atAllDoors(byPassword, async ({ world }) => {
      const alice = await world.app.account.find({ by: 'username', value: 'alice' });
      const id = alice?.id ?? '';
      const client = world.client();
      client.take();
      const digest = { digest: sha256Hex(password), algorithm: 'sha-256' };
      const frames = await client.call('login', { user: { username: 'alice' }, password: digest });
      assert.ok(
        frames.some((frame) => frame['msg'] === 'added' && frame['collection'] === 'users' && frame['id'] === id),
      );
      const own = await client.sub('s1', 'stream-notify-user', `${id}/userData`, false);
      assert.deepEqual(
        own.map(({ msg }) => msg),
        ['nosub'],
      );
      const logged = await client.sub('s2', 'stream-notify-logged', 'user-status', false);
      assert.deepEqual(
        logged.map(({ msg }) => msg),
        ['nosub'],
      );
      const all = await client.sub('s3', 'stream-notify-all', 'public-settings-changed', false);
      assert.deepEqual(
        all.map(({ msg }) => msg),
        ['ready'],
      );
      assert.notEqual((await client.ask('logout'))['error'], null);
    });
  });

  it('stays what it is when it is resumed, at every door', async () => {
    await atAllDoors(byPassword, async ({ world, rest, headers }) => {
      const shown = await headers();
      const again = await rest('post', '/api/v1/login', {}, { resume: shown['x-auth-token'] });
      assert.equal(again.status, 200);
      assert.equal((await rest('get', '/api/v1/users.list', shown)).status, 403);
      const client = world.client();
      await client.ask('login', { resume: shown['x-auth-token'] });
      assert.equal(refusalOf(await client.ask('getNewToken')), refused);
      assert.equal((await rest('get', '/api/v1/users.list', shown)).status, 403);
    });
  });

  it('is good for nothing once a factor was set up in another session', async () => {
    await atAllDoors(byPassword, async (doors) => {
      const { world, rest, headers, methodCall } = doors;
      const shown = await headers();
      await enrol(doors, shown);
      const id = shown['x-user-id'] ?? '';
      const { token } = await world.app.session.authenticate(id, shown['x-auth-token'] ?? '');
      // As if it had been opened by the password alone while the factor was being set up.
      await world.store.tokens.open({
        token: { ...token, pool: 'interactive', hash: sha256Base64('late'), id: 'late', enrolsOnly: true },
        provedPasswordHash: undefined,
        betterPasswordHash: undefined,
        device: undefined,
        isLogIn: true,
        unless: undefined,
        cap: 50,
        forgive: false,
        audit: recordOf('log-in', { at: world.clock.now(), caller: caller(), actorId: id, accountId: id }),
      });
      const late = { 'x-user-id': id, 'x-auth-token': 'late' };
      for (let n = 0; n < 2; n += 1) {
        assert.equal((await rest('get', '/api/v1/me', late)).status, 401);
        assert.equal((await rest('post', '/api/v1/users.2fa.enableEmail', late)).status, 401);
        assert.equal((await rest('post', '/api/v1/login', {}, { resume: 'late' })).status, 401);
      }
      assert.notEqual((await methodCall(late, '2fa:enable'))['msg'], 'result');
      const client = world.client();
      assert.equal(refusalOf(await client.ask('login', { resume: 'late' })), 403);
    });
  });

  it('sets an app up over REST, with the password as fallback, and is full then', async () => {
    await atAllDoors(byPassword, async ({ world, rest, headers }) => {
      world.clock.move(3_600_000);
      const shown = await headers();
      assert.equal((await rest('post', '/api/v1/users.enableTotp', shown)).json['errorType'], 'totp-required');
      const proved = { ...shown, 'x-2fa-code': sha256Hex(password), 'x-2fa-method': 'password' };
      const { json } = await rest('post', '/api/v1/users.enableTotp', proved);
      const code = codeOfStep(fromBase32(String(json['secret'])), stepOf(world.clock.now()));
      assert.equal((await rest('get', '/api/v1/users.list', shown)).status, 403);
      const confirmed = await rest('post', '/api/v1/users.validateTotp', proved, { code });
      assert.equal(confirmed.status, 200, JSON.stringify(confirmed.json));
      assert.equal((await rest('get', '/api/v1/users.list', shown)).status, 200);
    });
  });

  it('sets codes by e-mail up over REST, and is full then', async () => {
    await atAllDoors(byPassword, async ({ rest, headers }) => {
      const shown = await headers();
      assert.equal((await rest('post', '/api/v1/users.2fa.enableEmail', shown)).status, 200);
      assert.equal((await rest('get', '/api/v1/users.list', shown)).status, 200);
    });
  });

  it('sets an app up over a socket and over method.call, and is full then', async () => {
    await atAllDoors(byPassword, async ({ world, rest, headers, methodCall, socket }) => {
      world.clock.move(3_600_000);
      const client = await socket();
      const begun = (await client.ask('2fa:enable'))['result'] as { secret: string };
      const code = codeOfStep(fromBase32(begun.secret), stepOf(world.clock.now()));
      assert.notEqual((await client.ask('2fa:validateTempToken', code))['result'], undefined);
      assert.notEqual((await client.ask('getNewToken'))['result'], undefined);

      await world.add('grace');
      const shown = await headers('grace');
      const { secret } = (await methodCall(shown, '2fa:enable'))['result'] as { secret: string };
      await methodCall(shown, '2fa:validateTempToken', codeOfStep(fromBase32(secret), stepOf(world.clock.now())));
      assert.equal((await rest('get', '/api/v1/users.list', shown)).status, 200);
    });
  });

  it('makes no further token, whatever the door forgets', async () => {
    await atAllDoors(byPassword, async ({ world }) => {
      const { text, account } = await world.signIn('alice');
      const signed = await world.app.session.authenticate(account.id, text, { enrol: true });
      const { app } = world;
      await assert.rejects(app.session.renew(signed, caller()), { code: 'factor-enrolment-required' });
      const asked = { name: 'x', skipsSecondFactor: true };
      await assert.rejects(app.personalToken.make(signed, asked, caller()), { code: 'factor-enrolment-required' });
      await assert.rejects(app.session.authenticate(account.id, text), { code: 'factor-enrolment-required' });
    });
  });
});
