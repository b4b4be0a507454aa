import type { AddressInfo } from 'node:net';
import { openWorld, type World } from '../../../test/world.ts';
import type { PageFiles } from '../../lib/page-files.ts';
import { type MethodCall, methodError } from '../shapes/method-call.ts';
import type { Answered } from './answer.ts';
import { type RestServer, restServer } from './server.ts';

/** A test world with the JSON API before it. */
export interface RestWorld extends World {
  readonly rest: RestServer;
  readonly logged: { readonly sentence: string; readonly facts: Readonly<Record<string, unknown>> }[];
  readonly answered: Answered[];
  readonly methodCalls: Parameters<MethodCall>[];
  /** Where the requests to come seem to come from. */
  from(address: string): void;
  call(request: RestRequest): Promise<RestReply>;
  /** The two headers of a fresh session. */
  headersOf(username: string): Promise<Record<string, string>>;
  /** An administrator's two headers. */
  asAdmin(): Promise<Record<string, string>>;
  port(): Promise<number>;
}

export interface RestRequest {
  readonly method?: 'GET' | 'POST' | 'HEAD' | 'OPTIONS' | 'PUT' | 'DELETE' | 'TRACE' | 'PATCH';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: unknown;
}

export interface RestReply {
  readonly status: number;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
}

export async function openRestWorld(
  options: Parameters<typeof openWorld>[0] & {
    readonly tokenSecretRequired?: boolean;
    readonly metricsToken?: string;
    readonly pages?: PageFiles;
  } = {},
): Promise<RestWorld> {
  const world = await openWorld(options);
  const logged: RestWorld['logged'] = [];
  const answered: Answered[] = [];
  const methodCalls: Parameters<MethodCall>[] = [];
  let address = '203.0.113.9';
  const rest = await restServer({
    app: world.app,
    async callMethod(...call) {
      methodCalls.push(call);
      const [name, params, , signed] = call;
      if (name === 'echo') return await Promise.resolve({ result: { params, userId: signed?.account.id ?? null } });
      return { error: methodError({ error: 404, reason: `Method '${name}' not found` }) };
    },
    sockets: () => 7,
    callerOf: (request) => ({ address, userAgent: request.headers['user-agent'] ?? '' }),
    config: {
      rootUrl: 'http://localhost:3000',
      tokenSecretRequired: options.tokenSecretRequired ?? false,
      version: '0.0.0',
      metricsToken: options.metricsToken,
    },
    log: (sentence, facts) => logged.push({ sentence, facts }),
    onAnswer: (one) => answered.push(one),
    metrics: () => 'countersign_up 1\n',
    pages: options.pages,
  });
  const headersOf = async (username: string): Promise<Record<string, string>> => {
    const { account, text } = await world.signIn(username);
    return { 'x-user-id': account.id, 'x-auth-token': text };
  };
  return {
    ...world,
    rest,
    logged,
    answered,
    methodCalls,
    from: (other) => {
      address = other;
    },
    async call({ method, url, headers = {}, body }) {
      const isText = typeof body === 'string' || Buffer.isBuffer(body);
      const reply = await rest.inject({
        method: (method ?? (body === undefined ? 'GET' : 'POST')) as 'GET',
        url,
        headers: { ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { payload: isText ? body : JSON.stringify(body) }),
      });
      return { status: reply.statusCode, text: reply.body, json: parsed(reply.body), headers: reply.headers };
    },
    headersOf,
    async asAdmin() {
      if ((await world.app.account.find({ by: 'username', value: 'root' })) === undefined) {
        await world.add('root', { roles: ['admin'] });
      }
      return await headersOf('root');
    },
    async port() {
      if (!rest.server.listening) await rest.listen({ port: 0, host: '127.0.0.1' });
      return (rest.server.address() as AddressInfo).port;
    },
    async close() {
      await rest.close();
      await world.close();
    },
  };
}

/** Runs `act` in a fresh world and takes it down afterwards. */
export async function withRest(
  act: (world: RestWorld) => Promise<void>,
  options?: Parameters<typeof openRestWorld>[0],
): Promise<void> {
  const world = await openRestWorld(options);
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
