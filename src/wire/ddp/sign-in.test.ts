import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { password } from '../../../test/world.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { errorOf, type Frame, kinds, within } from './ddp-world.suite.ts';

const asAlice = { user: { username: 'alice' }, password: { digest: sha256Hex(password), algorithm: 'sha-256' } };

function find(frames: readonly Frame[], msg: string): Frame {
  return frames.find((frame) => frame['msg'] === msg) ?? {};
}

describe('a new connection', () => {
  it('is greeted, and answers nothing but connect', async () => {
    await within(async ({ open }) => {
      const client = open();
      assert.deepEqual(client.take(), [{ server_id: '0' }]);
      client.say({ msg: 'ping' });
      client.say({ msg: 'nope' });
      client.say('{}');
      client.say('nonsense');
      assert.deepEqual(client.take(), [
        { msg: 'error', reason: 'Must connect first', offendingMessage: { msg: 'ping' } },
        { msg: 'error', reason: 'Must connect first', offendingMessage: { msg: 'nope' } },
        { msg: 'error', reason: 'Bad request', offendingMessage: {} },
        { msg: 'error', reason: 'Bad request' },
      ]);
      client.say({ msg: 'connect', version: '1', support: ['1'], session: 'of-somebody-else' });
      const [connected] = client.take();
      assert.match(String(connected?.['session']), /^[2-9A-HJ-NP-Za-km-z]{17}$/u);
      client.say({ msg: 'connect', version: '1', support: ['1'] });
      assert.equal(find(client.take(), 'error')['reason'], 'Already connected');
      await Promise.resolve();
    });
  });

  it('is closed when the versions do not meet', async () => {
    await within(async ({ open }) => {
      const client = open();
      client.take();
      client.say({ msg: 'connect', version: '2', support: ['2', '1'] });
      assert.deepEqual(client.take(), [{ msg: 'failed', version: '1' }]);
      assert.deepEqual(client.end, { code: 1000, reason: 'Normal closure' });
      client.say({ msg: 'connect', version: '1', support: ['1'] });
      assert.deepEqual(client.take(), []);
      await Promise.resolve();
    });
  });

  it('is dropped after 45 s without connect', async () => {
    await within(async ({ open, timers, server }) => {
      const client = open();
      timers.pass(44_000);
      assert.equal(client.end, undefined);
      timers.pass(1500);
      assert.deepEqual(client.end, { code: 1000, reason: 'Normal closure' });
      assert.equal(server.stats().sockets, 0);
      await Promise.resolve();
    });
  });

  it('that has connected is pinged after 15 s of silence and closed 15 s later', async () => {
    await within(async ({ client: connect, timers }) => {
      const client = connect();
      timers.pass(15_000);
      assert.deepEqual(client.take(), [{ msg: 'ping' }]);
      client.say({ msg: 'pong' });
      timers.pass(15_000);
      assert.deepEqual(client.take(), []);
      timers.pass(15_000);
      assert.deepEqual(client.take(), [{ msg: 'ping' }]);
      timers.pass(15_000);
      assert.deepEqual(client.end, { code: 1000, reason: 'Normal closure' });
      await Promise.resolve();
    });
  });
});

describe('signing in over a socket', () => {
  it('sends the own document, then updated, then the result with its keys in order', async () => {
    await within(async ({ add, client: connect, app }) => {
      const { id } = await add('alice');
      const client = connect();
      const frames = await client.call('login', asAlice);
      assert.deepEqual(kinds(frames), ['added', 'updated', 'result']);
      const [added, , result] = frames;
      assert.deepEqual([added?.['collection'], added?.['id']], ['users', id]);
      const given = result?.['result'] as Frame;
      assert.deepEqual(Object.keys(given), ['id', 'token', 'tokenExpires', 'type']);
      assert.deepEqual([given['id'], given['type']], [id, 'password']);
      assert.match(String(given['token']), /^[\w-]{43}$/u);
      assert.equal(app.presence.ofConnections(id), 'online');
    });
  });

  it('shows nothing secret in the own document', async () => {
    await within(async ({ add, client: connect }) => {
      await add('alice');
      const frames = await connect().call('login', asAlice);
      const shown = JSON.stringify(find(frames, 'added')['fields']);
      for (const secret of ['password', 'services', 'hash', 'token', 'bcrypt', 'secret']) {
        assert.equal(shown.toLowerCase().includes(secret), false, secret);
      }
    });
  });

  it('gives the same token and end back on resume, and a null date for a personal token', async () => {
    await within(async ({ add, signIn, client: connect, app }) => {
      const alice = await add('alice');
      const { text, token } = await signIn('alice');
      const resumed = (await connect().ask('login', { resume: text }))['result'] as Frame;
      assert.deepEqual(resumed, { id: alice.id, token: text, tokenExpires: { $date: token.endsAt }, type: 'resume' });
      const personal = await app.host.makePersonalToken(
        alice,
        { name: 'ci', skipsSecondFactor: false },
        { door: 'cli', address: '', userAgent: '', requestId: '' },
      );
      const bot = (await connect().ask('login', { resume: personal }))['result'] as Frame;
      assert.deepEqual(bot['tokenExpires'], { $date: null });
    });
  });

  it('moves a script token to the interactive pool at its first resume', async () => {
    await within(async ({ add, signIn, client: connect, app }) => {
      await add('alice');
      const { text, token } = await signIn('alice');
      assert.equal(token.pool, 'script');
      const client = connect();
      await client.ask('login', { resume: text });
      let pool = '';
      await client.until(() => {
        void app.session.find(token.hash).then((found) => {
          pool = found?.token.pool ?? '';
        });
        return pool === 'interactive';
      });
    });
  });

  const refused: readonly (readonly [string, readonly unknown[], unknown, string])[] = [
    ['a wrong password', [{ ...asAlice, password: 'wrong' }], 403, 'Incorrect password'],
    ['an unknown user', [{ ...asAlice, user: { username: 'nobody' } }], 403, 'Incorrect password'],
    ['nothing', [], 400, 'Match failed'],
    ['null', [null], 400, 'Match failed'],
    ['an array', [[]], 400, 'Match failed'],
    ['a text', ['x'], 400, 'Match failed'],
    ['an empty object', [{}], 400, 'Unrecognized options for login request'],
    ['an operator as name', [{ ...asAlice, user: { username: { $ne: null } } }], 400, 'Match failed'],
    ['an operator as password', [{ ...asAlice, password: { $ne: null } }], 400, 'Match failed'],
    ['an operator as token', [{ resume: { $ne: null } }], 400, 'Match failed'],
    ['a date as token', [{ resume: { $date: 1 } }], 400, 'Match failed'],
    ['bytes as token', [{ resume: { $binary: 'AQI=' } }], 400, 'Match failed'],
    ['another type as token', [{ resume: { $type: 'oid', $value: 'x' } }], 400, 'Match failed'],
    ['an escape as token', [{ resume: { $escape: { $date: 1 } } }], 400, 'Match failed'],
    ['an unknown token', [{ resume: 'x' }], 403, "You've been logged out by the server. Please log in again."],
  ];
  for (const [name, params, error, reason] of refused) {
    it(`refuses ${name} and signs nobody in`, async () => {
      await within(async ({ add, client: connect, server }) => {
        await add('alice');
        const frames = await connect().call('login', ...params);
        assert.deepEqual(kinds(frames), ['updated', 'result']);
        const answer = errorOf(frames[1]);
        assert.deepEqual([answer['error'], answer['reason']], [error, reason]);
        assert.deepEqual(Object.keys(answer), ['isClientSafe', 'error', 'reason', 'message', 'errorType']);
        assert.equal(server.stats().signedIn, 0);
      });
    });
  }

  it('says what Meteor 3 says when the setting asks for it', async () => {
    await within(
      async ({ add, client: connect }) => {
        await add('alice');
        const answer = errorOf(await connect().ask('login', { ...asAlice, password: 'wrong' }));
        assert.equal(answer['message'], 'Something went wrong. Please check your credentials. [403]');
      },
      { env: { OVERWRITE_SETTING_Accounts_Ambiguous_Login_Errors: 'something-went-wrong' } },
    );
  });

  it('keeps the user after a failed one, and replaces it after another', async () => {
    await within(async ({ add, client: connect, server }) => {
      const alice = await add('alice');
      const bob = await add('bob');
      const client = connect();
      await client.call('login', asAlice);
      assert.deepEqual(kinds(await client.call('login', { ...asAlice, password: 'wrong' })), ['updated', 'result']);
      assert.equal(server.stats().signedIn, 1);
      const frames = await client.call('login', { ...asAlice, user: { username: 'bob' } });
      assert.deepEqual(kinds(frames), ['removed', 'added', 'updated', 'result']);
      assert.deepEqual([frames[0]?.['id'], frames[1]?.['id']], [alice.id, bob.id]);
      assert.equal(server.stats().signedIn, 1);
    });
  });

  it('shows nothing when the same user signs in again', async () => {
    await within(async ({ add, signedIn }) => {
      await add('alice');
      const client = await signedIn('alice');
      assert.deepEqual(kinds(await client.call('login', { resume: client.token })), ['updated', 'result']);
    });
  });

  it('works on the messages of a connection one after another, and answers pings at once', async () => {
    await within(async ({ add, client: connect }) => {
      const { id } = await add('alice');
      const client = connect();
      client.say({ msg: 'method', id: '1', method: 'login', params: [asAlice] });
      client.say({ msg: 'sub', id: 's', name: 'stream-notify-user', params: [`${id}/userData`, false] });
      client.say({ msg: 'ping', id: 'p' });
      await client.until(() => client.frames.some(({ msg }) => msg === 'ready'));
      assert.deepEqual(kinds(client.take()), ['pong', 'added', 'updated', 'result', 'ready']);
    });
  });

  it('is limited to five in ten seconds for a connection, and says when it ends', async () => {
    await within(async ({ add, client: connect, timers }) => {
      await add('alice');
      const client = connect();
      for (let n = 0; n < 5; n += 1) await client.call('login', {});
      timers.pass(2500);
      const frames = await client.call('login', asAlice);
      assert.deepEqual(kinds(frames), ['updated', 'result']);
      assert.deepEqual(errorOf(frames[1]), {
        isClientSafe: true,
        error: 'too-many-requests',
        reason: 'Error, too many requests. Please slow down. You must wait 8 seconds before trying again.',
        details: { timeToReset: 7500 },
        message:
          'Error, too many requests. Please slow down. You must wait 8 seconds before trying again. [too-many-requests]',
        errorType: 'Meteor.Error',
      });
      assert.deepEqual(kinds(await connect().call('login', asAlice)), ['added', 'updated', 'result']);
      timers.pass(7500);
      assert.deepEqual(kinds(await client.call('login', asAlice)), ['added', 'updated', 'result']);
    });
  });
});

describe('signing out over a socket', () => {
  it('ends the token, removes the document, and leaves the connection open', async () => {
    await within(async ({ add, signedIn, client: connect, app, server }) => {
      const { id } = await add('alice');
      const client = await signedIn('alice');
      await client.sub('s', 'stream-notify-user', `${id}/userData`, false);
      await client.sub('t', 'meteor.loginServiceConfiguration');
      const frames = await client.call('logout');
      assert.deepEqual(kinds(frames), ['nosub', 'removed', 'ready', 'updated', 'result']);
      assert.deepEqual(errorOf(frames[0])['message'], '[not-allowed]');
      assert.deepEqual(frames[2], { msg: 'ready', subs: ['t'] });
      assert.deepEqual(Object.keys(frames[4] ?? {}), ['msg', 'id']);
      assert.equal(client.end, undefined);
      assert.deepEqual([app.presence.ofConnections(id), server.stats().signedIn], ['offline', 0]);
      const again = errorOf(await connect().ask('login', { resume: client.token }));
      assert.equal(again['reason'], "You've been logged out by the server. Please log in again.");
      assert.deepEqual(kinds(await client.call('logout', 'extra')), ['updated', 'result']);
    });
  });

  it('closes the other connections of the same token, and no others', async () => {
    await within(async ({ add, signedIn, client: connect }) => {
      await add('alice');
      const one = await signedIn('alice');
      const twin = connect();
      await twin.ask('login', { resume: one.token });
      const other = await signedIn('alice');
      await one.call('logout');
      await twin.until(() => twin.end !== undefined);
      assert.deepEqual(twin.end, { code: 1000, reason: 'Normal closure' });
      assert.deepEqual([one.end, other.end], [undefined, undefined]);
    });
  });
});
