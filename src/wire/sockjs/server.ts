import { randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { refuseSocket } from '../../lib/refuse-socket.ts';
import { closeCode, type Origin, type SocketServer } from '../shapes/transport.ts';
import { crossOrigin, notFound, plain, preflight, uncached, wrongVerb } from './answers.ts';
import { readBody } from './body.ts';
import { decodeMessages } from './frames.ts';
import { limits } from './limits.ts';
import { type Polling, PollSession } from './poll-session.ts';
import { FramedSocket } from './socket.ts';

export interface SockJsParts {
  readonly server: SocketServer;
  /** The path part of the public root URL, without a slash at its end; `''` for none. */
  readonly prefix: string;
  /** Where a request comes from, after trusted proxies. */
  readonly originOf: (request: IncomingMessage) => Origin;
  /** For tests: the time in ms, and a way to be called again and again. */
  readonly now?: () => number;
  readonly every?: (ms: number, act: () => void) => () => void;
}

export interface SockJsDoor {
  /** @returns true when the path lies below `{prefix}/sockjs`, and is answered */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Ends all sessions that are still open. */
  close(): Promise<void>;
}

const closeTimeoutMs = 5000;
/** What may stand before the transport: anything without a dot and a slash. */
const sessionPath = /^\/([^/.]+)\/([^/.]+)\/(xhr|xhr_streaming|xhr_send|websocket)\/?$/u;
/** What `xhr_send` may call its body. */
const bodyTypes: ReadonlySet<string> = new Set([
  '',
  't',
  'text/plain',
  'application/json',
  'application/xml',
  'text/xml',
]);

/** The door for clients that speak SockJS 0.3, over WebSocket or over plain HTTP (realtime.md §2.3, §2.4). */
export function sockJsDoor(parts: SockJsParts): SockJsDoor {
  const { server, originOf, now = Date.now, every = repeat } = parts;
  const root = `${parts.prefix}/sockjs`;
  const sockets = new Set<FramedSocket>();
  const sessions = new Map<string, PollSession>();
  const upgrades = new WebSocketServer<typeof FramedSocket>(socketOptions());
  const stop = every(limits.tickMs, () => {
    for (const socket of sockets) socket.tick(now());
    for (const [id, session] of sessions) if (session.tick()) sessions.delete(id);
  });

  /** The part of the path below the root, or undefined when it is not ours. */
  function below(request: IncomingMessage): string | undefined {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (path !== root && !path.startsWith(`${root}/`)) return undefined;
    return path.slice(root.length);
  }

  /** The session of this id, if it belongs to who asks. */
  function sessionOf(id: string, origin: Origin): PollSession | undefined {
    const session = sessions.get(id);
    return session?.address === origin.address ? session : undefined;
  }

  function poll(request: IncomingMessage, response: ServerResponse, id: string, polling: Polling): void {
    const origin = originOf(request);
    let session = sessions.get(id);
    if (session !== undefined && session.address !== origin.address) {
      notFound(response);
      return;
    }
    if (session === undefined) {
      if (id.length > limits.sessionIdCharacters || !server.hasRoom(origin.address)) {
        plain(response, 429, 'Too many connections.\n', crossOrigin(request));
        return;
      }
      session = new PollSession(origin, now);
      sessions.set(id, session);
    }
    request.resume();
    response.writeHead(200, {
      'Content-Type': 'application/javascript; charset=UTF-8',
      ...uncached,
      ...crossOrigin(request),
    });
    session.attach(response, polling, server);
  }

  async function take(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const headers = crossOrigin(request);
    const session = sessionOf(id, originOf(request));
    if (session === undefined) {
      request.resume();
      notFound(response);
      return;
    }
    const body = await readBody(request);
    if (body === undefined) {
      plain(response, 413, 'Payload too large.', { ...headers, 'Connection': 'close' });
      return;
    }
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (!bodyTypes.has(type) || body === '') {
      plain(response, 500, 'Payload expected.', headers);
      return;
    }
    const messages = decodeMessages(body);
    if (messages === undefined) {
      plain(response, 500, 'Broken JSON encoding.', headers);
      return;
    }
    response.writeHead(204, { 'Content-Type': 'text/plain; charset=UTF-8', ...uncached, ...headers });
    response.end();
    session.take(messages);
  }

  function answerSession(request: IncomingMessage, response: ServerResponse, id: string, transport: string): void {
    if (request.method === 'OPTIONS') {
      preflight(request, response, 'POST');
      return;
    }
    if (transport === 'websocket') {
      plain(response, 400, 'Can "Upgrade" only to "WebSocket".');
      return;
    }
    if (request.method !== 'POST') {
      wrongVerb(response, 'POST');
      return;
    }
    if (transport === 'xhr' || transport === 'xhr_streaming') {
      poll(request, response, id, transport);
      return;
    }
    // What fails here is the client's connection: there is nobody left to answer.
    take(request, response, id).catch(() => response.destroy());
  }

  return {
    handleRequest(request, response) {
      const path = below(request);
      if (path === undefined) return false;
      const [, , id, transport] = sessionPath.exec(path) ?? [];
      if (id !== undefined && transport !== undefined) answerSession(request, response, id, transport);
      else answerPage(request, response, path);
      return true;
    },
    handleUpgrade(request, socket, head) {
      const path = below(request);
      if (path === undefined) return false;
      const [, , , transport] = sessionPath.exec(path) ?? [];
      const origin = originOf(request);
      if (transport !== 'websocket') refuse(socket, '404 Not Found');
      else if (!server.hasRoom(origin.address)) refuse(socket, '429 Too Many Requests');
      else {
        upgrades.handleUpgrade(request, socket, head, (opened) => {
          sockets.add(opened);
          opened.once('close', () => sockets.delete(opened));
          opened.open(server, origin, now());
        });
      }
      return true;
    },
    async close() {
      stop();
      for (const session of sessions.values()) session.close(closeCode.restart, 'Service restart');
      for (const socket of sockets) socket.close(closeCode.restart, 'Service restart');
      sessions.clear();
      await Promise.resolve();
    },
  };
}

function answerPage(request: IncomingMessage, response: ServerResponse, path: string): void {
  if (path === '' || path === '/') {
    plain(response, 200, 'Welcome to SockJS!\n');
    return;
  }
  if (path !== '/info' && path !== '/info/') {
    notFound(response);
    return;
  }
  if (request.method === 'OPTIONS') preflight(request, response, 'GET');
  else if (request.method === 'GET' || request.method === 'HEAD') {
    const text = `{"websocket":true,"origins":["*:*"],"cookie_needed":false,"entropy":${randomInt(2 ** 32)}}`;
    const type = { 'Content-Type': 'application/json; charset=UTF-8' };
    plain(response, 200, text, { ...type, ...uncached, ...crossOrigin(request) });
  } else wrongVerb(response, 'GET');
}

function socketOptions() {
  return {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    maxFragments: limits.frameFragments,
    closeTimeout: closeTimeoutMs,
    WebSocket: FramedSocket,
  };
}

function refuse(socket: Duplex, status: string): void {
  refuseSocket(socket, `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function repeat(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms).unref();
  return () => {
    clearInterval(timer);
  };
}
