import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { sha256Hex } from '../src/lib/digest.ts';
import { type DdpWorld, within as withinDdp } from '../src/wire/ddp/ddp-world.suite.ts';
import { webSocketDoor } from '../src/wire/ddp/server.ts';
import { restServer } from '../src/wire/rest/server.ts';
import { refused, within } from './clients/patience.ts';
import { codeOf } from './factor-owner.ts';
import { password } from './world.ts';

const hourMs = 3_600_000;
const digest = sha256Hex(password);

type Reply = Readonly<Record<string, unknown>>;

interface Challenge {
  readonly method: string;
  readonly emailOrUsername?: string;
  readonly invalidAttempt: boolean;
}

interface Rest {
  get(path: string): Promise<Reply>;
  post(path: string, body: unknown): Promise<Reply>;
  handleTwoFactorChallenge(act: (challenge: Challenge) => Promise<string>): void;
}

interface Realtime {
  connect(connected: (error: unknown) => void): void;
  close(): void;
  call(method: string, params: readonly unknown[], onResult: (error: unknown, result?: unknown) => void): void;
}

const require = createRequire(import.meta.url);
const { RestClient } = require('@rocket.chat/api-client') as {
  readonly RestClient: new (options: { baseUrl: string; credentials?: Reply }) => Rest;
};
const DdpClient = require('ddp') as new (options: object) => Realtime;

/** The product behind real sockets, with time and mails in the hands of the test, and Jane, who is asked for factors. */
interface Served {
  readonly world: DdpWorld;
  readonly url: string;
  /** A client of the JSON API, signed in as Jane. */
  readonly rest: Rest;
  /** A client of the realtime wire that has connected. */
  realtime(): Promise<(method: string, ...params: readonly unknown[]) => Promise<unknown>>;
  /** Sends a request as it is. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply & { status: number }>;
  readonly headers: Readonly<Record<string, string>>;
  /** The code in the newest mail. */
  mailed(): string;
  /** Sets an app up through the REST client. @returns a maker of codes, so many steps from now */
  enrol(): Promise<(away?: number) => string>;
}

async function served(act: (served: Served) => Promise<void>): Promise<void> {
  await withinDdp(
    async (world) => {
      const callerOf = ({ headers }: IncomingMessage) => ({
        address: '203.0.113.9',
        userAgent: headers['user-agent'] ?? '',
      });
      const config = { rootUrl: '', tokenSecretRequired: false, version: '0.0.0', metricsToken: undefined };
      const { app } = world;
      const http = await restServer({
        app,
        callMethod: world.server.callMethod,
        callerOf,
        config,
        log: () => undefined,
      });
      const door = webSocketDoor({ server: world.server, prefix: '', originOf: callerOf });
      http.server.on('upgrade', (request, socket, head) => {
        if (!door.handleUpgrade(request, socket, head)) socket.destroy();
      });
      await http.listen({ port: 0, host: '127.0.0.1' });
      const { port } = http.server.address() as AddressInfo;
      const baseUrl = `http://127.0.0.1:${port}`;
      const open: Realtime[] = [];
      try {
        await world.add('jane');
        world.clock.move(hourMs);
        const { account, text } = await world.signIn('jane');
        const credentials = { 'X-User-Id': account.id, 'X-Auth-Token': text };
        const rest = new RestClient({ baseUrl, credentials });
        await act({
          world,
          url: baseUrl,
          rest,
          headers: credentials,
          mailed: () => world.mails.findLast(({ kind }) => kind === 'authentication-code')?.facts['code'] ?? '',
          async realtime() {
            const client = new DdpClient({ host: '127.0.0.1', port, autoReconnect: false });
            open.push(client);
            await within(
              5000,
              'the connection',
              new Promise<void>((resolve) => {
                client.connect(() => {
                  resolve();
                });
              }),
            );
            return async (method, ...params) =>
              await new Promise((resolve, reject) => {
                client.call(method, params, (error, result) => {
                  if (error === undefined || error === null) resolve(result);
                  else reject(error as Error);
                });
              });
          },
          async post(path, body, headers = {}) {
            const response = await fetch(`${baseUrl}/api/v1/${path}`, {
              method: 'POST',
              headers: { 'content-type': 'application/json', ...headers },
              body: JSON.stringify(body),
            });
            return { ...((await response.json()) as Reply), status: response.status };
          },
          async enrol() {
            rest.handleTwoFactorChallenge(async () => await Promise.resolve(digest));
            const { secret } = await rest.post('/v1/users.enableTotp', {});
            const code = (away = 0): string => codeOf(String(secret), world.clock.now(), away);
            await rest.post('/v1/users.validateTotp', { code: code() });
            world.clock.move(hourMs);
            return code;
          },
        });
      } finally {
        for (const client of open) client.close();
        await http.close();
      }
    },
    { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } },
  );
}

/** Answers challenges with codes in turn, and keeps what was asked. */
function answering(rest: Rest, ...codes: readonly (() => string)[]): readonly Challenge[] {
  const asked: Challenge[] = [];
  rest.handleTwoFactorChallenge(async (challenge) => {
    asked.push(challenge);
    return await Promise.resolve(codes[asked.length - 1]?.() ?? assert.fail('asked once more'));
  });
  return asked;
}

describe('@rocket.chat/api-client, unmodified', () => {
  it('repeats its request with the digest of the password', async () => {
    await served(async ({ rest }) => {
      const asked = answering(
        rest,
        () => sha256Hex('wrong'),
        () => digest,
      );
      const { secret, success } = await rest.post('/v1/users.enableTotp', {});
      assert.equal(success, true);
      assert.match(String(secret), /^[A-Z2-7]{52}$/u);
      const challenge = { method: 'password', emailOrUsername: undefined };
      assert.deepEqual(asked, [
        { ...challenge, invalidAttempt: false },
        { ...challenge, invalidAttempt: true },
      ]);
    });
  });

  it('repeats its request with a code of the app, again after a wrong one', async () => {
    await served(async ({ rest, enrol }) => {
      const code = await enrol();
      const asked = answering(
        rest,
        () => '000000',
        () => 'notACode',
        () => code(),
      );
      assert.deepEqual(await rest.post('/v1/users.2fa.disableEmail', {}), { success: true });
      assert.deepEqual(
        asked.map(({ method, invalidAttempt }) => [method, invalidAttempt]),
        [
          ['totp', false],
          ['totp', true],
          ['totp', true],
        ],
      );
    });
  });

  it('repeats its request with the code of a mail, which it is told the address of', async () => {
    await served(async ({ rest, mailed }) => {
      assert.deepEqual(await rest.post('/v1/users.2fa.enableEmail', {}), { success: true });
      const asked = answering(rest, () => '000-000', mailed);
      assert.deepEqual(await rest.post('/v1/users.2fa.disableEmail', {}), { success: true });
      const challenge = { method: 'email', emailOrUsername: 'jane@example.com' };
      assert.deepEqual(asked, [
        { ...challenge, invalidAttempt: false },
        { ...challenge, invalidAttempt: true },
      ]);
    });
  });

  it('is asked once for calls that remember it, and each time for those that do not', async () => {
    await served(async ({ rest, enrol, world }) => {
      const code = await enrol();
      const asked = answering(
        rest,
        code,
        () => code(1),
        () => code(0),
      );
      await rest.post('/v1/users.generatePersonalAccessToken', { tokenName: 'one' });
      await rest.post('/v1/users.removePersonalAccessToken', { tokenName: 'one' });
      assert.equal(asked.length, 1);
      await rest.post('/v1/users.2fa.disableEmail', {});
      assert.equal(asked.length, 2);
      world.clock.move(299_000);
      await rest.post('/v1/users.generatePersonalAccessToken', { tokenName: 'two' });
      assert.equal(asked.length, 2);
      world.clock.move(2_000);
      await rest.post('/v1/users.removePersonalAccessToken', { tokenName: 'two' });
      assert.equal(asked.length, 3);
    });
  });
});

describe('ddp, unmodified', () => {
  it('signs in with a code of the app, and works on over its socket', async () => {
    await served(async ({ realtime, enrol }) => {
      const code = await enrol();
      const call = await realtime();
      const login = { user: { username: 'jane' }, password: { digest, algorithm: 'sha-256' } };
      const asked = await refused(call('login', login));
      assert.equal(asked['error'], 'totp-required');
      assert.deepEqual(asked['details'], { method: 'totp', codeGenerated: false, availableMethods: ['totp'] });
      assert.equal((await refused(call('login', { totp: { login, code: '000000' } })))['error'], 'totp-invalid');
      const { type } = (await call('login', { totp: { login, code: code() } })) as { readonly type: string };
      assert.equal(type, 'password');
      const made = ['personalAccessTokens:generateToken', { tokenName: 'ci' }] as const;
      assert.equal((await refused(call(...made)))['error'], 'totp-required');
      const token = await call(...made, { twoFactorCode: code(1), twoFactorMethod: 'totp' });
      assert.match(String(token), /^[\w-]{43}$/u);
      assert.deepEqual(await call('2fa:checkCodesRemaining'), { remaining: 12 });
    });
  });

  it('signs in with the code of a mail', async () => {
    await served(async ({ realtime, rest, mailed }) => {
      await rest.post('/v1/users.2fa.enableEmail', {});
      const call = await realtime();
      const login = { user: { username: 'jane' }, password: { digest, algorithm: 'sha-256' } };
      assert.equal(((await refused(call('login', login)))['details'] as Reply)['codeGenerated'], true);
      const again = (await refused(call('login', login)))['details'] as Reply;
      assert.match(String(again['codeExpires']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/u);
      const { type } = (await call('login', { totp: { login, code: mailed() } })) as { readonly type: string };
      assert.equal(type, 'password');
    });
  });
});

/** Every door of a log-in with a password: what is refused with, or `in`. */
const doors: Readonly<Record<string, (served: Served, code: string | undefined) => Promise<string>>> = {
  'REST, the code in the body': async ({ post }, code) => {
    const body = await post('login', { user: 'jane', password, ...(code === undefined ? {} : { code }) });
    return body.status === 200 ? 'in' : String(body['error']);
  },
  'REST, the code in a header': async ({ post }, code) => {
    const headers = code === undefined ? {} : { 'x-2fa-code': code, 'x-2fa-method': 'totp' };
    const body = await post('login', { user: 'jane', password }, headers);
    return body.status === 200 ? 'in' : String(body['error']);
  },
  'REST, the wrapper': async ({ post }, code) => {
    const login = { user: { username: 'jane' }, password };
    const body = await post('login', code === undefined ? login : { totp: { login, code } });
    return body.status === 200 ? 'in' : String(body['error']);
  },
  'a form': async ({ url }, code) => {
    const body = new URLSearchParams({ user: 'jane', password, ...(code === undefined ? {} : { code }) });
    const response = await fetch(`${url}/api/v1/login`, { method: 'POST', body });
    return response.status === 200 ? 'in' : String(((await response.json()) as Reply)['error']);
  },
  'a socket': async ({ realtime }, code) => {
    const call = await realtime();
    const login = { user: { username: 'jane' }, password };
    const done = call('login', code === undefined ? login : { totp: { login, code } });
    return await done.then(
      () => 'in',
      (error: unknown) => String((error as Reply)['error']),
    );
  },
  'method.callAnon': async ({ post }, code) => await byMethodCall(post, 'method.callAnon/login', {}, code),
  'method.call': async ({ post, headers }, code) => await byMethodCall(post, 'method.call/login', headers, code),
};

async function byMethodCall(
  post: Served['post'],
  path: string,
  headers: Readonly<Record<string, string>>,
  code: string | undefined,
): Promise<string> {
  const login = { user: { username: 'jane' }, password };
  const params = [code === undefined ? login : { totp: { login, code } }];
  const body = await post(
    path,
    { message: JSON.stringify({ msg: 'method', id: '1', method: 'login', params }) },
    headers,
  );
  const answer = JSON.parse(String(body['message'])) as { readonly error?: Reply };
  return answer.error === undefined ? 'in' : String(answer.error['error']);
}

for (const [door, logIn] of Object.entries(doors)) {
  describe(`a log-in through ${door}`, () => {
    it('opens with the code of the app, once, and with nothing less', async () => {
      await served(async (place) => {
        const code = await place.enrol();
        assert.equal(await logIn(place, undefined), 'totp-required');
        for (const wrong of [
          '000000',
          code().slice(1),
          `${code().slice(0, 3)} ${code().slice(3)}`,
          `${code()}0`,
          code(5),
          code(-5),
          digest,
        ]) {
          place.world.clock.move(11_000);
          assert.equal(await logIn(place, wrong === code() ? '000000' : wrong), 'totp-invalid', wrong);
        }
        assert.equal(await logIn(place, code()), 'in');
        assert.equal(await logIn(place, code()), 'totp-invalid');
        assert.equal(await logIn(place, code(-1)), 'totp-invalid');
        assert.equal(await logIn(place, code(1)), 'in');
      });
    });

    it('is not spared by a client that was trusted', async () => {
      await served(async (place) => {
        const code = await place.enrol();
        const held = { ...place.headers, 'x-2fa-code': code() };
        const body = await place.post('users.generatePersonalAccessToken', { tokenName: 'x' }, held);
        assert.equal(body.status, 200);
        assert.equal(await logIn(place, undefined), 'totp-required');
      });
    });
  });
}
