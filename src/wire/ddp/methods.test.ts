import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller, openWorld, password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { type DdpWorld, errorOf, type Frame, kinds, within } from './ddp-world.suite.ts';

const hourMs = 3_600_000;

/** An account that is old enough for a second factor to be asked. */
async function aged(world: DdpWorld, username: string, roles: readonly string[] = ['user']): Promise<void> {
  await world.add(username, { roles });
  world.clock.move(hourMs);
}

describe('a method', () => {
  it('that does not exist is 404, and its result comes first', async () => {
    await within(async ({ client }) => {
      const frames = await client().call('nope');
      assert.deepEqual(kinds(frames), ['result', 'updated']);
      assert.deepEqual(errorOf(frames[0]), {
        isClientSafe: true,
        error: 404,
        reason: "Method 'nope' not found",
        message: "Method 'nope' not found [404]",
        errorType: 'Meteor.Error',
      });
    });
  });

  it('of Object is none', async () => {
    await within(async ({ client }) => {
      const one = client();
      for (const name of ['__proto__', 'constructor', 'toString']) {
        assert.equal(errorOf(await one.ask(name))['error'], 404);
        assert.equal(errorOf((await one.sub(name, name))[0])['error'], 404);
      }
    });
  });

  it('that fails by a fault of ours tells the client nothing and the log everything', async () => {
    const world = await openWorld();
    const cause = new Error('a secret of the inside');
    const app = { ...world.app, session: { ...world.app.session, resume: () => Promise.reject(cause) } };
    await within(
      async ({ client, logged }) => {
        const answer = await client().ask('login', { resume: 'x' });
        assert.equal(errorOf(answer)['message'], 'Internal server error [500]');
        assert.equal(JSON.stringify(answer).includes('secret'), false);
        assert.deepEqual(logged[0]?.facts, { where: 'login', cause });
      },
      { open: async () => await Promise.resolve(world.store), ddp: { app } },
    );
  });

  it('gets its answers under its own id, also when two have the same', async () => {
    await within(async ({ client }) => {
      const one = client();
      one.say({ msg: 'method', id: 'x', method: 'rooms/get' });
      one.say({ msg: 'method', id: 'x', method: 'rooms/get', params: [{ $date: 0 }] });
      await one.until(() => one.frames.length === 4);
      assert.deepEqual(
        one.take().filter(({ msg }) => msg === 'result'),
        [
          { msg: 'result', id: 'x', result: [] },
          { msg: 'result', id: 'x', result: [] },
        ],
      );
    });
  });

  it('that nests its parameters too deep is refused', async () => {
    await within(async ({ client }) => {
      const one = client();
      one.say(`{"msg":"method","id":"1","method":"login","params":[${'{"totp":'.repeat(5000)}1${'}'.repeat(5000)}]}`);
      await one.until(() => one.frames.length === 2);
      assert.equal(errorOf(one.take()[1])['message'], 'Match failed [400]');
    });
  });

  const signedOut: readonly (readonly [string, readonly unknown[], unknown, unknown])[] = [
    ['getNewToken', [], 'You are not logged in.', undefined],
    ['removeOtherTokens', [], 'You are not logged in.', undefined],
    ['changePassword', ['a', 'b'], 401, 'Must be logged in'],
    ['personalAccessTokens:generateToken', [{ tokenName: 'x' }], 'error-invalid-user', 'Invalid user'],
    ['personalAccessTokens:regenerateToken', [{ tokenName: 'x' }], 'error-invalid-user', 'Invalid user'],
    ['personalAccessTokens:removeToken', [{ tokenName: 'x' }], 'error-invalid-user', 'Invalid user'],
    ['saveSetting', ['Site_Name', 'x'], 'error-invalid-user', 'Invalid user'],
    ['saveSettings', [[]], 'error-invalid-user', 'Invalid user'],
    ['createUser', [{ username: 'x', password: 'y' }], 403, 'Signups forbidden'],
    ['configureLoginService', [{ service: 'github' }], 403, 'Service unknown'],
    ['configureLoginService', [{}], 400, 'Match failed'],
    ['logoutOtherClients', [], 404, "Method 'logoutOtherClients' not found"],
  ];
  for (const [name, params, error, reason] of signedOut) {
    it(`${name} ${JSON.stringify(params)} answers ${String(error)} to whoever is signed out`, async () => {
      await within(async ({ client }) => {
        const answer = errorOf(await client().ask(name, ...params));
        assert.deepEqual([answer['error'], answer['reason']], [error, reason]);
      });
    });
  }

  for (const name of [
    'logout',
    'logoutCleanUp',
    'UserPresence:online',
    'UserPresence:away',
    'UserPresence:connect',
    'UserPresence:ping',
    'stream-notify-all',
    'stream-notify-user',
  ]) {
    it(`${name} is passed over quietly for whoever is signed out`, async () => {
      await within(async ({ client }) => {
        assert.deepEqual(await client().ask(name), { msg: 'result', id: 'm1' });
      });
    });
  }

  it('gives lists that are empty to whoever is signed out, and the public settings', async () => {
    await within(async ({ client }) => {
      const one = client();
      for (const name of ['rooms/get', 'subscriptions/get', 'permissions/get', 'roles/list', 'private-settings/get']) {
        assert.deepEqual((await one.ask(name))['result'], [], name);
      }
      const settings = (await one.ask('public-settings/get'))['result'] as { _id: string }[];
      assert.ok(settings.some(({ _id }) => _id === 'Site_Name'));
      assert.ok(!settings.some(({ _id }) => _id.startsWith('Block_Multiple')));
      const later = (await one.ask('public-settings/get', { $date: 8e15 }))['result'];
      assert.deepEqual(later, { update: [], remove: [] });
      assert.equal(errorOf(await one.ask('public-settings/get', { $gt: 0 }))['error'], 400);
    });
  });
});

describe('changePassword', () => {
  it('refuses a wrong old password, and parameters that are none', async () => {
    await within(async ({ add, signedIn }) => {
      await add('alice');
      const one = await signedIn('alice');
      assert.equal(errorOf(await one.ask('changePassword', 'wrong', 'b'))['message'], 'Incorrect password [403]');
      for (const params of [[], [password], [password, null], [password, 5], [password, { digest: 'x' }]]) {
        assert.equal(errorOf(await one.ask('changePassword', ...params))['error'], 400);
      }
    });
  });

  it('takes digests as well', async () => {
    await within(async ({ add, signedIn, signIn }) => {
      await add('alice');
      const one = await signedIn('alice');
      const digest = (text: string) => ({ digest: sha256Hex(text), algorithm: 'sha-256' });
      const answer = await one.ask('changePassword', digest(password), digest('another horse battery'));
      assert.deepEqual(answer['result'], { passwordChanged: true });
      await signIn('alice', 'another horse battery');
    });
  });
});

describe('the second factor of methods', () => {
  const code = { twoFactorCode: sha256Hex(password), twoFactorMethod: 'password' };

  it('is asked before anything is done, and taken as one more parameter', async () => {
    await within(async (world) => {
      await aged(world, 'alice');
      const one = await world.signedIn('alice');
      const asked = { tokenName: 'ci', bypassTwoFactor: false };
      assert.deepEqual(errorOf(await one.ask('personalAccessTokens:generateToken', asked)), {
        isClientSafe: true,
        error: 'totp-required',
        reason: 'TOTP Required',
        details: { method: 'password', codeGenerated: false, availableMethods: [] },
        message: 'TOTP Required [totp-required]',
        errorType: 'Meteor.Error',
      });
      const wrong = { ...code, twoFactorCode: 'wrong' };
      const answer = errorOf(await one.ask('personalAccessTokens:generateToken', asked, wrong));
      assert.equal(answer['error'], 'totp-invalid');
      const token = (await one.ask('personalAccessTokens:generateToken', asked, code))['result'];
      assert.match(String(token), /^[\w-]{43}$/u);
      // Remembered from here on, and an empty trailing parameter means nothing.
      const again = await one.ask('personalAccessTokens:regenerateToken', { tokenName: 'ci' }, '');
      assert.notEqual(again['result'], token);
      const twice = errorOf(await one.ask('personalAccessTokens:generateToken', asked));
      assert.equal(twice['error'], 'error-token-already-exists');
      const removed = await one.ask('personalAccessTokens:removeToken', { tokenName: 'ci' });
      assert.deepEqual(Object.keys(removed), ['msg', 'id']);
      const gone = errorOf(await one.ask('personalAccessTokens:removeToken', { tokenName: 'ci' }));
      assert.equal(gone['error'], 'error-token-does-not-exists');
    });
  });

  it('must be a code and a method, and no object of another kind', async () => {
    await within(async (world) => {
      await aged(world, 'alice');
      const one = await world.signedIn('alice');
      for (const [trailing, error] of [
        [{ twoFactorCode: { $ne: '' }, twoFactorMethod: 'password' }, 400],
        [{ twoFactorCode: 5, twoFactorMethod: 'password' }, 400],
        [{ twoFactorCode: code.twoFactorCode }, 'totp-required'],
      ] as const) {
        const answer = errorOf(await one.ask('personalAccessTokens:generateToken', { tokenName: 'x' }, trailing));
        assert.equal(answer['error'], error);
      }
    });
  });

  for (const given of [
    {},
    { tokenName: 5 },
    { tokenName: { $ne: 1 } },
    { tokenName: '' },
    { tokenName: 'x', bypassTwoFactor: 'true' },
    { tokenName: 'x', bypassTwoFactor: 1 },
    'x',
    null,
    [],
  ]) {
    it(`is not followed by a token for ${JSON.stringify(given)}`, async () => {
      await within(async ({ add, signedIn }) => {
        await add('alice');
        const one = await signedIn('alice');
        assert.equal(errorOf(await one.ask('personalAccessTokens:generateToken', given))['error'], 400);
      });
    });
  }

  it('of a personal token closes the connection that uses it when it is removed', async () => {
    await within(async ({ add, signedIn, client }) => {
      await add('alice');
      const one = await signedIn('alice');
      const text = (await one.ask('personalAccessTokens:generateToken', { tokenName: 'ci' }))['result'];
      const bot = client();
      await bot.ask('login', { resume: text });
      const frames = await bot.call('personalAccessTokens:removeToken', { tokenName: 'ci' });
      await bot.until(() => bot.end !== undefined);
      assert.deepEqual(kinds(frames), ['updated', 'result']);
      assert.equal(one.end, undefined);
    });
  });

  it('is asked before settings are saved, and a permission after it', async () => {
    await within(async (world) => {
      await aged(world, 'root', ['admin']);
      await aged(world, 'alice');
      const root = await world.signedIn('root');
      assert.equal(errorOf(await root.ask('saveSetting', 'Site_Name', 'x'))['error'], 'totp-required');
      assert.equal((await root.ask('saveSetting', 'Site_Name', 'Here', null, code))['result'], true);
      assert.equal(world.app.settings.get('Site_Name'), 'Here');
      assert.equal((await root.ask('saveSettings', [{ _id: 'Site_Name', value: 'There' }]))['result'], true);
      const alice = await world.signedIn('alice');
      const answer = errorOf(await alice.ask('saveSettings', [{ _id: 'Site_Name', value: 'Mine' }], code));
      assert.deepEqual(answer['details'], { method: 'saveSettings', settingIds: ['Site_Name'] });
      assert.equal(answer['message'], 'Editing settings is not allowed [error-action-not-allowed]');
      assert.equal(world.app.settings.get('Site_Name'), 'There');
      for (const changes of ['x', [{}], [{ _id: { $ne: '' } }], [null]]) {
        assert.equal(errorOf(await root.ask('saveSettings', changes))['error'], 400);
      }
    });
  });
});

describe('settings and permissions for those who may see them', () => {
  it('come with secrets masked, and only to administrators', async () => {
    await within(async ({ add, signedIn }) => {
      await add('root', { roles: ['admin'] });
      await add('alice');
      const root = await signedIn('root');
      const alice = await signedIn('alice');
      const settings = (await root.ask('private-settings/get'))['result'] as Frame[];
      assert.ok(settings.some(({ _id }) => _id === 'Block_Multiple_Failed_Logins_Enabled'));
      assert.deepEqual((await alice.ask('private-settings/get'))['result'], []);
      const permissions = (await alice.ask('permissions/get'))['result'] as Frame[];
      assert.deepEqual(permissions.find(({ _id }) => _id === 'create-user')?.['roles'], ['admin']);
      const roles = (await alice.ask('roles/list'))['result'] as Frame[];
      assert.ok(roles.some(({ _id }) => _id === 'admin'));
      assert.deepEqual((await alice.ask('permissions/get', { $date: 8e15 }))['result'], { update: [], remove: [] });
    });
  });
});

describe('presence', () => {
  it('follows the connection, and what the client says of it', async () => {
    await within(async ({ add, signedIn, app }) => {
      const { id } = await add('alice');
      const one = await signedIn('alice');
      const two = await signedIn('alice');
      await one.ask('UserPresence:away', 'ignored');
      assert.equal(app.presence.ofConnections(id), 'online');
      await two.ask('UserPresence:away');
      assert.equal(app.presence.ofConnections(id), 'away');
      await one.ask('UserPresence:online');
      assert.equal(app.presence.ofConnections(id), 'online');
      one.receiver?.closed();
      assert.equal(app.presence.ofConnections(id), 'away');
      two.receiver?.closed();
      assert.equal(app.presence.ofConnections(id), 'offline');
    });
  });

  it('is chosen by setUserStatus, and nothing else than a status is', async () => {
    await within(async ({ add, signedIn, app }) => {
      const { id } = await add('alice');
      const one = await signedIn('alice');
      await one.ask('setUserStatus', 'busy', 'in a meeting');
      const account = await app.account.byId(id);
      assert.deepEqual([account?.chosenStatus, account?.statusText], ['busy', 'in a meeting']);
      await one.ask('UserPresence:setDefaultStatus', 'online');
      assert.equal((await app.account.byId(id))?.chosenStatus, 'online');
      for (const status of ['here', 5, { $ne: '' }]) {
        assert.equal(errorOf(await one.ask('setUserStatus', status))['error'], 400);
      }
    });
  });
});

describe('a method called over REST', () => {
  const none = { code: undefined, method: undefined };
  const from = caller({ door: 'method-call' });

  it('signs in without a socket', async () => {
    await within(async ({ add, server }) => {
      const { id } = await add('alice');
      const answer = await server.callMethod(
        'login',
        [{ user: { username: 'alice' }, password }],
        from,
        undefined,
        none,
      );
      assert.ok('result' in answer);
      const given = answer.result as Frame;
      assert.deepEqual([given['id'], Object.keys(given['tokenExpires'] as Frame)], [id, ['$date']]);
      assert.equal(server.stats().signedIn, 0);
    });
  });

  it('is refused like one over a socket', async () => {
    await within(async ({ server }) => {
      const answer = await server.callMethod('login', [{ resume: { $ne: 1 } }], from, undefined, none);
      assert.equal('error' in answer && answer.error.message, 'Match failed [400]');
      const unknown = await server.callMethod('nope', [], from, undefined, none);
      assert.equal('error' in unknown && unknown.error.error, 404);
    });
  });

  it('takes the second factor from the headers', async () => {
    await within(async (world) => {
      await aged(world, 'alice');
      const signed = await world.signIn('alice');
      const call = async (supplied: { code: string | undefined; method: string | undefined }): Promise<Frame> => {
        const params = [{ tokenName: 'ci' }];
        return {
          ...(await world.server.callMethod('personalAccessTokens:generateToken', params, from, signed, supplied)),
        };
      };
      assert.equal(errorOf(await call(none))['error'], 'totp-required');
      assert.match(String((await call({ code: sha256Hex(password), method: 'password' }))['result']), /^[\w-]{43}$/u);
    });
  });

  it('is limited by where it comes from, whatever client it says it is', async () => {
    await within(async ({ server }) => {
      const answers = [];
      for (let n = 0; n < 6; n += 1) {
        const disguised = { ...from, userAgent: `client/${n}` };
        answers.push(await server.callMethod('login', [{}], disguised, undefined, none));
      }
      const last = answers.at(-1);
      assert.equal(last !== undefined && 'error' in last && last.error.error, 'too-many-requests');
    });
  });
});
