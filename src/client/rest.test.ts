import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { createClient } from './client.ts';
import { ClientError } from './error.ts';
import { callRest, type Fetch, type RestCall } from './rest.ts';

type Request = Parameters<Fetch>[1] & { readonly url: string };

/** Makes a call that is answered so. */
async function call(
  given: Partial<RestCall>,
  text = '{"success":true}',
  status = 200,
): Promise<{ readonly request: Request; readonly answer: unknown }> {
  let request: Request | undefined;
  const fetch: Fetch = async (url, sent) => {
    request = { url, ...sent };
    return await Promise.resolve({ status, headers: new Headers(), text: async () => await Promise.resolve(text) });
  };
  const answer = await callRest(fetch, 'http://h/p/', { method: 'GET', path: 'me', ...given }).catch(
    (cause: unknown) => cause,
  );
  assert.ok(request !== undefined);
  return { request, answer };
}

async function listening(listener: RequestListener): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('REST calls of the client', () => {
  it('ask below the prefix, with the parameters that are given', async () => {
    const { request } = await call({ path: 'users.info', query: { username: 'a b&c', count: 5, offset: undefined } });
    assert.deepEqual(request, {
      url: 'http://h/p/api/v1/users.info?username=a+b%26c&count=5',
      method: 'GET',
      headers: {},
      redirect: 'error',
    });
  });

  it('send JSON, the session and the code', async () => {
    const { request } = await call({
      method: 'POST',
      session: { userId: 'u', token: 't' },
      supplied: { code: '1２\n3', method: 'totp' },
    });
    assert.equal(request.body, '{}');
    assert.deepEqual(request.headers, {
      'Content-Type': 'application/json',
      'X-Auth-Token': 't',
      'X-User-Id': 'u',
      'x-2fa-code': '1??3',
      'x-2fa-method': 'totp',
    });
    assert.equal((await call({ method: 'POST', body: { a: 1 } })).request.body, '{"a":1}');
  });

  it('take an empty answer for an empty object, and refuse what is no JSON', async () => {
    assert.deepEqual((await call({}, '')).answer, {});
    const page = (await call({}, '<html>')).answer;
    assert.ok(page instanceof ClientError);
    assert.equal(page.code, 'no-json');
    const gateway = (await call({}, '<html>', 502)).answer;
    assert.ok(gateway instanceof ClientError);
    assert.deepEqual([gateway.status, gateway.code], [502, 'HTTP 502']);
  });

  it('sign nobody in by an answer without a session', async () => {
    for (const text of ['null', '{}', '{"data":{"userId":"u"}}', '{"data":{"userId":"u","authToken":7}}']) {
      const fetch: Fetch = async () =>
        await Promise.resolve({ status: 200, headers: new Headers(), text: async () => await Promise.resolve(text) });
      const client = createClient({ url: 'http://h', fetch });
      await assert.rejects(client.login({ user: 'ada', password: 'secret' }), { code: 'no-session' });
      assert.equal(client.session, undefined);
    }
  });

  it('carry the token nowhere else', async () => {
    const asked: (string | undefined)[] = [];
    const elsewhere = await listening(({ url }, response) => {
      asked.push(url);
      response.end('{}');
    });
    const near = await listening((_request, response) => {
      response.writeHead(307, { Location: `${elsewhere.url}/api/v1/me` }).end();
    });
    const token = '{"userId":"u","token":"t"}';
    const storage = { getItem: () => token, setItem: () => {}, removeItem: () => {} };
    try {
      const client = createClient({ url: near.url, storage });
      await assert.rejects(client.get('me'), { name: 'ClientError', code: 'network', status: 0 });
      assert.deepEqual(asked, []);
    } finally {
      near.server.close();
      elsewhere.server.close();
    }
  });
});
