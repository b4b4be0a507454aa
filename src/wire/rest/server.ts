import type { Server } from 'node:http';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify, type RouteOptions } from 'fastify';
import type { App } from '../../app.ts';
import { Fault } from '../../core/fault.ts';
import { addressKey } from '../../core/session/device.ts';
import type { PageFiles } from '../../lib/page-files.ts';
import { Afterwards } from '../shapes/afterwards.ts';
import type { MethodCall } from '../shapes/method-call.ts';
import { sharedCallsKey } from '../shapes/shared-calls.ts';
import { authenticated, mustBePermitted, shownToken, suppliedFactor } from './admit.ts';
import { type Answered, Answers } from './answer.ts';
import { formOf, largestBody, takeBodies } from './bodies.ts';
import { checkedBody, checkedQuery } from './checked.ts';
import { dropUnread, endingUnused, refuseBrokenRequests } from './connections.ts';
import { preflight } from './cors.ts';
import type { Endpoint, RestConfig } from './endpoint.ts';
import { endpoints } from './endpoints/index.ts';
import { type Counted, Limiter, type RateLimit } from './limiter.ts';
import { plainRoutes } from './plain/index.ts';
import type { PlainAnswer, PlainRequest } from './plain/plain-route.ts';
import { Ready } from './ready.ts';
import { type Log, refusedWith } from './refused.ts';
import { limitOf } from './route-limit.ts';
import { pathOf, queryOf, Routes } from './routes.ts';
import { takeStreams } from './streams.ts';
import { beginVisit, type CallerOf, type Served, type Visit } from './visit.ts';

/** What the JSON API is made of. */
export interface RestParts {
  readonly app: App;
  /** Runs realtime methods for callers without a socket. */
  readonly callMethod: MethodCall;
  /** How many realtime connections are open at this node; none where it is not told. */
  readonly sockets?: () => number;
  readonly callerOf: CallerOf;
  readonly config: RestConfig;
  readonly log: Log;
  /** Hears of each answer; must not throw. */
  readonly onAnswer?: (answered: Answered) => void;
  /** Renders `/metrics`. */
  readonly metrics?: () => string;
  /** The pages as they were built; without them those that need no script are all there is. */
  readonly pages?: PageFiles | undefined;
}

/** The JSON API and its neighbours, with the HTTP server that the sockets share. */
export interface RestServer {
  /** For upgrades; it exists before `listen`. */
  readonly server: Server;
  /** For tests: requests without a network. */
  readonly inject: FastifyInstance['inject'];
  /** @returns the address that it listens on, for example `http://127.0.0.1:3000` */
  readonly listen: (where: { readonly port: number; readonly host: string }) => Promise<string>;
  /** Takes no more requests, and answers those that are under way. */
  readonly close: () => Promise<void>;
}

type Done = (error?: Error) => void;

function noCompiler(): never {
  throw new Error('No route has a schema of fastify.');
}

/**
 * Builds the JSON API. Every endpoint goes through one order of checks (rest.md §2.3): headers for other origins, token
 * 401, permission 403, query 400, body 400, rate 429, second factor 400, and then the endpoint itself.
 */
export async function restServer(parts: RestParts): Promise<RestServer> {
  const { app, callMethod, callerOf, config, log } = parts;
  const answers = new Answers(app.settings, parts.onAnswer ?? (() => undefined));
  const limiter = new Limiter(app.clock);
  const routes = new Routes<Served>();
  const afterwards = new Afterwards(log);
  const server = fastify({
    logger: false,
    bodyLimit: largestBody,
    // Slow senders are cut off; sockets are taken over before this counts for them.
    requestTimeout: 30_000,
    // Less than for a whole request: Node would take the longer of the two for the other.
    http: { headersTimeout: 20_000, connectionsCheckingInterval: 5_000 },
    keepAliveTimeout: 65_000,
    // Endpoints are checked and answered by our own code: what fastify would load for that stays on the disk.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    frameworkErrors: (_error, request, reply) => {
      beginUnmatched(request as FastifyRequest);
      notFound(request as FastifyRequest, reply as FastifyReply);
    },
  });
  refuseBrokenRequests(server.server);
  dropUnread(server.server);
  const endUnused = endingUnused(server.server);
  await takeBodies(server);
  server.decorateRequest('visit', null as unknown as Visit);

  const beginUnmatched = (request: FastifyRequest): void => {
    request.visit = beginVisit(request.raw, undefined, callerOf);
  };
  const notFound = (request: FastifyRequest, reply: FastifyReply): void => {
    answers.plain(request, reply, 404, '404 Not Found');
  };
  const refuse = (
    request: FastifyRequest,
    reply: FastifyReply,
    cause: unknown,
    endpoint?: Endpoint,
    more?: Readonly<Record<string, string>>,
  ): void => {
    const { requestId } = request.visit.caller;
    const refused = refusedWith(cause, endpoint, log, { requestId, route: request.visit.route });
    // What is left of a file is not waited for.
    const ends = endpoint?.stream === true ? { Connection: 'close' } : {};
    answers.json(request, reply, refused.status, refused.body, { ...refused.headers, ...ends, ...more });
  };

  async function admit(endpoint: Endpoint, request: FastifyRequest): Promise<void> {
    request.visit.signed = await authenticated(
      app,
      endpoint,
      request.headers,
      request.query,
      request.visit.caller.address,
    );
    mustBePermitted(app, endpoint, request.visit.signed);
  }

  const limitsCalls = (): boolean =>
    app.settings.get('API_Enable_Rate_Limiter') &&
    (config.development !== true || app.settings.get('API_Enable_Rate_Limiter_Dev'));

  /** @returns what is still to be waited for, where the other nodes count as well */
  function mustBeWithinRate(endpoint: Endpoint, visit: Visit): Promise<void> | undefined {
    const { caller, signed } = visit;
    if (endpoint.rateLimit === 'none' || !limitsCalls()) return undefined;
    if (signed !== undefined && app.permissions.held(signed, 'api-bypass-rate-limit').held) return undefined;
    const limit = limitOf(app.settings, endpoint.rateLimit);
    const route = `${endpoint.method} ${endpoint.path}`;
    mustBeLeft(visit, limiter.count(caller.address, route, limit));
    const shared = endpoint.limitedAcrossNodes;
    if (shared === undefined) return undefined;
    const { address } = caller;
    const key = shared === true ? `${addressKey(address)} ${route}` : sharedCallsKey(address, shared);
    return mustBeWithinSharedRate(visit, { route, key, limit });
  }

  /** Asked only for calls that this node lets through: a flood at one node does not reach the store. */
  async function mustBeWithinSharedRate(
    visit: Visit,
    { route, key, limit }: { readonly route: string; readonly key: string; readonly limit: RateLimit },
  ): Promise<void> {
    const { windowMs } = limit;
    const { calls, endsAt } = await app.counts.count({ key, windowMs, now: app.clock.now() });
    const held = calls <= limit.calls;
    if (!held) limiter.fill(visit.caller.address, route, limit, endsAt);
    mustBeLeft(visit, { held, limit: limit.calls, left: Math.max(0, limit.calls - calls), endsAt });
  }

  function mustBeLeft(visit: Visit, counted: Counted): void {
    visit.limits = [
      'X-RateLimit-Limit',
      String(counted.limit),
      'X-RateLimit-Remaining',
      String(counted.left),
      'X-RateLimit-Reset',
      String(counted.endsAt),
    ];
    if (!counted.held) throw new Fault('rate-limited', { retryAfterMs: counted.endsAt - app.clock.now() });
  }

  async function answer(endpoint: Endpoint, request: FastifyRequest): Promise<object> {
    const { visit } = request;
    // A body may take its time, and the token may have ended meanwhile.
    if (endpoint.method === 'post') await admit(endpoint, request);
    const { caller, signed } = visit;
    const query = checkedQuery(endpoint, request.query, queryOf(request.raw.url ?? ''));
    const body = endpoint.stream === true ? request.body : checkedBody(endpoint, request.body);
    const shared = mustBeWithinRate(endpoint, visit);
    // Without it one turn less for each ordinary call.
    if (shared !== undefined) await shared;
    const supplied = suppliedFactor(request.headers);
    if (endpoint.twoFactor !== undefined || endpoint.twoFactorFor !== undefined) {
      // A gated endpoint always takes a token, so this refuses nobody; it keeps the gate shut if one ever did not.
      if (signed === undefined) throw new Fault('not-signed-in');
      const own = endpoint.twoFactorFor?.(app, { signed, body, supplied });
      const options = own?.options ?? endpoint.twoFactor;
      if (options !== undefined) await app.factor.mustHold(signed, caller, own?.supplied ?? supplied, options);
    }
    const result = await endpoint.run(app, {
      signed,
      query,
      body,
      params: visit.params,
      caller,
      supplied,
      token: shownToken(request.headers),
      config,
      callMethod,
      sockets: parts.sockets ?? (() => 0),
      afterwards: (act) => {
        afterwards.run(act, { requestId: caller.requestId, route: visit.route });
      },
    });
    return endpoint.envelope === false || result instanceof Ready
      ? (result as object)
      : { ...(result as object), success: true };
  }

  const plainRequest = (request: FastifyRequest): PlainRequest => ({
    headers: request.headers,
    params: request.visit.params,
    query: request.query as Readonly<Record<string, unknown>>,
    search: queryOf(request.raw.url ?? ''),
    caller: request.visit.caller,
    peer: request.raw.socket.remoteAddress ?? '',
  });

  /** Fastify finds everything under one route; what is served where, the table says, without decoding anything. */
  async function serveAll(): Promise<void> {
    const route: Pick<RouteOptions, 'onRequest' | 'handler'> = {
      onRequest: (request: FastifyRequest, reply: FastifyReply, done: Done) => {
        const found = routes.find(pathOf(request.raw.url ?? ''), request.method);
        if (found === undefined) {
          unmatched(request, reply);
          return;
        }
        request.visit = beginVisit(request.raw, found, callerOf);
        const { endpoint } = found.served;
        if (endpoint === undefined) {
          done();
          return;
        }
        admit(endpoint, request).then(
          () => {
            // oxlint-disable-next-line promise/no-callback-in-promise -- a promise's hook costs each request one more turn
            done();
          },
          (cause: unknown) => {
            refuse(request, reply, cause, endpoint);
          },
        );
      },
      handler: (request, reply) => {
        const { endpoint, plain } = request.visit.served ?? {};
        if (endpoint !== undefined) {
          answer(endpoint, request)
            .then((body) => {
              answers.json(request, reply, 200, body);
            })
            .catch((cause: unknown) => {
              refuse(request, reply, cause, endpoint);
            });
          return;
        }
        rendered(plain, request)
          .then(({ status, text, bytes, headers }) => {
            answers.plain(request, reply, status, bytes ?? text, headers);
          })
          .catch((cause: unknown) => {
            refuse(request, reply, cause);
          });
      },
    };
    server.route({ ...route, method: ['GET', 'POST'], url: '/*' });
    const streamed = endpoints.filter(({ stream }) => stream === true).map(({ path }) => path);
    await takeStreams(server, route, streamed);
  }

  async function rendered(plain: Served['plain'], request: FastifyRequest): Promise<PlainAnswer> {
    if (plain === undefined) throw new Error('A route leads to nothing.');
    const { visit } = request;
    // A form that sets a password may cost many hashes, and whoever has a link may send it again and again.
    if (visit.served?.limited === true && limitsCalls()) {
      const limit = limitOf(app.settings, undefined);
      mustBeLeft(visit, limiter.count(visit.caller.address, `post ${visit.route}`, limit));
    }
    return await plain(plainRequest(request), request.body);
  }

  server.setErrorHandler((cause, request, reply) => {
    // Before a route is found there is no visit yet.
    if ((request.visit as Visit | null) === null) beginUnmatched(request);
    // The rest of a body that was not read must not be taken for the next request.
    refuse(request, reply, cause, undefined, { Connection: 'close' });
  });
  function unmatched(request: FastifyRequest, reply: FastifyReply): void {
    beginUnmatched(request);
    const path = pathOf(request.raw.url ?? '');
    const { origin } = request.headers;
    const isPreflight = origin !== undefined || request.headers['access-control-request-method'] !== undefined;
    if (request.method === 'OPTIONS' && isPreflight && path.startsWith('/api/')) {
      const { status, text, headers } = preflight(app.settings, origin);
      answers.plain(request, reply, status, text, headers);
      return;
    }
    const verbs = routes.verbsOf(path) ?? (servedVerbs.has(request.method) ? undefined : ['GET', 'HEAD', 'POST']);
    if (verbs === undefined || verbs.includes(request.method)) notFound(request, reply);
    else answers.json(request, reply, 405, noSuchVerb, { Allow: verbs.join(', ') });
  }

  server.setNotFoundHandler(unmatched);
  for (const endpoint of endpoints) {
    routes.add(endpoint.path, endpoint.method.toUpperCase(), { route: endpoint.path, endpoint });
  }
  for (const { path, run, post, countsItself, takesJson } of plainRoutes({
    app,
    config,
    endpoints,
    metrics: parts.metrics ?? (() => ''),
    pages: parts.pages,
  })) {
    routes.add(path, 'GET', { route: path, plain: run });
    if (post === undefined) continue;
    const plain: Served['plain'] = async (request, body) => await post(request, formOf(body, takesJson));
    routes.add(path, 'POST', { route: path, plain, ...(countsItself === true ? {} : { limited: true }) });
  }
  await serveAll();
  await server.ready();

  return {
    server: server.server,
    inject: server.inject.bind(server),
    listen: async (where) => await server.listen(where),
    close: async () => {
      const stop = endUnused();
      try {
        await server.close();
        await afterwards.settled();
      } finally {
        stop();
      }
    },
  };
}

const noSuchVerb = { status: 'error', message: 'API endpoint does not exist' };

/** Verbs that an unknown path answers with 404; every other verb is refused wherever it is sent. */
const servedVerbs: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
