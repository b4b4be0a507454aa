import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { refuseSocket } from '../../lib/refuse-socket.ts';
import type { Origin, Receiver, SocketServer, Transport } from '../shapes/transport.ts';
import { limits } from './limits.ts';

export interface SocketDoorParts {
  readonly server: SocketServer;
  /** The path part of the public root URL, without a slash at its end; `''` for none. */
  readonly prefix: string;
  /** Where a request comes from, after trusted proxies. */
  readonly originOf: (request: IncomingMessage) => Origin;
}

export interface SocketDoor {
  /** @returns true when the path was this door's, and the socket is taken or refused */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Answers a request without an upgrade: 400, by which clients know that sockets live here. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
}

/** How long a client may take to answer our farewell. */
const closeTimeoutMs = 5000;

/** A raw connection: the frame is the message. It carries its own state, since a wrapper for each would cost memory. */
class RawSocket extends WebSocket implements Transport {
  address = '';
  userAgent = '';
  receiver: Receiver | undefined;
  /** What lies below, held together while frames of one moment are written. */
  wire: Duplex | undefined;
  #corked = false;

  get unsentBytes(): number {
    return this.bufferedAmount;
  }

  override send(text: string): void {
    if (this.readyState !== WebSocket.OPEN) return;
    if (!this.#corked && this.wire !== undefined) {
      this.#corked = true;
      this.wire.cork();
      process.nextTick(uncork, this);
    }
    super.send(text);
  }

  uncork(): void {
    this.#corked = false;
    this.wire?.uncork();
  }
}

function uncork(socket: RawSocket): void {
  socket.uncork();
}

/** Frames of bytes are read as text (transcripts: binary-frame). */
function onMessage(this: WebSocket, data: unknown): void {
  if (this instanceof RawSocket && Buffer.isBuffer(data)) this.receiver?.message(data.toString('utf8'));
}

function onClose(this: WebSocket): void {
  if (!(this instanceof RawSocket)) return;
  this.receiver?.closed();
  this.receiver = undefined;
  this.wire = undefined;
}

/** What the client did wrong closes its socket (1002, 1007, 1009); there is nobody else to tell. */
function onError(): void {
  return;
}

/** The raw WebSocket door (realtime.md §2.1). */
export function webSocketDoor({ server, prefix, originOf }: SocketDoorParts): SocketDoor {
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
    maxFragments: limits.frameFragments,
    closeTimeout: closeTimeoutMs,
    WebSocket: RawSocket,
  };
  const sockets = new WebSocketServer<typeof RawSocket>(options);
  const paths = new Set(['/websocket', '/websocket/', '/sockjs/websocket'].map((path) => prefix + path));
  const isOurs = (request: IncomingMessage): boolean => paths.has((request.url ?? '').split('?', 1)[0] ?? '');

  function take(socket: RawSocket, wire: Duplex, origin: Origin): void {
    socket.address = origin.address;
    socket.userAgent = origin.userAgent;
    socket.wire = wire;
    socket.on('message', onMessage);
    socket.on('close', onClose);
    socket.on('error', onError);
    socket.receiver = server.accept(socket);
  }

  return {
    handleUpgrade(request, socket, head) {
      if (!isOurs(request)) return false;
      const refusal = refusalOf(request);
      if (refusal !== undefined) {
        refuse(socket, 400, refusal);
        return true;
      }
      const origin = originOf(request);
      if (!server.hasRoom(origin.address)) {
        refuse(socket, 429, 'Too many connections.');
        return true;
      }
      // The handshake and the greeting leave together.
      socket.cork();
      sockets.handleUpgrade(request, socket, head, (opened) => {
        take(opened, socket, origin);
      });
      process.nextTick(() => {
        socket.uncork();
      });
      return true;
    },
    handleRequest(request, response) {
      if (!isOurs(request)) return false;
      response.writeHead(400, { 'Content-Type': 'text/plain; charset=utf-8', 'Connection': 'close' });
      response.end(notAnUpgrade);
      return true;
    },
  };
}

const notAnUpgrade = 'Can "Upgrade" only to "WebSocket".';
const versions: readonly (string | undefined)[] = ['8', '13'];

function refusalOf(request: IncomingMessage): string | undefined {
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return notAnUpgrade;
  const version = request.headers['sec-websocket-version'];
  return versions.includes(version) ? undefined : 'Only supported WebSocket protocol is RFC 6455.';
}

const reasons: Readonly<Record<number, string>> = { 400: 'Bad Request', 429: 'Too Many Requests' };

function refuse(socket: Duplex, status: 400 | 429, text: string): void {
  refuseSocket(
    socket,
    `HTTP/1.1 ${status} ${reasons[status] ?? ''}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
