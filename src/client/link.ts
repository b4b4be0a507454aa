import { decode, encode } from './ejson.ts';
import { ClientError, isFields, realtimeError } from './error.ts';

/** As much of a WebSocket as the client uses. */
export interface Socket {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  addEventListener(type: 'error', listener: () => void): void;
  send(text: string): void;
  close(): void;
}

/** The constructor of browsers, of Node.js, or of the package `ws`. */
export type WebSocketClass = new (url: string) => Socket;

/** Acts after so many ms, unless it is cancelled by what it returns. */
export type After = (ms: number, act: () => void) => () => void;

/** A message about a document or a stream. */
export interface DocumentMessage {
  readonly msg: 'added' | 'changed' | 'removed';
  readonly collection: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One connection, from `connected` to its end. */
export interface Link {
  call(method: string, params: readonly unknown[]): Promise<unknown>;
  subscribe(name: string, params: readonly unknown[]): { readonly id: string; readonly ready: Promise<unknown> };
  unsubscribe(id: string): void;
  /** What waits for an answer fails with this error. */
  close(cause: ClientError): void;
}

/** What a connection tells whoever opened it. */
export interface LinkEvents {
  document(message: DocumentMessage): void;
  /** The server ended a subscription that was ready. */
  noSub(id: string, error: ClientError | undefined): void;
  /** It has lived for a while. */
  alive(): void;
  closed(cause: ClientError): void;
}

/** So long may it take to open. */
const openMs = 10_000;
/** After one such time of silence it pings, after another it takes the server for gone. */
const pulseMs = 20_000;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: ClientError) => void;
}

/**
 * Opens a connection and waits until the server calls it connected.
 * @throws ClientError `connection-lost`, `version`
 */
export async function openLink(url: string, Class: WebSocketClass, after: After, events: LinkEvents): Promise<Link> {
  return await new Promise((resolve, reject) => {
    const socket = new Class(url);
    const waiting = new Map<string, Waiting>();
    let ids = 0;
    let silent = 0;
    let over: ClientError | undefined;
    let cancel = after(openMs, () => end(lost()));

    function end(cause: ClientError): void {
      if (over !== undefined) return;
      over = cause;
      cancel();
      // Not waited for: the far end of a dead connection answers nothing.
      socket.close();
      reject(cause);
      for (const one of waiting.values()) one.reject(cause);
      waiting.clear();
      events.closed(cause);
    }

    function send(message: object): void {
      socket.send(JSON.stringify(message));
    }

    function pulse(): void {
      if (silent > 1) {
        end(lost());
        return;
      }
      if (silent === 1) send({ msg: 'ping' });
      else events.alive();
      silent += 1;
      cancel = after(pulseMs, pulse);
    }

    async function ask(id: string, message: object): Promise<unknown> {
      if (over !== undefined) throw over;
      return await new Promise((done, fail) => {
        waiting.set(id, { resolve: done, reject: fail });
        send(message);
      });
    }

    /** Whether somebody waited for it. */
    function settle(id: unknown, error: unknown, result?: unknown): boolean {
      const one = waiting.get(String(id));
      if (one === undefined) return false;
      waiting.delete(String(id));
      if (error === undefined) one.resolve(decode(result));
      else one.reject(realtimeError(error));
      return true;
    }

    const link: Link = {
      call: async (method, params) => {
        const id = `m${(ids += 1)}`;
        return await ask(id, { msg: 'method', id, method, params: params.map(encode) });
      },
      subscribe: (name, params) => {
        const id = `s${(ids += 1)}`;
        return { id, ready: ask(id, { msg: 'sub', id, name, params: params.map(encode) }) };
      },
      unsubscribe: (id) => {
        if (over === undefined) send({ msg: 'unsub', id });
      },
      close: end,
    };

    function take(message: Readonly<Record<string, unknown>>): void {
      const { msg, id, error } = message;
      switch (msg) {
        case 'connected':
          cancel();
          cancel = after(pulseMs, pulse);
          resolve(link);
          break;
        case 'failed':
          end(new ClientError('version', { message: 'The server speaks another version of DDP.' }));
          break;
        case 'ping':
          send({ msg: 'pong', id });
          break;
        case 'result':
          settle(id, error, message['result']);
          break;
        case 'ready':
          for (const sub of Array.isArray(message['subs']) ? message['subs'] : []) settle(sub, undefined);
          break;
        case 'nosub':
          if (!settle(id, error ?? {})) {
            events.noSub(String(id), error === undefined ? undefined : realtimeError(error));
          }
          break;
        case 'added':
        case 'changed':
        case 'removed': {
          const fields = decode(message['fields'] ?? {});
          const collection = String(message['collection']);
          events.document({ msg, collection, id: String(id), fields: isFields(fields) ? fields : {} });
          break;
        }
        default:
      }
    }

    socket.addEventListener('open', () => send({ msg: 'connect', version: '1', support: ['1', 'pre2', 'pre1'] }));
    socket.addEventListener('message', ({ data }) => {
      if (over !== undefined) return;
      silent = 0;
      take(fieldsIn(String(data)));
    });
    socket.addEventListener('close', () => end(lost()));
    socket.addEventListener('error', () => end(lost()));
  });
}

/** The members of a frame; what is no message has none. */
function fieldsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const message: unknown = JSON.parse(text);
    return isFields(message) ? message : {};
  } catch {
    return {};
  }
}

function lost(): ClientError {
  return new ClientError('connection-lost', { message: 'The connection to the server was lost.' });
}
