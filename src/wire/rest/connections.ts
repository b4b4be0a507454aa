import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressKey } from '../../core/session/device.ts';
import { refuseSocket, survive } from '../../lib/refuse-socket.ts';
import { isUnhurried } from './streams.ts';

/** Answers what Node's parser cannot read, or does not hand on, in the envelope of the JSON API. */
export function refuseBrokenRequests(server: Server): void {
  // Fastify's own answer has a shape of its own.
  server.removeAllListeners('clientError');
  server.on('clientError', (cause: NodeJS.ErrnoException, socket: Duplex) => {
    // Node tells this once for each request, and forgets it then.
    if (cause.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isUnhurried(socket)) return;
    if (cause.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    if (cause.code === 'HPE_HEADER_OVERFLOW') end(socket, '431 Request Header Fields Too Large');
    else if (cause.code === 'ERR_HTTP_REQUEST_TIMEOUT') end(socket, '408 Request Timeout');
    else end(socket, '400 Bad Request');
  });
  server.on('connect', (_request, socket) => {
    survive(socket);
    end(socket, '405 Method Not Allowed', 'Allow: GET, HEAD, POST\r\n');
  });
}

function end(socket: Duplex, status: string, headers = ''): void {
  const body = JSON.stringify({ success: false, error: status.slice(4) });
  refuseSocket(
    socket,
    `HTTP/1.1 ${status}\r\n${headers}Content-Type: application/json\r\nContent-Length: ${body.length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** So long a connection may stand still: nothing comes, and nothing of an answer is taken. Heartbeats come more often. */
const stillMs = 60_000;

/** Drops clients that ask and do not take their answers. Kept-alive connections and sockets have times of their own. */
export function dropUnread(server: Server, ms = stillMs): void {
  server.setTimeout(ms);
}

/**
 * Bounds how many HTTP connections an address has open (an IPv6 one with its /64); further ones are closed unheard. A
 * connection that became a socket is counted by the realtime server, and no longer here.
 */
export function boundConnections(
  server: Server,
  parts: {
    /** How many; 0 for no limit. */
    readonly most: () => number;
    /** Proxies speak for everybody. */
    readonly isExempt: (address: string) => boolean;
    /** Hears of each connection that was closed. */
    readonly onRefused: (address: string) => void;
  },
): void {
  const open = new Map<string, number>();
  const keys = new WeakMap<Duplex, string>();
  function leave(socket: Duplex): void {
    const key = keys.get(socket);
    if (key === undefined) return;
    keys.delete(socket);
    const left = (open.get(key) ?? 1) - 1;
    if (left > 0) open.set(key, left);
    else open.delete(key);
  }
  function onClose(this: Duplex): void {
    leave(this);
  }
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const most = parts.most();
    if (most <= 0 || address === '' || parts.isExempt(address)) return;
    const key = addressKey(address);
    const count = open.get(key) ?? 0;
    if (count >= most) {
      socket.destroy();
      parts.onRefused(address);
      return;
    }
    open.set(key, count + 1);
    keys.set(socket, key);
    socket.once('close', onClose);
  });
  server.on('upgrade', (_request, socket) => {
    leave(socket);
    socket.removeListener('close', onClose);
  });
}

/** How often a closing server looks for connections that have become idle. */
const lookMs = 50;

/**
 * Keeps a closing server from waiting for clients that ask nothing: for the next request on a connection that is kept
 * alive, and for a first one where nothing was ever sent, which Node takes for a slow request. What is under way ends.
 * @returns begins with it, and gives what stops it
 */
export function endingUnused(server: Server): () => () => void {
  const connections = new Set<Socket>();
  function forget(this: Socket): void {
    connections.delete(this);
  }
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', forget);
  });
  const look = (): void => {
    server.closeIdleConnections();
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  };
  return () => {
    look();
    const timer = setInterval(look, lookMs);
    return () => {
      clearInterval(timer);
    };
  };
}
