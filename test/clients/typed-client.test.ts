import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { WebSocket } from 'ws';
import {
  type Client,
  ClientError,
  type ClientOptions,
  createClient,
  type SecondFactorChallenge,
} from '../../src/client/index.ts';
import { fromBase32 } from '../../src/lib/base32.ts';
import { codeOfStep, stepOf } from '../../src/lib/totp.ts';
import { passkeyDevice } from '../passkey-device.ts';
import { until, within } from './patience.ts';
import { openPlace, type Person, type Place, sha256 } from './place.ts';
import { openRoad, type Road } from './road.ts';

/** The error a call ends with. */
async function failure(call: Promise<unknown>): Promise<ClientError> {
  const cause = await call.then(
    () => assert.fail('it was let through'),
    (given: unknown) => given,
  );
  assert.ok(cause instanceof ClientError, String(cause));
  return cause;
}

/** Every event of a client, in order. */
function heardBy(client: Client): string[] {
  const heard: string[] = [];
  client.on('connected', ({ userId }) => heard.push(`connected ${userId ?? '-'}`));
  client.on('disconnected', ({ error }) => heard.push(`disconnected ${error?.code ?? '-'}`));
  client.on('signedOut', ({ error }) => heard.push(`signedOut ${error?.code ?? '-'}`));
  client.on('forceLogout', () => heard.push('forceLogout'));
  return heard;
}

/** Answers challenges from a list, the last one for ever, and keeps them. */
function answering(...answers: readonly (string | undefined | (() => string))[]): {
  readonly asked: SecondFactorChallenge[];
  readonly onSecondFactor: NonNullable<ClientOptions['onSecondFactor']>;
} {
  const asked: SecondFactorChallenge[] = [];
  return {
    asked,
    onSecondFactor: (challenge) => {
      asked.push(challenge);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      return typeof answer === 'function' ? answer() : answer;
    },
  };
}

describe('countersign/client', () => {
  let place: Place;
  let road: Road;
  const mails: string[] = [];
  const post = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        mails.push(Buffer.concat(parts).toString());
        done();
      });
    },
  });
  const opened: Client[] = [];

  const open = (options: Partial<ClientOptions> = {}): Client => {
    const client = createClient({ url: road.url, ...options });
    opened.push(client);
    return client;
  };

  /** Enrols an authenticator app through the client itself. Each code is of a later time step. */
  const enrol = async ({ username, password }: Person): Promise<() => string> => {
    const client = open({ onSecondFactor: () => password });
    await client.login({ user: username, password });
    const { secret } = await client.post('users.enableTotp');
    const key = fromBase32(secret);
    let step = stepOf(Date.now()) - 9;
    const next = (): string => {
      step += 1;
      return codeOfStep(key, step);
    };
    const { codes } = await client.post('users.validateTotp', { code: next() });
    assert.equal(codes.length, 12);
    return next;
  };

  /** The newest code that was mailed to somebody. */
  const mailedTo = async ({ email }: Person): Promise<string> => {
    const codes = (): string[] =>
      mails.filter((mail) => mail.includes(email)).flatMap((mail) => /\b(\d{3}-\d{3})\b/u.exec(mail)?.[1] ?? []);
    await until('a code by mail', () => codes().length > 0);
    return codes().at(-1) ?? '';
  };

  const generate = { tokenName: 'made', bypassTwoFactor: false };

  before(async () => {
    await new Promise<void>((resolve) => {
      post.listen(0, '127.0.0.1', resolve);
    });
    const { port } = post.server.address() as AddressInfo;
    place = await openPlace({
      // Passkeys belong to a site of a name.
      ROOT_URL: 'http://localhost:3000',
      MAIL_URL: `smtp://127.0.0.1:${port}`,
      OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '0',
      OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_MaxDelta: '10',
    });
    road = await openRoad(place.server.port);
  });

  after(async () => {
    for (const client of opened) client.disconnect();
    await road.close();
    await place.close();
    await new Promise<void>((resolve) => {
      post.close(resolve);
    });
  });

  it('signs in over REST, asks who it is, and signs out', async () => {
    const person = await place.makePerson();
    const client = open();
    const heard = heardBy(client);
    const session = await client.login({ user: person.username, password: person.password });
    assert.equal(session.userId, person.id);
    assert.deepEqual(client.session, session);
    const me = await client.get('me');
    assert.equal(me._id, person.id);
    await client.logout();
    assert.equal(client.session, undefined);
    assert.equal(await place.knows(session), false);
    assert.deepEqual(heard, ['signedOut -']);
    const refusal = await failure(client.get('me'));
    assert.equal(refusal.status, 401);
    assert.equal(refusal.error, 'You must be logged in to do this.');
  });

  it('tells what was wrong', async () => {
    const { username } = await place.makePerson();
    const client = open();
    const atLogin = await failure(client.login({ user: username, password: 'wrong' }));
    assert.deepEqual(
      { status: atLogin.status, error: atLogin.error, errorType: atLogin.errorType, code: atLogin.code },
      { status: 401, error: 'Unauthorized', errorType: undefined, code: 'Unauthorized' },
    );
    assert.equal(client.session, undefined);
    const noServer = createClient({ url: 'http://127.0.0.1:1' });
    assert.equal((await failure(noServer.get('me'))).code, 'network');
    assert.equal((await failure(noServer.connect())).code, 'connection-lost');
    assert.equal((await failure(noServer.call('logout'))).code, 'not-connected');
  });

  it('reads how long a blocked account waits', async () => {
    const { username } = await place.makePerson();
    const client = open();
    for (let n = 0; n < 10; n += 1) await failure(client.login({ user: username, password: 'wrong' }));
    const blocked = await failure(client.login({ user: username, password: 'wrong' }));
    assert.equal(blocked.code, 'error-login-blocked-for-user');
    assert.ok(blocked.retryAfter !== undefined && blocked.retryAfter > 200 && blocked.retryAfter <= 300);
  });

  it('keeps a session in a storage, and signs in by token', async () => {
    const person = await place.makePerson();
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    const first = open({ storage });
    const session = await first.login({ user: person.email, password: person.password });
    const reloaded = open({ storage });
    assert.deepEqual(reloaded.session, session);
    assert.equal((await reloaded.get('me')).username, person.username);
    const other = open();
    assert.deepEqual(await other.login({ token: session.token }), session);
    await reloaded.logout();
    assert.equal(kept.size, 0);
    kept.set('countersign.session', '{"userId":7}');
    assert.equal(open({ storage }).session, undefined);
  });

  describe('a second factor', () => {
    it('is the password where there is nothing better: plain here, its SHA-256 on the wire', async () => {
      const person = await place.makePerson();
      const { asked, onSecondFactor } = answering('wrong', person.password);
      const bodies: (string | undefined)[] = [];
      const client = open({
        onSecondFactor,
        fetch: async (url, request) => {
          bodies.push(request.headers['x-2fa-code']);
          return await fetch(url, request);
        },
      });
      await client.login({ user: person.username, password: person.password });
      const { token } = await client.post('users.generatePersonalAccessToken', generate);
      assert.ok(await place.knows({ userId: person.id, token }));
      assert.deepEqual(
        asked.map(({ method, attempt }) => [method, attempt]),
        [
          ['password', 1],
          ['password', 2],
        ],
      );
      assert.deepEqual(asked[0]?.details, { method: 'password', codeGenerated: false, availableMethods: [] });
      assert.deepEqual(bodies, [undefined, undefined, sha256('wrong'), person.digest]);
    });

    it('goes behind the parameters of a realtime method', async () => {
      const person = await place.makePerson();
      const { asked, onSecondFactor } = answering('wrong', person.password);
      const client = open({ onSecondFactor });
      await client.connect();
      await client.login({ user: person.username, password: person.password });
      const token = await client.call('personalAccessTokens:generateToken', generate);
      assert.ok(await place.knows({ userId: person.id, token: String(token) }));
      assert.deepEqual(
        asked.map(({ attempt }) => attempt),
        [1, 2],
      );
    });

    it('is given up by undefined, and never asked for without somebody to ask', async () => {
      const person = await place.makePerson();
      for (const onSecondFactor of [undefined, () => undefined, () => '']) {
        const client = open(onSecondFactor === undefined ? {} : { onSecondFactor });
        await client.login({ user: person.username, password: person.password });
        const refusal = await failure(client.post('users.generatePersonalAccessToken', generate));
        assert.deepEqual(
          { status: refusal.status, error: refusal.error, errorType: refusal.errorType, code: refusal.code },
          { status: 400, error: 'TOTP Required [totp-required]', errorType: 'totp-required', code: 'totp-required' },
        );
      }
    });

    it('of an app is asked at both doors of login, again after a wrong code, and at the gate', async () => {
      const person = await place.makePerson();
      const next = await enrol(person);
      for (const isRealtime of [false, true]) {
        const { asked, onSecondFactor } = answering('000 000', 'nonsense é', next);
        const client = open({ onSecondFactor });
        if (isRealtime) await client.connect();
        const session = await client.login({ user: person.username, password: person.password });
        assert.equal(session.userId, person.id);
        assert.ok(await place.knows(session));
        assert.deepEqual(
          asked.map(({ method, attempt }) => `${method} ${attempt}`),
          ['totp 1', 'totp 2', 'totp 3'],
        );
        assert.deepEqual(asked[0]?.details['availableMethods'], ['totp']);
        asked.length = 0;
        const name = isRealtime ? 'socket' : 'rest';
        if (isRealtime) await client.call('personalAccessTokens:generateToken', { ...generate, tokenName: name });
        else await client.post('users.generatePersonalAccessToken', { ...generate, tokenName: name });
        assert.equal(asked.length, 3);
      }
      const silent = open();
      const refusal = await failure(silent.login({ user: person.username, password: person.password }));
      assert.deepEqual([refusal.status, refusal.error, refusal.code], [401, 'totp-required', 'totp-required']);
      assert.equal(silent.session, undefined);
    });

    it('is not asked where the password was wrong', async () => {
      const person = await place.makePerson();
      await enrol(person);
      const { asked, onSecondFactor } = answering('123456');
      const client = open({ onSecondFactor });
      assert.equal((await failure(client.login({ user: person.username, password: 'wrong' }))).code, 'Unauthorized');
      await client.connect();
      assert.equal((await failure(client.login({ user: person.username, password: 'wrong' }))).code, '403');
      assert.equal(asked.length, 0);
    });

    it('may be a passkey: enrolled, shown at both doors of login and at the gate, and enough alone', async () => {
      const person = await place.makePerson();
      const device = passkeyDevice();
      const client = open({ onSecondFactor: () => person.password });
      await client.login({ user: person.username, password: person.password });
      const { options } = await client.post('passkeys.begin');
      await client.post('passkeys.add', { name: 'key', credential: device.make(options) });
      for (const isRealtime of [false, true]) {
        const asked: string[] = [];
        const holder = open({
          onSecondFactor: ({ method, attempt, details }) => {
            asked.push(`${method} ${attempt}`);
            const shown = details['options'];
            return attempt === 1 ? device.show({ ...Object(shown), challenge: 'another' }) : device.show(shown);
          },
        });
        if (isRealtime) await holder.connect();
        await holder.login({ user: person.email, password: person.password });
        assert.deepEqual(asked, ['passkey 1', 'passkey 2']);
        if (isRealtime) await holder.call('personalAccessTokens:generateToken', generate);
        else await holder.post('passkeys.setAlone', { alone: true });
        assert.deepEqual(asked, ['passkey 1', 'passkey 2', 'passkey 1', 'passkey 2']);
      }
      const alone = open();
      const toShow = await alone.post('passkeys.signInOptions');
      const signed = await alone.post('passkeys.signIn', { credential: device.show(toShow.options) });
      assert.deepEqual(await alone.login({ token: signed.loginToken }), {
        userId: person.id,
        token: signed.loginToken,
      });
      assert.equal((await alone.get('passkeys.list')).passkeys[0]?.name, 'key');
    });

    it('by e-mail waits for the mail, at both doors of login', async () => {
      const person = await place.makePerson();
      const client = open({ onSecondFactor: () => person.password });
      await client.login({ user: person.username, password: person.password });
      await client.post('users.2fa.enableEmail');
      for (const isRealtime of [false, true]) {
        mails.length = 0;
        const asked: SecondFactorChallenge[] = [];
        const mailed = open({
          onSecondFactor: async (challenge) => {
            asked.push(challenge);
            return challenge.attempt === 1 ? '000000' : await mailedTo(person);
          },
        });
        if (isRealtime) await mailed.connect();
        await mailed.login({ user: person.username, password: person.password });
        assert.deepEqual(
          asked.map(({ method, attempt }) => `${method} ${attempt}`),
          ['email 1', 'email 2'],
        );
        assert.equal(asked[0]?.details['emailOrUsername'], person.username);
      }
    });
  });

  describe('a connection', () => {
    it('resumes a REST session, reads dates, and signs out', async () => {
      const person = await place.makePerson();
      const client = open();
      const heard = heardBy(client);
      const session = await client.login({ user: person.username, password: person.password });
      await client.connect();
      assert.ok(client.isConnected);
      assert.deepEqual(client.session, session);
      const renewed = (await client.call('getNewToken')) as { readonly id: string; readonly tokenExpires: unknown };
      assert.equal(renewed.id, person.id);
      assert.ok(renewed.tokenExpires instanceof Date && renewed.tokenExpires.getTime() > Date.now());
      assert.deepEqual(await client.call('rooms/get', new Date(0), new Uint8Array([1])), []);
      assert.equal((await failure(client.call('no such method'))).code, '404');
      await client.logout();
      assert.ok(client.isConnected);
      assert.equal((await failure(client.call('getNewToken'))).error, 'You are not logged in.');
      client.disconnect();
      await until('all events', () => heard.length === 3);
      assert.deepEqual(heard, [`connected ${person.id}`, 'signedOut -', 'disconnected -']);
    });

    it('hears what it subscribed to, also after the connection broke, and says what it did not do', async () => {
      const person = await place.makePerson();
      const client = open();
      const heard = heardBy(client);
      await client.connect();
      const session = await client.login({ user: person.username, password: person.password });
      const texts: string[] = [];
      const name = `${person.id}/userData`;
      const stop = await client.subscribe('stream-notify-user', [name, false], ({ args }) => {
        texts.push(JSON.stringify(args));
      });
      const say = async (message: string): Promise<void> => {
        await client.post('users.setStatus', { message });
        await until(message, () => texts.some((text) => text.includes(message)));
      };
      await say('before');
      const inFlight = failure(client.call('getNewToken'));
      road.cut();
      assert.equal((await inFlight).code, 'connection-lost');
      assert.equal((await failure(client.call('getNewToken'))).code, 'not-connected');
      await until('the new connection', () => client.isConnected);
      assert.deepEqual(client.session, session);
      await say('after');
      stop();
      await client.call('getNewToken');
      texts.length = 0;
      await client.post('users.setStatus', { message: 'unheard' });
      await client.call('getNewToken');
      assert.deepEqual(texts, []);
      assert.deepEqual(heard, ['connected -', 'disconnected connection-lost', `connected ${person.id}`]);
    });

    it('takes the WebSocket of the package ws, as Node.js 20 needs it', async () => {
      const person = await place.makePerson();
      const client = open({ WebSocket });
      const heard = heardBy(client);
      assert.equal((await failure(open({ WebSocket, url: 'http://127.0.0.1:1' }).connect())).code, 'connection-lost');
      await client.connect();
      await client.login({ user: person.username, password: person.password });
      road.cut();
      await until('the new connection', () => heard.length === 3);
      assert.deepEqual(heard, ['connected -', 'disconnected connection-lost', `connected ${person.id}`]);
    });

    it('is refused the streams of somebody else', async () => {
      const [one, other] = [await place.makePerson(), await place.makePerson()];
      const client = open();
      await client.connect();
      await client.login({ user: one.username, password: one.password });
      const refusal = await failure(client.subscribe('stream-notify-user', [`${other.id}/userData`], () => {}));
      assert.equal(refusal.code, 'not-allowed');
    });

    it('hears force_logout, is refused with its token, and stays away', async () => {
      const person = await place.makePerson();
      const client = open();
      const heard = heardBy(client);
      await client.connect();
      await client.login({ user: person.username, password: person.password });
      // What comes after it on the same connection proves that the stream is open.
      await client.call('getNewToken');
      await place.logOut(person);
      await within(
        5000,
        'the end',
        until('signedOut', () => heard.includes('signedOut 403')),
      );
      assert.deepEqual(heard, ['connected -', 'forceLogout', 'disconnected connection-lost', 'signedOut 403']);
      assert.equal(client.session, undefined);
      assert.equal(client.isConnected, false);
    });

    it('is refused with a dead token at once, and the next connection is anonymous', async () => {
      const person = await place.makePerson();
      const client = open();
      await client.login({ user: person.username, password: person.password });
      await place.logOut(person);
      const refusal = await failure(client.connect());
      assert.equal(refusal.message, "You've been logged out by the server. Please log in again.");
      assert.equal(client.session, undefined);
      assert.equal(client.isConnected, false);
      await client.connect();
      assert.ok(client.isConnected);
    });

    it('comes back after the server was restarted', async () => {
      const other = await openPlace();
      try {
        const person = await other.makePerson();
        const client = open({ url: other.server.url, random: () => 0.1 });
        const heard = heardBy(client);
        await client.connect();
        const session = await client.login({ user: person.username, password: person.password });
        await other.server.stop();
        await until('the end', () => !client.isConnected);
        const again = await other.server.restart();
        try {
          await until('the new connection', () => client.isConnected, 20_000);
          assert.deepEqual(client.session, session);
          assert.equal((await client.get('me'))._id, person.id);
          assert.deepEqual(heard, ['connected -', 'disconnected connection-lost', `connected ${person.id}`]);
        } finally {
          client.disconnect();
          await again.dispose();
        }
      } finally {
        await other.close();
      }
    });
  });
});
