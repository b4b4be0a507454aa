import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { password } from '../../../test/world.ts';
import { type RestWorld, withRest } from './rest-world.suite.ts';

const notSignedIn =
  '{"success":false,"error":"You must be logged in to do this.","status":"error","message":"You must be logged in to do this."}';
const unlimited = { env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } };

/** Sends bytes as they are and gives everything that comes back. */
async function raw(world: RestWorld, bytes: string): Promise<string> {
  const socket = connect(await world.port(), '127.0.0.1');
  socket.end(bytes);
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  await once(socket, 'close');
  return text;
}

describe('the order of checks', () => {
  it('is token, permission, query, body, rate, second factor', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const alice = await world.headersOf('alice');
      const admin = await world.asAdmin();
      world.clock.move(301_000);
      const url = '/api/v1/settings/Site_Name';
      const bad = { url, body: { value: 1, editor: 1 } };
      const told = async (request: Parameters<RestWorld['call']>[0]): Promise<number> =>
        (await world.call(request)).status;
      assert.equal(await told(bad), 401);
      assert.equal(await told({ ...bad, headers: alice }), 403);
      const invalid = await world.call({ ...bad, headers: admin });
      assert.equal(invalid.text, '{"success":false,"errorType":"invalid-params","error":"must be string"}');
      const gated = await world.call({ url, body: { value: 'x' }, headers: admin });
      assert.equal(gated.json['errorType'], 'totp-required');
      const token = { url: '/api/v1/users.generatePersonalAccessToken', headers: alice };
      for (let round = 0; round < 12; round += 1) assert.equal(await told({ ...token, body: {} }), 400);
      for (let round = 0; round < 10; round += 1) {
        const asked = await world.call({ ...token, body: { tokenName: 'x' } });
        assert.equal(asked.json['errorType'], 'totp-required');
      }
      assert.equal(await told({ ...token, body: { tokenName: 'x' } }), 429);
      assert.equal(await told({ ...token, body: {} }), 400);
    });
  });

  it('lets whoever holds the permission call as often as they like', async () => {
    await withRest(async (world) => {
      const headers = await world.asAdmin();
      for (let round = 0; round < 30; round += 1) {
        const reply = await world.call({ url: '/api/v1/me', headers });
        assert.equal(reply.status, 200);
        assert.equal(reply.headers['x-ratelimit-limit'], undefined);
      }
    });
  });

  it('has limits of single endpoints', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const headers = await world.headersOf('alice');
      for (let round = 1; round <= 6; round += 1) {
        const reply = await world.call({ url: '/api/v1/users.setStatus', headers, body: { status: 'busy' } });
        assert.equal(reply.status, round <= 5 ? 200 : 429);
        assert.equal(reply.headers['x-ratelimit-limit'], '5');
      }
    });
  });
});

describe('tokens', () => {
  it('are taken from the two headers alone', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      await world.add('bob');
      const alice = await world.headersOf('alice');
      const bob = await world.headersOf('bob');
      const id = alice['x-user-id'] ?? '';
      const token = alice['x-auth-token'] ?? '';
      const wrong: readonly Readonly<Record<string, string | string[]>>[] = [
        {},
        { 'x-user-id': id },
        { 'x-auth-token': token },
        { ...alice, 'x-user-id': bob['x-user-id'] ?? '' },
        { ...alice, 'x-auth-token': token.slice(0, -1) },
        { ...alice, 'x-auth-token': `${token}A` },
        { ...alice, 'x-auth-token': token.toLowerCase() === token ? token.toUpperCase() : token.toLowerCase() },
        { ...alice, 'x-auth-token': 'x'.repeat(10_000) },
        { ...alice, 'x-auth-token': [token, token] },
        { cookie: `rc_uid=${id}; rc_token=${token}` },
        { authorization: `Bearer ${token}` },
      ];
      for (const headers of wrong) {
        const reply = await world.call({ url: '/api/v1/me', headers });
        assert.equal(reply.text, notSignedIn, JSON.stringify(headers));
        assert.equal(reply.status, 401);
      }
      for (const query of [
        'access_token[$ne]=null',
        'access_token=a&access_token=b',
        'access_token[]=a',
        'access_token.$ne=1',
        `access_token=${token}`,
        'access%5Ftoken=a',
      ]) {
        for (const headers of [{}, alice]) {
          assert.equal((await world.call({ url: `/api/v1/me?${query}`, headers })).text, notSignedIn, query);
        }
      }
      assert.equal((await world.call({ url: '/api/v1/me?authToken=x', headers: alice })).status, 200);
      assert.equal((await world.call({ url: '/api/info', headers: { ...alice, 'x-auth-token': 'x' } })).status, 200);
    }, unlimited);
  });
});

describe('a token that ends while a body is on its way', () => {
  it('opens nothing any more', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const headers = await world.headersOf('alice');
      const socket = connect(await world.port(), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
      });
      const body = '{"tokenName":"late"}';
      socket.write(
        `POST /api/v1/users.generatePersonalAccessToken HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-User-Id: ${headers['x-user-id']}\r\nX-Auth-Token: ${headers['x-auth-token']}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n{`,
      );
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
      assert.equal((await world.call({ url: '/api/v1/logout', headers })).status, 200);
      socket.write(body.slice(1));
      await once(socket, 'close');
      assert.match(text, /^HTTP\/1.1 401 /);
    });
  });
});

describe('paths and verbs', () => {
  it('are exact', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const headers = await world.headersOf('alice');
      for (const url of [
        '//api/v1/me',
        '/api//v1/me',
        '/api/v1/me/',
        '/API/v1/me',
        '/api/v1/ME',
        '/api/v1/%6de',
        '/api/v1/./me',
        '/api/v1/me;x=1',
        '/api/v1/me%2f',
        '/api/v1/%zz',
        '/api/v2/me',
        '/api/v1/settings/a/b',
        `/avatar/${'x'.repeat(600)}`,
        '/avatar/../me',
        '/avatar/..%2f..%2fetc%2fpasswd/x',
      ]) {
        // As it stands: a client library would tidy it up.
        const answer = await raw(
          world,
          `GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-User-Id: ${headers['x-user-id']}\r\nX-Auth-Token: ${headers['x-auth-token']}\r\n\r\n`,
        );
        assert.match(answer, /^HTTP\/1.1 404 [^]+text\/plain; charset=utf-8[^]+\r\n\r\n404 Not Found$/, url);
      }
    });
  });

  it('are refused with what is allowed', async () => {
    await withRest(async (world) => {
      for (const [method, url, allow] of [
        ['POST', '/api/v1/me', 'GET, HEAD'],
        ['GET', '/api/v1/login', 'POST'],
        ['DELETE', '/api/v1/logout', 'GET, HEAD, POST'],
        ['PUT', '/api/v1/settings/Site_Url', 'GET, HEAD, POST'],
        ['POST', '/avatar/x', 'GET, HEAD'],
        ['TRACE', '/nothing', 'GET, HEAD, POST'],
      ] as const) {
        const reply = await world.call({ method, url });
        assert.equal(reply.status, 405, `${method} ${url}`);
        assert.equal(reply.headers['allow'], allow);
        assert.equal(reply.text, '{"status":"error","message":"API endpoint does not exist"}');
      }
      assert.equal((await world.call({ method: 'DELETE', url: '/nothing' })).status, 404);
      assert.match(
        await raw(world, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'),
        /^HTTP\/1.1 405 /,
      );
      assert.match(
        await raw(world, 'PROPFIND /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
        /^HTTP\/1.1 405 /,
      );
      assert.match(await raw(world, 'NONSENSE / HTTP/1.1\r\nHost: x\r\n\r\n'), /^HTTP\/1.1 400 /);
    });
  });

  it('gives HEAD the head of GET', async () => {
    await withRest(async (world) => {
      await world.add('alice');
      const headers = await world.headersOf('alice');
      const get = await world.call({ url: '/api/v1/me', headers });
      const head = await world.call({ method: 'HEAD', url: '/api/v1/me', headers });
      assert.equal(head.status, 200);
      assert.equal(head.text, '');
      assert.equal(head.headers['content-length'], get.headers['content-length']);
      assert.equal((await world.call({ method: 'HEAD', url: '/api/v1/me' })).status, 401);
    });
  });
});

describe('transport', () => {
  it('answers with exactly these headers', async () => {
    await withRest(async (world) => {
      for (const url of ['/api/v1/me', '/api/v1/settings.oauth', '/api/v1/users.list?count=x']) {
        const { headers } = await world.call({ url, headers: { 'x-request-id': 'mine', 'request-id': 'mine' } });
        assert.equal(headers['content-type'], 'application/json');
        assert.equal(headers['cache-control'], 'no-store');
        assert.equal(headers['pragma'], 'no-cache');
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(headers['access-control-allow-origin'], '*');
        assert.match(String(headers['x-request-id']), /^[0-9a-f-]{36}$/);
      }
    });
  });

  it('refuses what is too large, too long, or no HTTP', async () => {
    await withRest(async (world) => {
      const large = await world.call({
        url: '/api/v1/login',
        body: `{"user":"${'x'.repeat(1024 * 1024)}"}`,
        headers: { 'content-type': 'application/json' },
      });
      assert.equal(large.status, 413);
      assert.equal(large.text, '{"success":false,"error":"Request Entity Too Large"}');
      assert.equal(large.headers['connection'], 'close');
      const long = await raw(
        world,
        `GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${'x'.repeat(100_000)}\r\n\r\n`,
      );
      assert.match(long, /^HTTP\/1.1 431 /);
      assert.match(await raw(world, 'GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-A\u0001: b\r\n\r\n'), /^HTTP\/1.1 400 /);
      const both =
        'POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
      assert.match(await raw(world, both), /^HTTP\/1.1 400 /);
      const absolute = await raw(world, 'GET http://evil/api/info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      assert.match(absolute, /^HTTP\/1.1 200 /);
      assert.doesNotMatch(absolute, /evil/);
      assert.deepEqual(world.logged, []);
    });
  });

  it('says nothing of a bug, and logs it', async () => {
    const hasher = {
      make: async () => await Promise.reject(new Error('the secret of the hasher')),
      check: async () => await Promise.reject(new Error('the secret of the hasher')),
      isCurrent: () => ({ held: true }),
      load: () => ({ waiting: 0, running: 0, most: 1 }),
    };
    await withRest(
      async (world) => {
        const reply = await world.call({ url: '/api/v1/login', body: { user: 'alice', password } });
        assert.equal(reply.status, 500);
        assert.equal(reply.text, '{"success":false,"error":"Internal server error"}');
        assert.equal(world.logged.length, 1);
        assert.match(String(world.logged[0]?.facts['cause']), /the secret of the hasher/);
        assert.equal(world.logged[0]?.facts['requestId'], reply.headers['x-request-id']);
        assert.doesNotMatch(JSON.stringify(world.logged), new RegExp(password));
      },
      { parts: { hasher } },
    );
  });

  it('counts answers by route, never by what was asked', async () => {
    await withRest(async (world) => {
      await world.call({ url: '/api/v1/me' });
      await world.call({ url: '/nothing/like/this' });
      await world.call({ url: '/avatar/somebody' });
      assert.deepEqual(
        world.answered.map(({ route, verb, status }) => [route, verb, status]),
        [
          ['/api/v1/me', 'GET', 401],
          ['unmatched', 'GET', 404],
          ['/avatar/:username', 'GET', 200],
        ],
      );
    });
  });
});
