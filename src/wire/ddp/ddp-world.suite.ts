import { openWorld, type World } from '../../../test/world.ts';
import { systemRandom } from '../../lib/system-random.ts';
import type { Receiver, Transport } from '../shapes/transport.ts';
import type { DdpParts, DdpServer } from './server.ts';
import { ddpServer } from './server.ts';
import type { Timers } from './timers.ts';

export type Frame = Readonly<Record<string, unknown>>;

/** Timers that fire only when time is moved. */
export interface HandTimers extends Timers {
  /** Lets so many ms pass; what falls due runs in order. */
  pass(ms: number): void;
}

export function handTimers(move: (ms: number) => void): HandTimers {
  let now = 0;
  let due: { at: number; act: () => void; everyMs: number | undefined }[] = [];
  return {
    every(ms, act) {
      const timer = { at: now + ms, act, everyMs: ms };
      due.push(timer);
      return () => {
        due = due.filter((one) => one !== timer);
      };
    },
    after(ms, act) {
      due.push({ at: now + ms, act, everyMs: undefined });
    },
    pass(ms) {
      const until = now + ms;
      for (;;) {
        const next = due.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        move(next.at - now);
        now = next.at;
        if (next.everyMs === undefined) due = due.filter((one) => one !== next);
        else next.at += next.everyMs;
        next.act();
      }
      move(until - now);
      now = until;
    },
  };
}

/** A client without a network: what it was sent, and how it was closed. */
export class Client implements Transport {
  readonly address: string;
  readonly userAgent = 'test/1';
  readonly frames: Frame[] = [];
  unsentBytes = 0;
  end: { readonly code: number; readonly reason: string } | undefined;
  terminated = false;
  receiver: Receiver | undefined;
  #id = 0;

  constructor(address = '203.0.113.9') {
    this.address = address;
  }

  send(text: string): void {
    this.frames.push(JSON.parse(text) as Frame);
  }

  close(code: number, reason: string): void {
    this.end = { code, reason };
  }

  terminate(): void {
    this.terminated = true;
  }

  say(message: unknown): void {
    this.receiver?.message(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Forgets what was sent so far. @returns it */
  take(): readonly Frame[] {
    return this.frames.splice(0);
  }

  /** Calls a method and waits for both answers. @returns every frame sent meanwhile */
  async call(method: string, ...params: unknown[]): Promise<readonly Frame[]> {
    this.#id += 1;
    const id = `m${this.#id}`;
    this.take();
    this.say({ msg: 'method', id, method, params });
    await this.until(() => {
      const heard = this.frames.some(({ msg, id: of }) => msg === 'result' && of === id);
      const done = this.frames.some(({ msg, methods }) => msg === 'updated' && JSON.stringify(methods) === `["${id}"]`);
      return (heard && done) || this.end !== undefined;
    });
    return this.take();
  }

  /** Calls a method. @returns its `result` frame */
  async ask(method: string, ...params: unknown[]): Promise<Frame> {
    return (await this.call(method, ...params)).find(({ msg }) => msg === 'result') ?? {};
  }

  /** Subscribes and waits for the answer. @returns every frame sent meanwhile */
  async sub(id: string, name: string, ...params: unknown[]): Promise<readonly Frame[]> {
    this.take();
    this.say({ msg: 'sub', id, name, params });
    await this.until(() => this.frames.some(({ msg }) => msg === 'ready' || msg === 'nosub'));
    return this.take();
  }

  async until(holds: () => boolean): Promise<void> {
    for (let tries = 0; tries < 2000; tries += 1) {
      if (holds()) return;
      await new Promise((resolve) => {
        setTimeout(resolve, tries < 50 ? 0 : 2);
      });
    }
    throw new Error(`It never came. Frames: ${JSON.stringify(this.frames)}, end: ${JSON.stringify(this.end)}`);
  }
}

export interface DdpWorld extends World {
  readonly server: DdpServer;
  readonly timers: HandTimers;
  /** What went to the operator's log. */
  readonly logged: { readonly sentence: string; readonly facts: Readonly<Record<string, unknown>> }[];
  /** A client that has just opened its socket. */
  open(address?: string): Client;
  /** A client that has connected. */
  client(address?: string): Client;
  /** A client that has signed in with a resume token of this account. */
  signedIn(username: string): Promise<Client & { token: string }>;
}

/** The product with a realtime server, on a fresh database, with time that is moved by hand. */
export async function openDdpWorld(
  options: Parameters<typeof openWorld>[0] & { readonly ddp?: Partial<DdpParts> } = {},
): Promise<DdpWorld> {
  const world = await openWorld(options);
  const timers = handTimers((ms) => {
    world.clock.move(ms);
  });
  const logged: DdpWorld['logged'] = [];
  const server = ddpServer({
    app: world.app,
    random: systemRandom,
    log: (sentence, facts) => logged.push({ sentence, facts }),
    timers,
    ...options.ddp,
  });
  const open = (address?: string): Client => {
    const client = new Client(address);
    client.receiver = server.accept(client);
    return client;
  };
  const connected = (address?: string): Client => {
    const client = open(address);
    client.say({ msg: 'connect', version: '1', support: ['1', 'pre2', 'pre1'] });
    client.take();
    return client;
  };
  return {
    ...world,
    server,
    timers,
    logged,
    open,
    client: connected,
    signedIn: async (username) => {
      const { text } = await world.signIn(username);
      const client = connected();
      await client.ask('login', { resume: text });
      return Object.assign(client, { token: text });
    },
    close: async () => {
      const drained = server.drain();
      timers.pass(10_000);
      await drained;
      await world.close();
    },
  };
}

/** Runs a test in a world of its own. */
export async function within(
  act: (world: DdpWorld) => Promise<void>,
  options?: Parameters<typeof openDdpWorld>[0],
): Promise<void> {
  const world = await openDdpWorld(options);
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

/** The messages of frames, for tests of their order. */
export function kinds(frames: readonly Frame[]): readonly string[] {
  return frames.map(({ msg }) => String(msg));
}

export function errorOf(frame: Frame | undefined): Frame {
  return (frame?.['error'] ?? {}) as Frame;
}
