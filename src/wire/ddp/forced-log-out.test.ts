import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller, openWorld, password } from '../../../test/world.ts';
import type { App } from '../../app.ts';
import { errorOf, kinds, openDdpWorld, within } from './ddp-world.suite.ts';

const byHost = caller({ door: 'cli', address: '' });
const day = 86_400_000;

function never(): void {
  // A promise that is never kept.
}

describe('connections whose token is gone', () => {
  it('are closed with 1000 when the other sessions are ended, and the caller is not', async () => {
    await within(async ({ add, signedIn, app }) => {
      const alice = await add('alice');
      const one = await signedIn('alice');
      const two = await signedIn('alice');
      const personal = await app.host.makePersonalToken(alice, { name: 'ci', skipsSecondFactor: false }, byHost);
      await two.sub('f', 'stream-notify-user', `${alice.id}/force_logout`, false);
      await one.sub('f', 'stream-notify-user', `${alice.id}/force_logout`, false);
      const frames = await one.call('removeOtherTokens');
      assert.deepEqual(kinds(frames), ['updated', 'result']);
      await two.until(() => two.end !== undefined);
      assert.deepEqual(two.end, { code: 1000, reason: 'Normal closure' });
      // Only whoever is about to be closed is told: others would log themselves out.
      assert.deepEqual(two.take(), [
        {
          msg: 'changed',
          collection: 'stream-notify-user',
          id: 'id',
          fields: { eventName: `${alice.id}/force_logout`, args: [] },
        },
      ]);
      assert.deepEqual([one.end, one.take()], [undefined, []]);
      assert.equal((await app.session.resume(personal, caller())).account.id, alice.id);
    });
  });

  it('are closed when the account is closed, and signing in again is refused', async () => {
    await within(async ({ add, signedIn, client, app }) => {
      const alice = await add('alice');
      const one = await signedIn('alice');
      await app.host.setOpen(alice.id, false, byHost);
      await one.until(() => one.end !== undefined);
      assert.equal(one.end?.code, 1000);
      const answer = errorOf(await client().ask('login', { resume: one.token }));
      assert.equal(answer['reason'], "You've been logged out by the server. Please log in again.");
    });
  });

  it('are closed when the account is removed', async () => {
    await within(async ({ add, signedIn, app }) => {
      await add('root', { roles: ['admin'] });
      const alice = await add('alice');
      const one = await signedIn('alice');
      const root = await app.session.logIn({ by: 'username', value: 'root' }, { plain: password }, caller());
      await app.account.remove(root, alice, caller());
      await one.until(() => one.end !== undefined);
      assert.equal(one.end?.code, 1000);
    });
  });

  it('are closed when the password changes, except the one that changed it', async () => {
    await within(async ({ add, signedIn }) => {
      await add('alice');
      const one = await signedIn('alice');
      const two = await signedIn('alice');
      const frames = await one.call('changePassword', password, 'Another-Horse-Battery-7');
      assert.deepEqual(frames.at(-1)?.['result'], { passwordChanged: true });
      await two.until(() => two.end !== undefined);
      assert.equal(one.end, undefined);
    });
  });

  it('are closed when their token expires', async () => {
    await within(async ({ add, signedIn, timers, clock }) => {
      await add('alice');
      const one = await signedIn('alice');
      clock.move(90 * day - 10_000);
      one.say({ msg: 'ping' });
      timers.pass(15_000);
      assert.deepEqual(one.end, { code: 1000, reason: 'Normal closure' });
      await Promise.resolve();
    });
  });

  it('do nothing with an expired token, even between two looks', async () => {
    await within(async ({ add, signedIn, clock, app }) => {
      const alice = await add('alice');
      const one = await signedIn('alice');
      clock.move(91 * day);
      await one.call('setUserStatus', 'busy');
      assert.equal(one.end?.code, 1000);
      assert.equal((await app.account.byId(alice.id))?.chosenStatus, 'online');
    });
  });

  it('get the result of what runs, and are closed right after it', async () => {
    const world = await openWorld();
    const { app } = world;
    const slow: App = {
      ...app,
      personalToken: {
        ...app.personalToken,
        remove: async (...given) => {
          await app.personalToken.remove(...given);
          await new Promise((resolve) => {
            setTimeout(resolve, 50);
          });
        },
      },
    };
    const ddp = await openDdpWorld({ open: async () => await Promise.resolve(world.store), ddp: { app: slow } });
    const alice = await ddp.add('alice');
    const text = await app.host.makePersonalToken(alice, { name: 'ci', skipsSecondFactor: true }, byHost);
    const one = ddp.client();
    await one.ask('login', { resume: text });
    one.say({ msg: 'method', id: '1', method: 'personalAccessTokens:removeToken', params: [{ tokenName: 'ci' }] });
    one.say({ msg: 'method', id: '2', method: 'rooms/get' });
    await one.until(() => one.end !== undefined);
    assert.deepEqual(
      one.take().filter(({ msg }) => msg === 'result'),
      [{ msg: 'result', id: '1' }],
    );
    await ddp.close();
  });

  it('are closed after half a second when what runs does not end', async () => {
    const world = await openWorld();
    const { app } = world;
    const stuck: App = {
      ...app,
      account: { ...app.account, chooseStatus: async () => await new Promise<void>(never) },
    };
    const ddp = await openDdpWorld({ open: async () => await Promise.resolve(world.store), ddp: { app: stuck } });
    await ddp.add('alice');
    const one = await ddp.signedIn('alice');
    one.say({ msg: 'method', id: '1', method: 'setUserStatus', params: ['away'] });
    await app.session.logOut(await app.session.resume(one.token, caller()), caller());
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    ddp.timers.pass(499);
    assert.equal(one.end === undefined, true);
    ddp.timers.pass(1);
    assert.equal(one.end?.code, 1000);
    await ddp.close();
  });

  it('are found when announcements were lost, and once a minute even when nobody noticed', async () => {
    for (const way of ['gap', 'minute']) {
      const world = await openWorld();
      let gap = (): void => undefined;
      // Another node ends the session, and the announcement does not arrive.
      const deaf: App['events'] = {
        publish: (happening) => {
          world.app.events.publish(happening);
        },
        subscribe: () => () => undefined,
        onGap: (act) => {
          gap = act;
          return () => undefined;
        },
      };
      const { app } = world;
      const ddp = await openDdpWorld({
        open: async () => await Promise.resolve(world.store),
        ddp: { app: { ...app, events: deaf } },
      });
      await ddp.add('alice');
      const one = await ddp.signedIn('alice');
      const signed = await app.session.resume(one.token, caller());
      await app.session.logOut(signed, caller());
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      assert.equal(one.end === undefined, true);
      if (way === 'gap') gap();
      for (let beats = 0; beats < 5 && way === 'minute'; beats += 1) {
        one.say({ msg: 'ping' });
        ddp.timers.pass(15_000);
      }
      await one.until(() => one.end !== undefined);
      assert.equal(one.end?.code, 1000);
      await ddp.close();
    }
  });

  it('do nothing more, even before they are closed', async () => {
    await within(async ({ add, signedIn, app }) => {
      await add('alice');
      const one = await signedIn('alice');
      const signed = await app.session.resume(one.token, caller());
      const ended = app.session.logOut(signed, caller());
      one.say({ msg: 'method', id: '1', method: 'setUserStatus', params: ['away'] });
      await ended;
      const frames = await one.call('personalAccessTokens:generateToken', { tokenName: 'x' });
      assert.equal(one.end?.code, 1000);
      assert.equal(JSON.stringify(frames).includes('"result":"'), false);
    });
  });

  it('are closed when their token ended while they were signing in', async () => {
    const world = await openDdpWorld();
    const { app } = world;
    await world.add('alice');
    // The log-in holds while the token ends and its end is announced.
    const slow: App = {
      ...app,
      session: {
        ...app.session,
        resume: async (text, from) => {
          const loggedIn = await app.session.resume(text, from);
          await app.session.logOut(loggedIn, from);
          return loggedIn;
        },
      },
    };
    const second = await openDdpWorld({ open: async () => await Promise.resolve(world.store), ddp: { app: slow } });
    const { text } = await world.signIn('alice');
    const one = second.client();
    await one.call('login', { resume: text });
    await one.until(() => one.end !== undefined);
    assert.equal(one.end?.code, 1000);
    await second.close();
  });

  it('are asked about again when the store does not answer', async () => {
    const world = await openDdpWorld();
    const { app } = world;
    let failures = 2;
    const failing: App = {
      ...app,
      session: {
        ...app.session,
        alive: async (hashes) => {
          failures -= 1;
          if (failures >= 0) throw new Error('the store is away');
          return await app.session.alive(hashes);
        },
      },
    };
    const second = await openDdpWorld({ open: async () => await Promise.resolve(world.store), ddp: { app: failing } });
    await second.add('alice');
    const one = await second.signedIn('alice');
    await app.session.logOut(await app.session.resume(one.token, caller()), caller());
    await one.until(() => {
      second.timers.pass(300);
      return one.end !== undefined;
    });
    assert.equal(second.logged.length, 2);
    await second.close();
  });

  it('are closed within one second when ten thousand are affected, after one question to the store', async () => {
    const world = await openWorld();
    const { app } = world;
    const alice = await world.add('alice');
    const { text } = await world.signIn('alice');
    let asked = 0;
    const counting: App = {
      ...app,
      session: {
        ...app.session,
        alive: async (hashes) => {
          asked += hashes.length;
          return await app.session.alive(hashes);
        },
      },
    };
    const open = async () => await Promise.resolve(world.store);
    const ddp = await openDdpWorld({ open, ddp: { app: counting } });
    const clients = Array.from({ length: 10_000 }, () => ddp.client());
    const [first] = clients;
    for (const [at, client] of clients.entries()) {
      client.say({ msg: 'method', id: '1', method: 'login', params: [{ resume: text }] });
      if (at % 100 === 99) await client.until(() => client.frames.length === 3);
    }
    assert.equal(ddp.server.stats().signedIn, clients.length);
    asked = 0;
    const at = performance.now();
    await app.host.setOpen(alice.id, false, byHost);
    await first?.until(() => ddp.server.stats().sockets === 0);
    const took = performance.now() - at;
    assert.ok(clients.every(({ end }) => end?.code === 1000));
    assert.ok(took < 1000, `${took} ms`);
    assert.equal(asked, 1);
    await ddp.close();
  });
});

describe('getNewToken', () => {
  it('binds the new token and leaves the old one valid', async () => {
    await within(async ({ add, signedIn, app }) => {
      const alice = await add('alice');
      const one = await signedIn('alice');
      const frames = await one.call('getNewToken');
      assert.deepEqual(kinds(frames), ['updated', 'result']);
      const given = frames[1]?.['result'] as Record<string, unknown>;
      assert.deepEqual(Object.keys(given), ['id', 'token', 'tokenExpires']);
      assert.equal(given['id'], alice.id);
      const old = await app.session.resume(one.token, caller());
      assert.deepEqual(given['tokenExpires'], { $date: old.token.endsAt });
      await app.session.logOut(old, caller());
      assert.equal((await one.ask('getNewToken'))['error'], undefined);
      assert.equal(one.end, undefined);
    });
  });

  it('gives nothing that lives on after the session was ended meanwhile', async () => {
    await within(async ({ add, signIn, app }) => {
      const alice = await add('alice');
      const loggedIn = await signIn('alice');
      await app.session.logOut(loggedIn, caller());
      await assert.rejects(app.session.renew(loggedIn, caller()), { code: 'not-signed-in' });
      assert.deepEqual(await app.host.tokens(alice.id), []);
    });
  });

  it('makes no session from a personal token', async () => {
    await within(async ({ add, client, app }) => {
      const alice = await add('alice');
      const personal = await app.host.makePersonalToken(alice, { name: 'ci', skipsSecondFactor: true }, byHost);
      const one = client();
      await one.ask('login', { resume: personal });
      assert.equal(errorOf(await one.ask('getNewToken'))['message'], '[Invalid login token]');
    });
  });
});
