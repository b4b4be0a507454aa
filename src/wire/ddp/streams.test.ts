import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { caller, password } from '../../../test/world.ts';
import { type DdpWorld, errorOf, type Frame, kinds, within } from './ddp-world.suite.ts';
import type { LoginServices } from './publication.ts';

async function asRoot({ add, app }: DdpWorld) {
  await add('root', { roles: ['admin'] });
  return await app.session.logIn({ by: 'username', value: 'root' }, { plain: password }, caller());
}

function eventOf(frame: Frame | undefined): readonly unknown[] {
  const fields = (frame?.['fields'] ?? {}) as Frame;
  return [frame?.['collection'], fields['eventName'], fields['args']];
}

// The collector of this process, which is not given to tests by itself.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describe('a subscription', () => {
  it('that nobody publishes is 404', async () => {
    await within(async ({ client }) => {
      const [frame] = await client().sub('a', 'nope');
      assert.deepEqual(frame, {
        msg: 'nosub',
        id: 'a',
        error: {
          isClientSafe: true,
          error: 404,
          reason: "Subscription 'nope' not found",
          message: "Subscription 'nope' not found [404]",
          errorType: 'Meteor.Error',
        },
      });
    });
  });

  for (const name of [
    'meteor.loginServiceConfiguration',
    'meteor_autoupdate_clientVersions',
    'userData',
    'activeUsers',
    'roles',
    'permissions',
    'fullUserData',
  ]) {
    it(`to ${name} is ready at once, and publishes nothing`, async () => {
      await within(async ({ client }) => {
        assert.deepEqual(await client().sub('a', name, 'whatever'), [{ msg: 'ready', subs: ['a'] }]);
      });
    });
  }

  it('whose id is open is ignored, and unsub is always answered', async () => {
    await within(async ({ client }) => {
      const one = client();
      await one.sub('a', 'roles');
      one.say({ msg: 'sub', id: 'a', name: 'nope' });
      one.say({ msg: 'unsub', id: 'a' });
      one.say({ msg: 'unsub', id: 'unknown' });
      one.say({ msg: 'unsub' });
      one.say({ msg: 'sub', id: 'a', name: 'roles' });
      await one.until(() => one.frames.some(({ msg }) => msg === 'ready'));
      assert.deepEqual(one.take(), [
        { msg: 'nosub', id: 'a' },
        { msg: 'nosub', id: 'unknown' },
        { msg: 'nosub' },
        { msg: 'ready', subs: ['a'] },
      ]);
    });
  });

  it('is refused when there are too many, or when they take too much room', async () => {
    await within(
      async ({ client }) => {
        const one = client();
        for (const id of ['a', 'b']) assert.deepEqual(kinds(await one.sub(id, 'roles')), ['ready']);
        assert.equal(errorOf((await one.sub('c', 'roles'))[0])['error'], 'too-many-subscriptions');
        one.say({ msg: 'unsub', id: 'a' });
        await one.until(() => one.frames.length === 1);
        const large = errorOf((await one.sub('d', 'roles', 'x'.repeat(2000)))[0]);
        assert.equal(large['error'], 'too-many-subscriptions');
        assert.deepEqual(kinds(await one.sub('e', 'roles')), ['ready']);
      },
      { ddp: { limits: { subscriptionsPerSocket: 2, subscriptionCharactersBeforeSignIn: 1000 } } },
    );
  });

  it('is kept as text: parameters that weigh much when they are parsed weigh no more than they are long', async () => {
    await within(async ({ add, signedIn }) => {
      await add('alice');
      const one = await signedIn('alice');
      const before = heap();
      const params = Array.from({ length: 80_000 }, () => ({}));
      assert.deepEqual(kinds(await one.sub('a', 'roles', params)), ['ready']);
      params.length = 0;
      const kept = heap() - before;
      assert.ok(kept < 2 * 1024 * 1024, `${kept} bytes are kept`);
      assert.deepEqual(kinds(await one.sub('a2', 'roles')), ['ready']);
    });
  });

  it('waits as text, too', async () => {
    await within(async ({ add, signedIn }) => {
      await add('alice');
      const one = await signedIn('alice');
      const before = heap();
      const text = JSON.stringify({
        msg: 'sub',
        id: 'a',
        name: 'roles',
        params: Array.from({ length: 80_000 }, () => ({})),
      });
      one.say({ msg: 'method', id: '1', method: 'login', params: [{}] });
      for (let n = 0; n < 5; n += 1) one.say(text);
      const kept = heap() - before;
      assert.ok(kept < 5 * 1024 * 1024, `${kept} bytes are kept`);
      await one.until(() => one.frames.some(({ msg }) => msg === 'ready'));
    });
  });

  it('is asked anew with its parameters when the user changes, as far as a guest may ask for so much', async () => {
    await within(async ({ add, signIn, client, signedIn }) => {
      await add('alice');
      const { text } = await signIn('alice');
      const one = client();
      await one.sub('all', 'stream-notify-all', 'public-settings-changed', { useCollection: false, args: [] });
      const again = await one.call('login', { resume: text });
      assert.deepEqual(
        again.filter(({ msg }) => msg === 'ready'),
        [{ msg: 'ready', subs: ['all'] }],
      );
      const two = await signedIn('alice');
      assert.deepEqual(kinds(await two.sub('small', 'roles')), ['ready']);
      assert.deepEqual(kinds(await two.sub('large', 'roles', 'x'.repeat(20_000))), ['ready']);
      const left = await two.call('logout');
      assert.equal(
        errorOf(left.find(({ id, msg }) => msg === 'nosub' && id === 'large'))['error'],
        'too-many-subscriptions',
      );
      assert.deepEqual(
        left.filter(({ msg }) => msg === 'ready'),
        [{ msg: 'ready', subs: ['small'] }],
      );
    });
  });

  it('is limited in number by time, streams less than others', async () => {
    await within(async ({ client }) => {
      const one = client();
      const answers: string[] = [];
      for (let n = 0; n < 11; n += 1) answers.push(...kinds(await one.sub(`a${n}`, 'roles')));
      assert.deepEqual(answers, [...Array.from({ length: 10 }, () => 'ready'), 'nosub']);
      const streams: string[] = [];
      for (let n = 0; n < 41; n += 1) streams.push(...kinds(await one.sub(`s${n}`, 'stream-notify-all', `e${n}`)));
      assert.deepEqual([streams.indexOf('nosub'), streams.length], [40, 41]);
    });
  });
});

describe('the sign-in services', () => {
  const document = (id: string, service: string) => ({
    collection: 'meteor_accounts_loginServiceConfiguration',
    id,
    fields: JSON.stringify({ service }),
  });

  it('are published to anybody, with each later change, and kept over a sign-in', async () => {
    let listed = [document('1', 'github')];
    let tell = (): void => undefined;
    const loginServices: LoginServices = {
      list: () => listed,
      onChange: (act) => {
        tell = act;
        return () => undefined;
      },
    };
    await within(
      async ({ add, signIn, client }) => {
        const one = client();
        const added = { msg: 'added', collection: 'meteor_accounts_loginServiceConfiguration', id: '1' };
        assert.deepEqual(await one.sub('a', 'meteor.loginServiceConfiguration'), [
          { ...added, fields: { service: 'github' } },
          { msg: 'ready', subs: ['a'] },
        ]);
        assert.deepEqual(await one.sub('b', 'meteor.loginServiceConfiguration'), [{ msg: 'ready', subs: ['b'] }]);
        listed = [document('1', 'gitlab'), document('2', 'saml')];
        tell();
        await one.until(() => one.frames.length === 2);
        assert.deepEqual(kinds(one.take()), ['changed', 'added']);
        await add('alice');
        const { text } = await signIn('alice');
        const frames = await one.call('login', { resume: text });
        assert.deepEqual(kinds(frames), ['added', 'ready', 'updated', 'result']);
        assert.deepEqual(frames[1]?.['subs'], ['a', 'b']);
        one.say({ msg: 'unsub', id: 'a' });
        one.say({ msg: 'unsub', id: 'b' });
        await one.until(() => one.frames.length === 4);
        assert.deepEqual(kinds(one.take()), ['nosub', 'removed', 'removed', 'nosub']);
      },
      { ddp: { loginServices } },
    );
  });
});

describe('a stream', () => {
  const anonymous: readonly (readonly [string, string, unknown])[] = [
    ['stream-notify-all', 'public-settings-changed', 'ready'],
    ['stream-notify-all', 'anything', 'ready'],
    ['stream-notify-all', 'private-settings-changed', 'not-allowed'],
    ['stream-notify-all', '', 'invalid-event-name'],
    ['stream-notify-logged', 'user-status', 'not-allowed'],
    ['stream-notify-user', 'somebody/userData', 'not-allowed'],
    ['stream-roles', 'roles', 'not-allowed'],
    ['stream-user-presence', '', 'not-allowed'],
    ['stream-room-messages', '__my_messages__', 'ready'],
    ['stream-room-messages', 'GENERAL', 'not-allowed'],
    ['stream-notify-room', 'GENERAL/typing', 'not-allowed'],
    ['stream-room-data', 'GENERAL', 'not-allowed'],
  ];
  for (const [name, event, answer] of anonymous) {
    it(`${name} ${event} gives ${String(answer)} to whoever is signed out`, async () => {
      await within(async ({ client }) => {
        const frames = await client().sub('a', name, event, false);
        assert.equal(frames[0]?.['msg'] === 'ready' ? 'ready' : errorOf(frames[0])['error'], answer);
      });
    });
  }

  it('is ready for whoever is signed in, whatever the event, but not for the events of others', async () => {
    await within(async ({ add, signedIn }) => {
      const alice = await add('alice');
      const bob = await add('bob');
      const one = await signedIn('alice');
      const asked: readonly (readonly [string, unknown, unknown])[] = [
        ['stream-notify-user', `${alice.id}/message`, 'ready'],
        ['stream-notify-user', `${alice.id}/webrtc`, 'ready'],
        ['stream-notify-user', `${bob.id}/userData`, 'not-allowed'],
        ['stream-notify-user', `${alice.id}`, 'not-allowed'],
        ['stream-notify-user', `${alice.id}x/userData`, 'not-allowed'],
        ['stream-notify-user', { $ne: '' }, 'invalid-event-name'],
        ['stream-notify-user', [`${bob.id}/userData`], 'invalid-event-name'],
        ['stream-notify-logged', 'Users:NameChanged', 'ready'],
        ['stream-notify-logged', 'private-settings-changed', 'not-allowed'],
        ['stream-roles', 'roles', 'ready'],
        ['stream-room-messages', 'GENERAL', 'ready'],
        ['stream-notify-room', 'GENERAL/typing', 'ready'],
        ['stream-room-data', 'GENERAL', 'ready'],
      ];
      for (const [at, [name, event, answer]] of asked.entries()) {
        const [frame] = await one.sub(`s${at}`, name, event, { useCollection: false, args: [null] });
        assert.equal(
          frame?.['msg'] === 'ready' ? 'ready' : errorOf(frame)['error'],
          answer,
          `${name} ${String(event)}`,
        );
      }
    });
  });

  it('announces its document to old clients, and removes it', async () => {
    await within(async ({ client }) => {
      const one = client();
      const document = { collection: 'stream-room-messages', id: 'id' };
      for (const options of [true, { useCollection: true, args: [] }]) {
        assert.deepEqual(await one.sub('a', 'stream-room-messages', '__my_messages__', options), [
          { msg: 'added', ...document, fields: { eventName: '__my_messages__' } },
          { msg: 'ready', subs: ['a'] },
        ]);
        one.say({ msg: 'unsub', id: 'a' });
        await one.until(() => one.frames.length === 2);
        assert.deepEqual(one.take(), [
          { msg: 'removed', ...document },
          { msg: 'nosub', id: 'a' },
        ]);
      }
    });
  });
});

describe('events', () => {
  it('tell people of changes to their own account, and nobody else', async () => {
    await within(async (world) => {
      const alice = await world.add('alice');
      await world.add('bob');
      const one = await world.signedIn('alice');
      const two = await world.signedIn('bob');
      await one.sub('a', 'stream-notify-user', `${alice.id}/userData`, false);
      await one.sub('b', 'stream-notify-user', `${alice.id}/userData`, false);
      await two.sub('a', 'stream-notify-user', `${alice.id}/userData`, false);
      await world.app.account.chooseStatus(alice, { text: 'back soon' });
      await one.until(() => one.frames.length > 0);
      const frames = one.take();
      assert.equal(frames.length, 1);
      const [collection, eventName, args] = eventOf(frames[0]);
      assert.deepEqual([collection, eventName], ['stream-notify-user', `${alice.id}/userData`]);
      const [told] = args as Frame[];
      assert.deepEqual([told?.['type'], told?.['id']], ['updated', alice.id]);
      const diff = (told?.['diff'] ?? {}) as Frame;
      assert.equal(diff['statusText'], 'back soon');
      assert.deepEqual(two.take(), []);
    });
  });

  it('tell of the removal of an account', async () => {
    await within(async (world) => {
      const root = await asRoot(world);
      const alice = await world.add('alice');
      await world.add('bob');
      const one = await world.signedIn('alice');
      const two = await world.signedIn('bob');
      await one.sub('a', 'stream-notify-user', `${alice.id}/userData`, false);
      await two.sub('a', 'stream-notify-logged', 'Users:Deleted', false);
      await world.app.account.remove(root, alice, caller());
      await one.until(() => one.end !== undefined && two.frames.length > 0);
      assert.deepEqual(eventOf(one.take()[0])[2], [{ type: 'removed', id: alice.id }]);
      assert.deepEqual(eventOf(two.take()[0])[2], [{ userId: alice.id }]);
    });
  });

  it('tell everybody of public settings, and only administrators of the others', async () => {
    await within(async (world) => {
      const root = await asRoot(world);
      await world.add('alice');
      const guest = world.client();
      const admin = await world.signedIn('root');
      await guest.sub('a', 'stream-notify-all', 'public-settings-changed', false);
      await admin.sub('a', 'stream-notify-logged', 'private-settings-changed', false);
      await world.app.setting.change(root, [{ id: 'Site_Name', value: 'Here' }], caller());
      await guest.until(() => guest.frames.length > 0 && admin.frames.length > 0);
      assert.deepEqual(eventOf(guest.take()[0])[2], ['updated', { _id: 'Site_Name', value: 'Here' }]);
      admin.take();
      await world.app.setting.change(root, [{ id: 'Login_Logs_Enabled', value: true }], caller());
      await admin.until(() => admin.frames.length > 0);
      const [kind, setting] = eventOf(admin.take()[0])[2] as [string, Frame];
      assert.deepEqual([kind, setting['_id'], setting['value']], ['updated', 'Login_Logs_Enabled', true]);
      assert.deepEqual(guest.take(), []);
    });
  });

  it('tell nothing of settings to whoever has lost the permission since', async () => {
    await within(async (world) => {
      const root = await asRoot(world);
      await world.add('alice');
      const admin = await world.signedIn('root');
      const one = await world.signedIn('alice');
      const id = 'view-privileged-setting';
      await world.store.settings.putPermissions([{ id, roles: ['admin', 'user'], updatedAt: 1 }], []);
      await world.app.permissions.load();
      for (const client of [admin, one]) {
        const [frame] = await client.sub('a', 'stream-notify-logged', 'private-settings-changed', false);
        assert.equal(frame?.['msg'], 'ready');
      }
      await world.store.settings.putPermissions([{ id, roles: ['admin'], updatedAt: 2 }], []);
      await world.app.permissions.load();
      await world.app.setting.change(root, [{ id: 'Login_Logs_Enabled', value: true }], caller());
      await admin.until(() => admin.frames.length > 0);
      assert.deepEqual(one.take(), []);
    });
  });

  it('tell of permissions', async () => {
    await within(async (world) => {
      const at = world.clock.now();
      await world.add('alice');
      const one = await world.signedIn('alice');
      await one.sub('a', 'stream-notify-logged', 'permissions-changed', false);
      const entry = {
        at,
        what: 'test',
        outcome: 'done',
        accountId: undefined,
        actorId: undefined,
        door: 'cli',
        address: '',
        userAgent: '',
        facts: {},
      } as const;
      await world.store.settings.putPermissions(
        [{ id: 'create-user', roles: ['admin', 'user'], updatedAt: at }],
        [entry],
      );
      await one.until(() => one.frames.length > 0);
      const [kind, permission] = eventOf(one.take()[0])[2] as [string, Frame];
      assert.deepEqual([kind, permission['_id'], permission['roles']], ['updated', 'create-user', ['admin', 'user']]);
    });
  });

  it('tell who comes and goes to those who ask for everybody, or for this person', async () => {
    await within(async (world) => {
      const alice = await world.add('alice');
      await world.add('bob');
      const all = await world.signedIn('bob');
      const some = await world.signedIn('bob');
      const one = await world.signedIn('alice');
      await all.sub('a', 'stream-notify-logged', 'user-status', false);
      await some.sub('p', 'stream-user-presence', '', { added: [alice.id] });
      await one.ask('UserPresence:away');
      world.timers.pass(100);
      await all.until(() => all.frames.length > 0 && some.frames.length > 0);
      assert.deepEqual(eventOf(all.take()[0]), [
        'stream-notify-logged',
        'user-status',
        [[alice.id, 'alice', 2, '', 'alice', ['user']]],
      ]);
      assert.deepEqual(eventOf(some.take()[0]), ['stream-user-presence', alice.id, [['alice', 2, '']]]);
      await some.sub('q', 'stream-user-presence', '', { removed: [alice.id] });
      one.receiver?.closed();
      world.timers.pass(100);
      await all.until(() => all.frames.length > 0);
      assert.deepEqual((eventOf(all.take()[0])[2] as unknown[][])[0]?.[2], 0);
      assert.deepEqual(some.take(), []);
    });
  });

  for (const added of ['x', [{ $ne: '' }], [5], ['x'.repeat(65)]]) {
    it(`listens to nobody who is named ${JSON.stringify(added).slice(0, 30)}`, async () => {
      await within(async ({ add, signedIn }) => {
        await add('alice');
        const [frame] = await (await signedIn('alice')).sub('p', 'stream-user-presence', '', { added });
        assert.equal(errorOf(frame)['error'], 400);
      });
    });
  }

  it('stop with the connection, and nothing is left behind', async () => {
    await within(async (world) => {
      const alice = await world.add('alice');
      const one = await world.signedIn('alice');
      await one.sub('a', 'stream-notify-user', `${alice.id}/userData`, false);
      one.receiver?.closed();
      await world.app.account.chooseStatus(alice, { text: 'x' });
      assert.deepEqual(one.take(), []);
      assert.deepEqual(world.server.stats(), { sockets: 0, signedIn: 0, subscriptions: 0 });
    });
  });
});
