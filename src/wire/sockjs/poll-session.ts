import type { ServerResponse } from 'node:http';
import type { Origin, Receiver, SocketServer, Transport } from '../shapes/transport.ts';
import { closeFrame, heartbeatFrame, messageFrame, openFrame } from './frames.ts';
import { limits } from './limits.ts';

/** How an answer takes frames: one and then the end, or one after another. */
export type Polling = 'xhr' | 'xhr_streaming';

const prelude = `${'h'.repeat(2048)}\n`;

/**
 * A session over plain HTTP (realtime.md §2.4): messages wait here until the client asks for them. It belongs to the
 * address that opened it, since its id is all that a later request shows.
 */
export class PollSession implements Transport {
  readonly address: string;
  readonly userAgent: string;
  readonly #now: () => number;
  #receiver: Receiver | undefined;
  #outbox: string[] = [];
  #outboxSize = 0;
  #flushing = false;
  #response: ServerResponse | undefined;
  #polling: Polling = 'xhr';
  #written = 0;
  /** When the client last had an answer open, or the answer's last frame went out. */
  #since: number;
  #farewell: string | undefined;

  constructor(origin: Origin, now: () => number) {
    this.address = origin.address;
    this.userAgent = origin.userAgent;
    this.#now = now;
    this.#since = now();
  }

  get unsentBytes(): number {
    return this.#outboxSize + (this.#response?.writableLength ?? 0);
  }

  /** Takes an answer, of which the headers are written already. The first one opens the session. */
  attach(response: ServerResponse, polling: Polling, server: SocketServer): void {
    if (polling === 'xhr_streaming') response.write(prelude);
    if (this.#farewell !== undefined) {
      response.end(`${this.#farewell}\n`);
      return;
    }
    if (this.#response !== undefined) {
      response.end(`${closeFrame(2010, 'Another connection still open')}\n`);
      return;
    }
    this.#response = response;
    this.#polling = polling;
    this.#written = 0;
    this.#since = this.#now();
    response.on('error', () => undefined);
    response.on('close', () => {
      if (this.#response === response) this.#detach();
    });
    if (this.#receiver === undefined) {
      this.#write(openFrame);
      this.#receiver = server.accept(this);
      return;
    }
    this.#flush();
  }

  /** Gives what the client sent to the server. */
  take(messages: readonly string[]): void {
    for (const message of messages) this.#receiver?.message(message);
  }

  send(text: string): void {
    if (this.#farewell !== undefined) return;
    this.#outbox.push(text);
    this.#outboxSize += Buffer.byteLength(text);
    if (this.#flushing) return;
    this.#flushing = true;
    process.nextTick(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  close(code: number, reason: string): void {
    if (this.#farewell !== undefined) return;
    this.#flush();
    this.#farewell = closeFrame(code, reason);
    this.#since = this.#now();
    this.#outbox = [];
    this.#outboxSize = 0;
    this.#response?.end(`${this.#farewell}\n`);
    this.#response = undefined;
  }

  terminate(): void {
    this.close(3000, 'Go away!');
  }

  /** @returns true when the session is over and may be forgotten */
  tick(): boolean {
    const waited = this.#now() - this.#since;
    if (this.#farewell !== undefined) return waited >= limits.afterlifeMs;
    if (this.#response !== undefined) {
      if (waited >= limits.heartbeatMs) this.#write(heartbeatFrame);
      return false;
    }
    if (waited < limits.silenceMs) return false;
    this.#farewell = closeFrame(3000, 'Go away!');
    this.#receiver?.closed();
    return true;
  }

  #flush(): void {
    if (this.#response === undefined || this.#outbox.length === 0) return;
    const messages = this.#outbox;
    this.#outbox = [];
    this.#outboxSize = 0;
    this.#write(messageFrame(messages));
  }

  #write(frame: string): void {
    const response = this.#response;
    if (response === undefined) return;
    this.#since = this.#now();
    this.#written += frame.length + 1;
    if (this.#polling === 'xhr_streaming' && this.#written < limits.streamBytes) {
      response.write(`${frame}\n`);
      return;
    }
    response.end(`${frame}\n`);
    this.#detach();
  }

  #detach(): void {
    this.#response = undefined;
    this.#since = this.#now();
  }
}
