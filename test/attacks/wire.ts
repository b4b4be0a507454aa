import { type IncomingHttpHeaders, request } from 'node:http';
import { connect as connectTo } from 'node:net';
import WebSocket from 'ws';

/** Where a server listens. */
export interface Target {
  readonly port: number;
}

/** One HTTP request, as data. */
export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** The body, sent as it is. */
  readonly body?: Buffer | string;
  /** The body, as JSON. */
  readonly json?: unknown;
  /** The loopback address that the server sees as its peer. */
  readonly from?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
}

/** A token pair, as every authenticated request brings it. */
export interface Pass {
  readonly userId: string;
  readonly authToken: string;
}

/** Rejects after this long: no answer at all is a defect of its own. */
const patienceMs = 20_000;

/** Sends one request on a connection of its own. */
export async function ask(target: Target, what: Ask): Promise<Reply> {
  const body = what.json === undefined ? what.body : JSON.stringify(what.json);
  const headers: Record<string, string | string[]> = { ...what.headers };
  if (what.json !== undefined) headers['content-type'] ??= 'application/json';
  if (body !== undefined) headers['content-length'] ??= String(Buffer.byteLength(body));
  return await new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: target.port,
        method: what.method ?? (body === undefined ? 'GET' : 'POST'),
        path: what.path,
        headers,
        agent: false,
        timeout: patienceMs,
        ...(what.from === undefined ? {} : { localAddress: what.from }),
      },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.once('error', reject);
        reply.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text, json: parsed(text) });
        });
      },
    );
    sent.once('timeout', () => {
      sent.destroy(new Error(`${what.path} was not answered within ${patienceMs} ms`));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** The headers of somebody who is signed in. */
export function pass({ userId, authToken }: Pass): Record<string, string> {
  return { 'x-user-id': userId, 'x-auth-token': authToken };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The member at the end of a path; undefined where there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Readonly<Record<string | number, unknown>>)[name];
  }
  return here;
}

/** The member at the end of a path, which must be text. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  if (typeof found !== 'string') throw new Error(`There is no ${path.join('.')} in ${JSON.stringify(value)}`);
  return found;
}

/**
 * Writes bytes to the server and gives all that comes back until it closes.
 * @param pauses bytes that are written later, each after a wait in ms
 */
export async function exchange(
  target: Target,
  bytes: Buffer | string,
  options: { readonly waitMs?: number; readonly pauses?: readonly (readonly [number, Buffer | string])[] } = {},
): Promise<{ readonly received: Buffer; readonly closed: boolean; readonly afterMs: number }> {
  const begun = performance.now();
  return await new Promise((resolve, reject) => {
    const socket = connectTo(target.port, '127.0.0.1');
    const chunks: Buffer[] = [];
    const timers: NodeJS.Timeout[] = [];
    let over = false;
    const finish = (closed: boolean): void => {
      if (over) return;
      over = true;
      for (const timer of timers) clearTimeout(timer);
      socket.destroy();
      resolve({ received: Buffer.concat(chunks), closed, afterMs: performance.now() - begun });
    };
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('close', () => finish(true));
    // What the server closes while we still write ends in EPIPE or ECONNRESET here: closed all the same.
    socket.once('error', (cause) => {
      if (socket.connecting) reject(cause);
      else finish(true);
    });
    socket.write(bytes);
    let later = 0;
    for (const [ms, more] of options.pauses ?? []) {
      later += ms;
      timers.push(setTimeout(() => socket.write(more), later));
    }
    timers.push(setTimeout(() => finish(false), options.waitMs ?? 3000));
  });
}

/** The status of a raw HTTP answer; 0 for none. */
export function statusOf(received: Buffer): number {
  return Number(/^HTTP\/1\.1 (\d{3})/u.exec(received.toString('latin1'))?.[1] ?? 0);
}

/** A frame that the server sent over a realtime socket. */
export type Frame = Readonly<Record<string, unknown>>;

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A raw realtime socket. */
export class Ddp {
  readonly frames: Frame[] = [];
  readonly closed: Promise<Closed>;
  readonly socket: WebSocket;
  #over: Closed | undefined;
  #next = 0;
  readonly #listeners = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.#over = { code, reason: reason.toString() };
        resolve(this.#over);
        this.#wake();
      });
    });
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const frame: unknown = JSON.parse((data as Buffer).toString('utf8'));
      this.frames.push(frame as Frame);
      this.#wake();
    });
  }

  /** Opens a socket; connected unless told otherwise. */
  static async open(
    target: Target,
    options: {
      readonly from?: string | undefined;
      readonly headers?: Readonly<Record<string, string>>;
      readonly greet?: boolean;
    } = {},
  ): Promise<Ddp> {
    const socket = new WebSocket(`ws://127.0.0.1:${target.port}/websocket`, {
      perMessageDeflate: false,
      headers: { ...options.headers },
      ...(options.from === undefined ? {} : { localAddress: options.from }),
    });
    const ddp = new Ddp(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    if (options.greet === false) return ddp;
    ddp.send({ msg: 'connect', version: '1', support: ['1'] });
    await ddp.frame((frame) => frame['msg'] === 'connected');
    return ddp;
  }

  get isOver(): boolean {
    return this.#over !== undefined;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message), {
      binary: false,
    });
  }

  /** The first frame that fits, of those from `since` on. Rejects when the socket closes or nothing comes. */
  async frame(fits: (frame: Frame) => boolean, since = 0, waitMs = patienceMs): Promise<Frame> {
    const until = Date.now() + waitMs;
    for (;;) {
      const found = this.frames.slice(since).find(fits);
      if (found !== undefined) return found;
      if (this.#over !== undefined) throw new Error(`The socket closed with ${this.#over.code} ${this.#over.reason}`);
      if (Date.now() >= until) {
        throw new Error(`No such frame came; there were ${JSON.stringify(this.frames.slice(-5))}`);
      }
      await this.#change(until - Date.now());
    }
  }

  /** Calls a method and gives its `result` frame. */
  async call(method: string, ...params: readonly unknown[]): Promise<Frame> {
    this.#next += 1;
    const id = `m${this.#next}`;
    const since = this.frames.length;
    this.send({ msg: 'method', id, method, params });
    return await this.frame((frame) => frame['msg'] === 'result' && frame['id'] === id, since);
  }

  /** Asks for a subscription and gives its `ready` or `nosub`. */
  async sub(name: string, ...params: readonly unknown[]): Promise<Frame> {
    this.#next += 1;
    const id = `s${this.#next}`;
    const since = this.frames.length;
    this.send({ msg: 'sub', id, name, params });
    return await this.frame((frame) => frame['id'] === id || includes(frame['subs'], id), since);
  }

  /** How it closed, or undefined when it is still open after so long. */
  async closedWithin(ms: number): Promise<Closed | undefined> {
    return await Promise.race([this.closed, sleep(ms).then(() => undefined)]);
  }

  close(): void {
    this.socket.terminate();
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
  }

  async #change(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#listeners.add(done);
    });
  }
}

function includes(list: unknown, item: string): boolean {
  return Array.isArray(list) && list.includes(item);
}

export async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
