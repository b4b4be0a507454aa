import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { App } from '../src/app.ts';
import { recordOf } from '../src/core/audit/record.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { type DdpWorld, type Frame, openDdpWorld } from '../src/wire/ddp/ddp-world.suite.ts';
import { methods } from '../src/wire/ddp/methods/index.ts';
import { endpoints } from '../src/wire/rest/endpoints/index.ts';
import { type Doors as AllDoors, withAllDoors } from './all-doors.ts';
import { caller, openWorld, password } from './world.ts';

const hourMs = 3_600_000;
const refused = 'error-password-change-required';
const fresh = 'Another-Horse-77';

interface Doors extends AllDoors {
  /** Asks for the change as an administrator does, and leaves the sessions. */
  require(accountId: string): Promise<void>;
}

/** A whole product with each of its doors, where alice must choose another password. */
async function atAllDoors(env: Record<string, string>, act: (doors: Doors) => Promise<void>): Promise<void> {
  await withAllDoors(env, async (doors) => {
    const { world } = doors;
    await world.add('alice', { passwordChange: { reason: 'It was mailed' } });
    await act({
      ...doors,
      async require(accountId) {
        const { store, clock } = world;
        const at = clock.now();
        const audit = recordOf('account.edit', { at, caller: caller(), actorId: undefined, accountId });
        const change = { passwordChange: { reason: undefined } };
        assert.equal(await store.accounts.edit(accountId, change, at, audit), 'done');
      },
    });
  });
}

function errorOf(frame: Frame): Readonly<Record<string, unknown>> {
  return (frame['error'] ?? {}) as Readonly<Record<string, unknown>>;
}

async function idOf(world: DdpWorld, value: string): Promise<string> {
  return (await world.app.account.find({ by: 'username', value }))?.id ?? '';
}

describe('a session whose password must be changed', () => {
  it('is refused by every endpoint that has not said otherwise', async () => {
    await atAllDoors({}, async ({ rest, headers }) => {
      const shown = await headers();
      let asked = 0;
      for (const { method, path, auth, passwordChange } of endpoints) {
        if (auth !== 'token' || passwordChange === true) continue;
        const { status, json } = await rest(method, path.replace(/:\w+/u, 'x'), shown);
        assert.deepEqual([path, status, json['errorType']], [path, 403, refused]);
        asked += 1;
      }
      assert.ok(asked > 15);
    });
  });

  it('is let in by these endpoints alone', () => {
    const open = [
      'get /api/v1/me',
      'get /api/v1/logout',
      'post /api/v1/logout',
      'post /api/v1/method.call/:method',
      'post /api/v1/method.callAnon/:method',
      'post /api/v1/users.updateOwnBasicInfo',
    ];
    const found = endpoints.filter((one) => one.passwordChange === true).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(found.toSorted(), open.toSorted());
  });

  it('opens these methods alone', () => {
    const open = ['logout', 'changePassword', 'setUserPassword', 'saveUserProfile', 'getPasswordPolicy'];
    const found = methods.filter((one) => one.passwordChange).map(({ name }) => name);
    assert.deepEqual(found.toSorted(), open.toSorted());
  });

  it('is refused by every method for somebody, over a socket and over REST', async () => {
    await atAllDoors({}, async ({ world, headers, methodCall, socket }) => {
      const shown = await headers();
      const names = methods.filter(({ needsUser, passwordChange }) => needsUser && !passwordChange);
      assert.ok(names.length > 10);
      const client = await socket();
      for (const { name } of names) {
        assert.deepEqual([name, errorOf(await methodCall(shown, name))['error']], [name, refused]);
        // Some may be called once in a second only.
        world.clock.move(1_000);
        assert.deepEqual([name, errorOf(await client.ask(name))['error']], [name, refused]);
      }
    });
  });

  it('reads who it is, the policy and the public settings, and logs out', async () => {
    await atAllDoors({}, async ({ rest, headers }) => {
      const shown = await headers();
      const { json } = await rest('get', '/api/v1/me', shown);
      assert.deepEqual([json['requirePasswordChange'], json['requirePasswordChangeReason']], [true, 'It was mailed']);
      for (const path of ['settings.public', 'pw.getPolicy', 'info']) {
        assert.equal((await rest('get', `/api/v1/${path}`, shown)).status, 200, path);
      }
      assert.equal((await rest('post', '/api/v1/logout', shown)).status, 200);
      assert.equal((await rest('get', '/api/v1/me', shown)).status, 401);
    });
  });

  it('is nobody where a token is optional, and for methods that are for anybody', async () => {
    await atAllDoors({}, async ({ world, rest, headers, methodCall }) => {
      await world.add('root', { roles: ['admin'], passwordChange: { reason: undefined } });
      const shown = await headers('root');
      assert.deepEqual((await rest('get', '/api/v1/info', shown)).json, (await rest('get', '/api/v1/info')).json);
      assert.deepEqual((await methodCall(shown, 'permissions/get'))['result'], []);
    });
  });

  it('makes no further token, whatever the door forgets', async () => {
    await atAllDoors({}, async ({ world }) => {
      const { text, account } = await world.signIn('alice');
      const { app } = world;
      const signed = await app.session.authenticate(account.id, text, { passwordChange: true });
      await assert.rejects(app.session.renew(signed, caller()), { code: 'password-change-required' });
      const asked = { name: 'x', skipsSecondFactor: true };
      await assert.rejects(app.personalToken.make(signed, asked, caller()), { code: 'password-change-required' });
      await assert.rejects(app.session.authenticate(account.id, text), { code: 'password-change-required' });
      await assert.rejects(app.session.authenticate(account.id, text, { enrol: true }), {
        code: 'password-change-required',
      });
    });
  });

  it('gets its own document and its own events, and no stream of others', async () => {
    await atAllDoors({}, async ({ world, socket }) => {
      const id = await idOf(world, 'alice');
      const client = await socket();
      for (const event of ['userData', 'force_logout']) {
        const frames = await client.sub(event, 'stream-notify-user', `${id}/${event}`, false);
        assert.deepEqual(
          frames.map(({ msg }) => msg),
          ['ready'],
        );
      }
      const others = [
        ['stream-notify-logged', 'user-status'],
        ['stream-notify-user', `${await idOf(world, 'root')}/userData`],
        ['stream-notify-all', 'private-settings-changed'],
      ];
      for (const [index, [stream = '', event]] of others.entries()) {
        const frames = await client.sub(`o${index}`, stream, event, false);
        assert.deepEqual([event, frames.map(({ msg }) => msg)], [event, ['nosub']]);
      }
    });
  });

  it('is what an open session becomes when the change is asked for: calls and streams shut at once', async () => {
    await atAllDoors({}, async ({ world, rest, headers, socket, require }) => {
      const { id } = await world.add('grace');
      await world.add('noise');
      const shown = await headers('grace');
      const client = await socket('grace');
      await client.sub('own', 'stream-notify-user', `${id}/userData`, false);
      await client.sub('all', 'stream-notify-logged', 'user-status', false);
      assert.notEqual((await rest('get', '/api/v1/users.list', shown)).status, 403);
      client.take();
      await require(id);
      await client.until(() => client.frames.some(({ msg, id: sub }) => msg === 'nosub' && sub === 'all'));
      assert.equal((await rest('get', '/api/v1/users.list', shown)).status, 403);
      assert.equal(errorOf(await client.ask('getNewToken'))['error'], refused);
      const listener = await socket('noise');
      await listener.sub('all', 'stream-notify-logged', 'user-status', false);
      const { account } = await world.signIn('noise');
      client.take();
      await world.app.account.chooseStatus(account, { status: 'busy' });
      const told = ({ msg, collection }: Frame) => msg === 'changed' && collection === 'stream-notify-logged';
      world.timers.pass(10_000);
      await listener.until(() => listener.frames.some(told));
      assert.ok(!client.take().some(told));
    });
  });

  it('is what an open session becomes when announcements were lost', async () => {
    const world = await openWorld();
    let gap = (): void => undefined;
    const deaf: App['events'] = {
      publish: () => undefined,
      subscribe: () => () => undefined,
      onGap: (act) => {
        gap = act;
        return () => undefined;
      },
    };
    const ddp = await openDdpWorld({
      open: async () => await Promise.resolve(world.store),
      ddp: { app: { ...world.app, events: deaf } },
    });
    const { id } = await ddp.add('grace');
    const client = await ddp.signedIn('grace');
    await client.sub('all', 'stream-notify-logged', 'user-status', false);
    const at = world.clock.now();
    const audit = recordOf('account.edit', { at, caller: caller(), actorId: undefined, accountId: id });
    await world.store.accounts.edit(id, { passwordChange: { reason: undefined } }, at, audit);
    assert.ok(!client.take().some(({ msg }) => msg === 'nosub'));
    gap();
    await client.until(() => client.frames.some(({ msg, id: sub }) => msg === 'nosub' && sub === 'all'));
    await ddp.close();
  });

  it('leaves personal tokens as they are', async () => {
    await atAllDoors({}, async ({ world, rest, methodCall }) => {
      const alice = await world.app.account.find({ by: 'username', value: 'alice' });
      assert.ok(alice !== undefined);
      const asked = { name: 'script', skipsSecondFactor: false };
      const text = await world.app.host.makePersonalToken(alice, asked, caller({ door: 'cli' }));
      const shown = { 'x-user-id': alice.id, 'x-auth-token': text };
      assert.notEqual((await rest('get', '/api/v1/users.list', shown)).json['errorType'], refused);
      // It was opened without the password, so it chooses none by itself.
      assert.equal(errorOf(await methodCall(shown, 'setUserPassword', fresh))['error'], 'error-not-allowed');
      const { status } = await rest('post', '/api/v1/users.updateOwnBasicInfo', shown, {
        data: { newPassword: fresh },
      });
      assert.equal(status, 400);
      await world.signIn('alice', password);
    });
  });
});

describe('choosing the password that is asked for', () => {
  const ways: Record<
    string,
    (doors: Doors, given: string) => Promise<{ refusal: unknown; full: () => Promise<boolean> }>
  > = {
    'setUserPassword over a socket': async ({ socket }, given) => {
      const client = await socket();
      const refusal = errorOf(await client.ask('setUserPassword', given))['error'];
      return { refusal, full: async () => errorOf(await client.ask('getNewToken'))['error'] === undefined };
    },
    'setUserPassword over method.call': async ({ headers, methodCall }, given) => {
      const shown = await headers();
      const refusal = errorOf(await methodCall(shown, 'setUserPassword', given))['error'];
      return { refusal, full: async () => errorOf(await methodCall(shown, 'getNewToken'))['error'] === undefined };
    },
    'changePassword over a socket': async ({ socket }, given) => {
      const client = await socket();
      const refusal = errorOf(await client.ask('changePassword', password, given))['error'];
      return { refusal, full: async () => errorOf(await client.ask('getNewToken'))['error'] === undefined };
    },
    'saveUserProfile over a socket': async ({ socket }, given) => {
      const client = await socket();
      const refusal = errorOf(await client.ask('saveUserProfile', { newPassword: given }, {}))['error'];
      return { refusal, full: async () => errorOf(await client.ask('getNewToken'))['error'] === undefined };
    },
    'users.updateOwnBasicInfo': async ({ headers, rest, methodCall }, given) => {
      const shown = await headers();
      const { json } = await rest('post', '/api/v1/users.updateOwnBasicInfo', shown, { data: { newPassword: given } });
      const refusal = json['errorType'];
      return { refusal, full: async () => errorOf(await methodCall(shown, 'getNewToken'))['error'] === undefined };
    },
  };

  for (const [name, choose] of Object.entries(ways)) {
    it(`ends it at once: ${name}`, async () => {
      await atAllDoors({}, async (doors) => {
        const { refusal, full } = await choose(doors, fresh);
        assert.equal(refusal, undefined);
        assert.equal(await full(), true);
        const alice = await doors.world.app.account.find({ by: 'username', value: 'alice' });
        assert.equal(alice?.passwordChange, undefined);
        assert.deepEqual(
          doors.world.mails.map(({ kind, to }) => [kind, to]),
          [['password-changed', ['alice@example.com']]],
        );
        await assert.rejects(doors.world.signIn('alice', password), { code: 'wrong-credentials' });
        await doors.world.signIn('alice', fresh);
      });
    });

    it(`holds it to every rule: ${name}`, async () => {
      await atAllDoors({}, async (doors) => {
        const asked = async (given: string) => (await choose(doors, given)).refusal;
        assert.equal(await asked(password), 'error-password-same-as-current');
        assert.equal(await asked('password'), 'error-password-policy-not-met');
        assert.equal(await asked('Short-1'), 'error-password-policy-not-met');
        const { refusal, full } = await choose(doors, 'alice');
        assert.equal(refusal, 'error-password-policy-not-met');
        assert.equal(await full(), false);
      });
    });
  }

  it('tells over REST which rules a password breaks, in the body of Rocket.Chat', async () => {
    await atAllDoors({}, async ({ rest, headers }) => {
      const shown = await headers();
      const data = { newPassword: 'Another-Horse' };
      assert.deepEqual(await rest('post', '/api/v1/users.updateOwnBasicInfo', shown, { data }), {
        status: 400,
        json: {
          success: false,
          error: "The password provided does not meet the server's password policy.",
          errorType: 'error-password-policy-not-met',
          details: [
            {
              error: 'error-password-policy-not-met-minLength',
              message: 'The password does not meet the minimum length password policy.',
            },
            {
              error: 'error-password-policy-not-met-oneNumber',
              message:
                'The password does not contain at least one numerical character which is against the password policy.',
            },
          ],
        },
      });
      const same = await rest('post', '/api/v1/users.updateOwnBasicInfo', shown, { data: { newPassword: password } });
      assert.deepEqual(same.json, {
        success: false,
        error: 'Entered password same as current password [error-password-same-as-current]',
        errorType: 'error-password-same-as-current',
      });
    });
  });

  it('takes nothing but a new password from updateOwnBasicInfo', async () => {
    await atAllDoors({}, async ({ rest, headers, world }) => {
      const shown = await headers();
      for (const data of [{ name: 'Alice L' }, { name: 'Alice L', newPassword: fresh }, {}]) {
        const { status, json } = await rest('post', '/api/v1/users.updateOwnBasicInfo', shown, { data });
        assert.deepEqual([status, json['errorType']], [403, refused], JSON.stringify(data));
      }
      assert.equal((await world.app.account.find({ by: 'username', value: 'alice' }))?.name, 'alice');
    });
  });

  it('is not for a session that was there before: it shows the old password, or signs in anew', async () => {
    await atAllDoors({}, async ({ world, rest, headers, socket, methodCall, require }) => {
      const { id } = await world.add('grace');
      const shown = await headers('grace');
      const client = await socket('grace');
      world.clock.move(60_000);
      await require(id);
      const data = { newPassword: fresh };
      const asked = await rest('post', '/api/v1/users.updateOwnBasicInfo', shown, { data });
      assert.deepEqual([asked.status, asked.json['errorType']], [400, 'totp-required']);
      assert.equal(errorOf(await client.ask('saveUserProfile', data, {}))['error'], 'totp-required');
      assert.equal(errorOf(await client.ask('setUserPassword', fresh))['error'], 'error-not-allowed');
      assert.equal(errorOf(await methodCall(shown, 'setUserPassword', fresh))['error'], 'error-not-allowed');
      assert.equal(errorOf(await client.ask('changePassword', 'wrong', fresh))['error'], 403);
      await world.signIn('grace');
      const currentPassword = sha256Hex(password);
      const { status } = await rest('post', '/api/v1/users.updateOwnBasicInfo', shown, {
        data: { ...data, currentPassword },
      });
      assert.equal(status, 200);
      await world.signIn('grace', fresh);
    });
  });

  it('ends the other sessions and is one of eight', async () => {
    await atAllDoors({}, async ({ world, socket }) => {
      const clients = await Promise.all(Array.from({ length: 8 }, async () => await socket()));
      const answers = await Promise.all(
        clients.map(async (client, index) => await client.ask('setUserPassword', `${fresh}-${index}`)),
      );
      const done = answers.filter((frame) => errorOf(frame)['error'] === undefined);
      assert.equal(done.length, 1, JSON.stringify(answers));
      const id = await idOf(world, 'alice');
      assert.equal((await world.app.host.tokens(id)).length, 1);
      const winner = answers.findIndex((frame) => errorOf(frame)['error'] === undefined);
      await world.signIn('alice', `${fresh}-${winner}`);
    });
  });

  it('is refused to whoever need not, is signed out, or sends no text', async () => {
    await atAllDoors({}, async ({ world, socket }) => {
      await world.add('grace');
      const client = await socket('grace');
      assert.deepEqual(
        [errorOf(await client.ask('setUserPassword', fresh))].map(({ error, reason, details }) => [
          error,
          reason,
          details,
        ]),
        [['error-not-allowed', 'Not allowed', { method: 'setUserPassword' }]],
      );
      assert.equal(errorOf(await world.client().ask('setUserPassword', fresh))['error'], 'error-invalid-user');
      const alice = await socket();
      for (const given of [
        undefined,
        null,
        5,
        [fresh],
        { $ne: '' },
        { digest: sha256Hex(fresh), algorithm: 'sha-256' },
      ]) {
        assert.equal(errorOf(await alice.ask('setUserPassword', given))['error'], 400, JSON.stringify(given));
      }
    });
  });
});

describe('a temporary password', () => {
  const aDay = { OVERWRITE_SETTING_Countersign_Temporary_Password_Hours: '24' };

  it('signs in for so many hours, at every door, and then no more', async () => {
    await atAllDoors(aDay, async ({ world, rest, headers }) => {
      await world.add('grace');
      world.clock.move(24 * hourMs - 1);
      await headers();
      world.clock.move(1);
      const { status, json } = await rest('post', '/api/v1/login', {}, { user: 'alice', password });
      assert.deepEqual([status, json['error']], [401, 'error-temporary-password-expired']);
      const wrong = await rest('post', '/api/v1/login', {}, { user: 'alice', password: 'wrong' });
      assert.deepEqual([wrong.status, wrong.json['error']], [401, 'Unauthorized']);
      const client = world.client();
      const digest = { digest: sha256Hex(password), algorithm: 'sha-256' };
      const answer = await client.ask('login', { user: { username: 'alice' }, password: digest });
      assert.equal(errorOf(answer)['error'], 'error-temporary-password-expired');
      await headers('grace');
    });
  });

  it('signs in for ever where no time is set', async () => {
    await atAllDoors({}, async ({ world, headers }) => {
      world.clock.move(1_000 * hourMs);
      await headers();
    });
  });

  it('begins anew with another one, and when the change is asked for later', async () => {
    await atAllDoors(aDay, async ({ world, headers, require }) => {
      const { id } = await world.add('grace');
      world.clock.move(1_000 * hourMs);
      await require(id);
      world.clock.move(24 * hourMs - 1);
      await headers('grace');
      world.clock.move(1);
      await assert.rejects(world.signIn('grace'), { code: 'temporary-password-over' });
    });
  });
});
