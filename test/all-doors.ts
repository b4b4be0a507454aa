import assert from 'node:assert/strict';
import { sha256Hex } from '../src/lib/digest.ts';
import { type Client, type DdpWorld, type Frame, openDdpWorld } from '../src/wire/ddp/ddp-world.suite.ts';
import { restServer } from '../src/wire/rest/server.ts';
import { password } from './world.ts';

interface RestAnswer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

/** A whole product with each of its doors. */
export interface Doors {
  readonly world: DdpWorld;
  rest(method: 'get' | 'post', url: string, headers?: Record<string, string>, body?: unknown): Promise<RestAnswer>;
  /** Signs in over the JSON API. @returns the two headers */
  headers(username?: string, given?: string): Promise<Record<string, string>>;
  methodCall(headers: Record<string, string>, method: string, ...params: unknown[]): Promise<Frame>;
  /** A client that has signed in with a password over a socket. */
  socket(username?: string, given?: string): Promise<Client>;
}

/** Opens the doors, acts, and closes them. */
export async function withAllDoors(env: Record<string, string>, act: (doors: Doors) => Promise<void>): Promise<void> {
  const world = await openDdpWorld({ env: { ...env, OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false' } });
  const server = await restServer({
    app: world.app,
    callMethod: world.server.callMethod,
    callerOf: () => ({ address: '203.0.113.9', userAgent: 'test/1' }),
    config: { rootUrl: 'http://localhost:3000', tokenSecretRequired: false, version: '0.0.0', metricsToken: undefined },
    log: () => undefined,
  });
  const rest: Doors['rest'] = async (method, url, headers = {}, body) => {
    const reply = await server.inject({
      method: method === 'get' ? 'GET' : 'POST',
      url,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(method === 'get' ? {} : { payload: JSON.stringify(body ?? {}) }),
    });
    return { status: reply.statusCode, json: JSON.parse(reply.body) as RestAnswer['json'] };
  };
  try {
    await act({
      world,
      rest,
      async headers(username = 'alice', given = password) {
        const { json } = await rest('post', '/api/v1/login', {}, { user: username, password: given });
        const data = json['data'] as Record<string, string> | undefined;
        assert.ok(data !== undefined, JSON.stringify(json));
        return { 'x-user-id': data['userId'] ?? '', 'x-auth-token': data['authToken'] ?? '' };
      },
      async methodCall(shown, method, ...params) {
        const message = JSON.stringify({ msg: 'method', id: '1', method, params });
        const { json } = await rest('post', `/api/v1/method.call/${encodeURIComponent(method)}`, shown, { message });
        const { message: answer } = json;
        return typeof answer === 'string' && answer.startsWith('{') ? (JSON.parse(answer) as Frame) : {};
      },
      async socket(username = 'alice', given = password) {
        const client = world.client();
        await client.ask('login', { user: { username }, password: { digest: sha256Hex(given), algorithm: 'sha-256' } });
        return client;
      },
    });
  } finally {
    await server.close();
    await world.close();
  }
}
