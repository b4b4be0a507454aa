import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import { clientAddress, isProxy } from '../lib/client-address.ts';
import type { Metrics } from '../lib/metrics.ts';
import { outboundOver } from '../lib/outbound.ts';
import type { PageFiles } from '../lib/page-files.ts';
import { refuseSocket, survive } from '../lib/refuse-socket.ts';
import { systemRandom } from '../lib/system-random.ts';
import { measure } from './measure.ts';

/** Who asks, as far as the connection and the trusted proxies tell. */
function callerFrom(config: Config): (request: IncomingMessage) => { address: string; userAgent: string } {
  return (request) => {
    const forwarded = request.headers['x-forwarded-for'];
    return {
      address: clientAddress(
        request.socket.remoteAddress ?? '',
        Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
        config.proxies,
      ),
      userAgent: (request.headers['user-agent'] ?? '').slice(0, 512),
    };
  };
}

/** Who floods the server with connections must not flood its log as well. */
function atMostOncePerMinute(act: (address: string) => void): (address: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (address) => {
    const now = performance.now();
    if (now - last < 60_000) return;
    last = now;
    act(address);
  };
}

/**
 * Whether an earlier request of this connection still waits for its answer: what an upgrade writes would stand before it,
 * and be taken for it. Node keeps the open answer here, and says so nowhere.
 */
function isAnswering(socket: Duplex): boolean {
  const { _httpMessage: open } = socket as Duplex & { readonly _httpMessage?: unknown };
  return open !== undefined && open !== null;
}

/** What stands behind the path that all addresses begin with; the path alone is the root. */
function withoutPrefix(url: string, prefix: string): string {
  if (!url.startsWith(prefix)) return url;
  const rest = url.slice(prefix.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}

export interface Doors {
  readonly listen: (where: { readonly port: number; readonly host: string }) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Opens the JSON API, the sockets and SockJS on one server that does not listen yet. */
export async function openDoors(
  config: Config,
  app: App,
  version: string,
  log: Logger,
  metrics: Metrics,
  pages: PageFiles | undefined,
): Promise<Doors> {
  const [
    { restServer },
    { boundConnections },
    { forwardAuthDoor },
    { openIdDoor },
    { ddpServer, webSocketDoor },
    { sockJsDoor },
  ] = await Promise.all([
    import('../wire/rest/server.ts'),
    import('../wire/rest/connections.ts'),
    import('../wire/rest/forward/door.ts'),
    import('../wire/openid/door.ts'),
    import('../wire/ddp/server.ts'),
    import('../wire/sockjs/server.ts'),
  ]);
  const report = (sentence: string, facts: Readonly<Record<string, unknown>>): void => {
    const { cause, ...others } = facts;
    log.error({ ...others, ...(cause === undefined ? {} : { err: cause }) }, sentence);
  };
  const callerOf = callerFrom(config);
  const ddp = ddpServer({ app, random: systemRandom, log: report });
  measure(metrics, app, () => ddp.stats().sockets);
  const answers = metrics.histogram(
    'countersign_http_answer_seconds',
    'Answers of the JSON API by route and status.',
    [0.005, 0.025, 0.1, 0.5, 2.5],
  );
  const rest = await restServer({
    app,
    callMethod: ddp.callMethod,
    sockets: () => ddp.stats().sockets,
    callerOf,
    config: {
      rootUrl: config.rootUrl,
      tokenSecretRequired: config.tokenMaking.secret !== undefined,
      version,
      metricsToken: config.metricsToken,
      development: process.env['NODE_ENV'] === 'development',
    },
    log: report,
    onAnswer: ({ route, verb, status, seconds }) => {
      answers.observe(seconds, { route, verb, status: String(status) });
    },
    metrics: () => metrics.text(),
    pages,
  });
  boundConnections(rest.server, {
    most: () => app.settings.get('Countersign_Connections_Per_Address'),
    isExempt: (address) => isProxy(address, config.proxies),
    onRefused: atMostOncePerMinute((address) => {
      log.warn({ event: 'connection.refused', address }, 'too many connections');
    }),
  });
  const prefix = new URL(config.rootUrl).pathname.replace(/\/+$/u, '');
  const sockJs = sockJsDoor({ prefix, server: ddp, originOf: callerOf });
  const raw = webSocketDoor({ prefix, server: ddp, originOf: callerOf });
  const forwarding = forwardAuthDoor({ app, callerOf, log: report });
  const openId = openIdDoor({ app, callerOf, outbound: outboundOver(), log: report });
  const { server } = rest;
  const answerRest = server.listeners('request').map((listener) => listener as (...given: unknown[]) => void);
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (raw.handleRequest(request, response) || sockJs.handleRequest(request, response)) return;
    // Behind a path of its own (`https://example.org/chat`) the proxy may leave the path in or take it off.
    if (prefix !== '' && request.url !== undefined) request.url = withoutPrefix(request.url, prefix);
    if (forwarding.handleRequest(request, response) || openId.handleRequest(request, response)) return;
    for (const answer of answerRest) answer.call(server, request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    survive(socket);
    if (isAnswering(socket)) {
      socket.destroy();
      return;
    }
    if (raw.handleUpgrade(request, socket, head) || sockJs.handleUpgrade(request, socket, head)) return;
    // A proxy may ask about a socket that is to be opened as if it wanted to open one itself.
    if (forwarding.handleUpgrade(request, socket)) return;
    refuseSocket(socket, 'HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
  return {
    listen: rest.listen,
    close: async () => {
      await Promise.all([ddp.drain(), sockJs.close(), rest.close(), openId.close()]);
    },
  };
}
