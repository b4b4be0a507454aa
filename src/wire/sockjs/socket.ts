import { WebSocket } from 'ws';
import type { Origin, Receiver, SocketServer, Transport } from '../shapes/transport.ts';
import { closeFrame, decodeMessages, messageFrame, openFrame } from './frames.ts';
import { limits } from './limits.ts';

/** A WebSocket that speaks SockJS frames. It carries its own state, since a wrapper for each would cost memory. */
export class FramedSocket extends WebSocket implements Transport {
  address = '';
  userAgent = '';
  #receiver: Receiver | undefined;
  /** Messages of the same moment share a frame. */
  #outbox: string[] | undefined;
  /** When it was opened, or last pinged. */
  #since = 0;
  #awaitsPong = false;

  get unsentBytes(): number {
    return this.bufferedAmount;
  }

  open(server: SocketServer, origin: Origin, now: number): void {
    this.address = origin.address;
    this.userAgent = origin.userAgent;
    this.#since = now;
    this.on('message', onMessage);
    this.on('pong', onPong);
    this.on('close', onClose);
    this.on('error', onError);
    super.send(openFrame);
    this.#receiver = server.accept(this);
  }

  override send(text: string): void {
    if (this.readyState !== WebSocket.OPEN) return;
    if (this.#outbox !== undefined) {
      this.#outbox.push(text);
      return;
    }
    this.#outbox = [text];
    process.nextTick(flush, this);
  }

  flush(): void {
    const messages = this.#outbox;
    this.#outbox = undefined;
    if (messages !== undefined && this.readyState === WebSocket.OPEN) super.send(messageFrame(messages));
  }

  override close(code?: number, reason?: string | Buffer): void {
    // The library closes with bytes or with nothing; a text is our own farewell, which goes into a frame as well.
    if (code !== undefined && typeof reason === 'string') {
      this.flush();
      if (this.readyState === WebSocket.OPEN) super.send(closeFrame(code, reason));
    }
    super.close(code, reason);
  }

  take(text: string): void {
    if (text === '') return;
    const messages = decodeMessages(text);
    if (messages === undefined) {
      this.close(3000, 'Broken framing.');
      this.ended();
      return;
    }
    for (const message of messages) this.#receiver?.message(message);
  }

  heard(): void {
    this.#awaitsPong = false;
  }

  ended(): void {
    this.#receiver?.closed();
    this.#receiver = undefined;
  }

  /** Pings when it is time, and drops a connection that has not answered (realtime.md §2.4). */
  tick(now: number): void {
    const waited = now - this.#since;
    if (this.#awaitsPong && waited >= limits.pongMs) {
      this.close(3000, 'No response from heartbeat');
      this.ended();
      return;
    }
    if (waited < limits.heartbeatMs || this.readyState !== WebSocket.OPEN) return;
    this.#since = now;
    this.#awaitsPong = true;
    this.ping();
  }
}

function flush(socket: FramedSocket): void {
  socket.flush();
}

function onMessage(this: WebSocket, data: unknown): void {
  if (this instanceof FramedSocket && Buffer.isBuffer(data)) this.take(data.toString('utf8'));
}

function onPong(this: WebSocket): void {
  if (this instanceof FramedSocket) this.heard();
}

function onClose(this: WebSocket): void {
  if (this instanceof FramedSocket) this.ended();
}

/** What the client did wrong closes its socket; there is nobody else to tell. */
function onError(): void {
  return;
}
