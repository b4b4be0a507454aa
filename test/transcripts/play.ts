import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { compareFrames } from './order.ts';
import { Placeholders } from './placeholders.ts';
import type { Event, Fields, Sent } from './recording.ts';

const patienceMs = 10_000;
/** So long it stays to see that nothing more comes. */
const quietMs = 150;
const mailed = '<mailToken:1>';

/** One client's socket: keeps what it is told. */
class Line {
  readonly name: string;
  readonly frames: Fields[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #socket: WebSocket;
  #change = (): void => {};

  constructor(name: string, url: string) {
    this.name = name;
    this.#socket = new WebSocket(url);
    this.#socket.on('message', (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString('utf8')) as Fields);
      this.#change();
    });
    this.#socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString('utf8') };
      this.#change();
    });
    this.#socket.on('error', () => {});
  }

  /** The greeting is ours alone (realtime.md §1), so no recording has it. */
  async greeted(): Promise<void> {
    await this.until(() => this.frames.length > 0);
    assert.deepEqual(this.frames.shift(), { server_id: '0' });
  }

  send(data: string | Buffer): void {
    this.#socket.send(data);
  }

  async until(holds: () => boolean): Promise<void> {
    const last = Date.now() + patienceMs;
    while (!holds() && Date.now() < last) {
      const changed = new Promise<void>((resolve) => {
        this.#change = resolve;
      });
      const timer = new AbortController();
      await Promise.race([changed, pause(last - Date.now(), undefined, { signal: timer.signal })]);
      timer.abort();
    }
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.close(1000);
    await closed;
  }
}

export interface Playground {
  /** Of the server, `ws://…` without a path. */
  readonly url: string;
  /** Moves the time of the server to so many ms after the start, where the scenario is about time. */
  readonly at?: (ms: number) => Promise<void>;
  /** What stands in the link that was mailed last, where the scenario is about mails. */
  readonly mailToken?: () => Promise<string>;
}

/**
 * Plays the client's half and compares the server's: after each send it waits for what was recorded up to the next.
 * The pauses of the recording are not kept, except where the stage has a clock to move.
 */
export async function play(events: readonly Event[], stage: Playground): Promise<void> {
  const placeholders = new Placeholders();
  const lines = new Map<string, Line>();
  const due = new Map<string, Fields[]>();
  const closing = new Set<string>();

  const settle = async (): Promise<void> => {
    for (const [name, recorded] of due) {
      const line = lines.get(name);
      assert.ok(line !== undefined, `connection ${name} was never opened`);
      await line.until(() => line.frames.length >= recorded.length || line.closed !== undefined);
      const where = `connection ${name}`;
      compareFrames(recorded, line.frames.splice(0, recorded.length), placeholders, where);
    }
    due.clear();
    for (const name of closing) {
      const line = lines.get(name);
      await line?.until(() => line.closed !== undefined);
      assert.deepEqual(line?.closed, { code: 1000, reason: 'Normal closure' }, `connection ${name} is closed`);
      assert.deepEqual(line?.frames, [], `nothing comes to ${name} before it is closed`);
      lines.delete(name);
    }
    closing.clear();
  };

  try {
    for (const event of events) {
      const { conn } = event;
      await stage.at?.(event.at);
      switch (event.dir) {
        case '<':
          due.set(conn, [...(due.get(conn) ?? []), event.frame]);
          // Where time matters, it must be there by now and not only before the next send.
          if (stage.at !== undefined) await settle();
          break;
        case '>': {
          await settle();
          let line = lines.get(conn);
          if (line === undefined) {
            line = new Line(conn, `${stage.url}/websocket`);
            lines.set(conn, line);
            await line.greeted();
          }
          if (stage.mailToken !== undefined && JSON.stringify(event).includes(mailed)) {
            placeholders.know(mailed, await stage.mailToken());
          }
          line.send(textOf(event, placeholders));
          break;
        }
        case 'closed':
          if (event.frame['reason'] === 'Normal closure') closing.add(conn);
          else if (lines.has(conn)) {
            await settle();
            await lines.get(conn)?.close();
            assert.deepEqual(lines.get(conn)?.frames, [], `nothing more comes to ${conn}`);
            lines.delete(conn);
          }
          break;
        case 'no-answer-to-upgrade':
          await refused(`${stage.url}/no/such/path`);
      }
    }
    await settle();
    await pause(quietMs);
    for (const line of lines.values()) {
      assert.deepEqual(line.frames, [], `nothing more comes to ${line.name}`);
      assert.equal(line.closed, undefined, `connection ${line.name} stays open`);
    }
  } finally {
    await Promise.all([...lines.values()].map(async (line) => await line.close()));
  }
}

function textOf({ frame, raw = '' }: Sent, placeholders: Placeholders): string | Buffer {
  if (frame !== undefined) return JSON.stringify(placeholders.fill(frame));
  return raw.startsWith('binary:') ? Buffer.from(raw.slice('binary:'.length), 'hex') : raw;
}

/** A path that nobody serves never becomes a socket. */
async function refused(url: string): Promise<void> {
  const socket = new WebSocket(url);
  const opened = await new Promise<boolean>((resolve) => {
    socket.on('open', () => {
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });
  socket.terminate();
  assert.equal(opened, false, 'the upgrade was refused');
}
