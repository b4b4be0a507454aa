import { ClientError } from './error.ts';
import { type After, type DocumentMessage, type Link, openLink, type WebSocketClass } from './link.ts';
import { type KeptSession, type Session, sessionOf } from './session.ts';

/** What happens to a client, each with what there is to say of it. */
export interface ClientEvents {
  /** The connection is up, signed in as `userId` if there is a session, and subscriptions are being opened again. */
  connected: { readonly userId: string | undefined };
  /** The connection is gone. Without an error it was `disconnect`; with one the client connects again by itself. */
  disconnected: { readonly error: ClientError | undefined };
  /** There is no session any more. Without an error it was `logout`; with one the server refused the token. */
  signedOut: { readonly error: ClientError | undefined };
  /** Somebody else is ending the session: a `disconnected` follows, and a `signedOut`. */
  forceLogout: Readonly<Record<string, never>>;
}

/** Hears what a client emits. */
export type Emit = <Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]) => void;

/** What a subscription hears. After a reconnect documents are `added` once more. */
export interface SubscriptionEvent {
  readonly type: 'added' | 'changed' | 'removed';
  /** Of the document; `id` for streams. */
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What a stream carries; empty for documents. */
  readonly args: readonly unknown[];
}

interface Subscription {
  readonly name: string;
  readonly params: readonly unknown[];
  readonly hear: (event: SubscriptionEvent) => void;
  readonly ended: (error: ClientError | undefined) => void;
  /** On the connection that is up. */
  id: string;
}

/** The realtime half of a client. */
export interface Realtime {
  readonly isConnected: () => boolean;
  connect(): Promise<void>;
  disconnect(): void;
  call(method: string, params: readonly unknown[]): Promise<unknown>;
  /** Signs the connection in. @param form a log-in request */
  signIn(form: object): Promise<Session>;
  subscribe(
    name: string,
    params: readonly unknown[],
    hear: (event: SubscriptionEvent) => void,
    ended: (error: ClientError | undefined) => void,
  ): Promise<() => void>;
}

/** Delays of reconnection: full jitter below 0.5 s, 1 s, 2 s, and so on up to 30 s. */
const firstMs = 500;
const longestMs = 30_000;

/** Publications whose documents lie in a collection of another name. */
const collections: Readonly<Record<string, string>> = {
  'meteor.loginServiceConfiguration': 'meteor_accounts_loginServiceConfiguration',
};
const forceLogout = 'force_logout';
const ownEvents = 'stream-notify-user';

/** Keeps one connection up, signed in and subscribed, from `connect` until `disconnect` or a refused session. */
export function openRealtime(needs: {
  readonly url: string;
  readonly WebSocket: WebSocketClass | undefined;
  readonly session: KeptSession;
  readonly emit: Emit;
  readonly after: After;
  readonly random: () => number;
}): Realtime {
  const { session, emit, after } = needs;
  const subscriptions = new Set<Subscription>();
  let link: Link | undefined;
  let opening: Promise<void> | undefined;
  let isWanted = false;
  let failures = 0;
  let cancelRetry = (): void => {};
  /** Whose `force_logout` the connection hears. */
  let watched: string | undefined;

  function up(): Link {
    if (link === undefined) throw new ClientError('not-connected', { message: 'There is no connection.' });
    return link;
  }

  async function establish(): Promise<void> {
    const { WebSocket } = needs;
    if (WebSocket === undefined) throw new ClientError('no-websocket', { message: 'There is no WebSocket here.' });
    let ended: ClientError | undefined;
    const opened = await openLink(needs.url, WebSocket, after, {
      document: spread,
      noSub,
      alive: () => {
        failures = 0;
      },
      closed: (cause) => {
        ended = cause;
        // The first half keeps from asking for `opened` before there is one.
        if (link !== undefined && link === opened) lost(cause);
      },
    });
    try {
      watched = undefined;
      await resume(opened);
      if (!isWanted) throw closed();
      if (ended !== undefined) throw ended;
    } catch (cause) {
      opened.close(closed());
      throw cause;
    }
    link = opened;
    for (const one of subscriptions) void reopen(opened, one);
    emit('connected', { userId: session.get()?.userId });
  }

  /** Signs a fresh connection in with the session that is held when it is done. */
  async function resume(on: Link): Promise<void> {
    for (let done: Session | undefined; done !== session.get(); ) {
      const held = session.get();
      try {
        // Signed out meanwhile: the connection must not stay signed in.
        await (held === undefined ? on.call('logout', []) : on.call('login', [{ resume: held.token }]));
        done = held;
      } catch (cause) {
        if (session.get() !== held) continue;
        if (held !== undefined && isRefusal(cause)) signOut(cause);
        throw cause;
      }
    }
    watch(on);
  }

  function signOut(error: ClientError): void {
    isWanted = false;
    session.set(undefined);
    emit('signedOut', { error });
  }

  function watch(on: Link): void {
    const userId = session.get()?.userId;
    if (userId === undefined || userId === watched) return;
    watched = userId;
    on.subscribe(ownEvents, [`${userId}/${forceLogout}`, false]).ready.catch(() => undefined);
  }

  function lost(cause: ClientError): void {
    link = undefined;
    emit('disconnected', { error: cause.code === 'closed' ? undefined : cause });
    if (isWanted) retryLater(cause);
  }

  function retryLater(cause: unknown): void {
    const most = Math.min(longestMs, firstMs * 2 ** failures);
    failures += 1;
    const asked = cause instanceof ClientError ? (cause.retryAfter ?? 0) * 1000 : 0;
    cancelRetry();
    cancelRetry = after(asked + needs.random() * most, () => {
      connect().catch(() => undefined);
    });
  }

  async function connect(): Promise<void> {
    const again = isWanted;
    isWanted = true;
    if (link !== undefined) return;
    if (opening !== undefined) {
      await opening;
      return;
    }
    cancelRetry();
    opening = establish();
    try {
      await opening;
    } catch (cause) {
      // The first connection is the caller's to try again; later ones are tried until they are not wanted.
      if (again && isWanted) retryLater(cause);
      else isWanted = false;
      throw cause;
    } finally {
      opening = undefined;
    }
  }

  async function begin(on: Link, one: Subscription): Promise<void> {
    const { id, ready } = on.subscribe(one.name, one.params);
    one.id = id;
    await ready;
  }

  async function reopen(on: Link, one: Subscription): Promise<void> {
    try {
      await begin(on, one);
    } catch (cause) {
      // Where the connection broke, the next one opens it again.
      if (on === link && cause instanceof ClientError && subscriptions.delete(one)) one.ended(cause);
    }
  }

  function noSub(id: string, error: ClientError | undefined): void {
    for (const one of subscriptions) {
      if (one.id !== id) continue;
      subscriptions.delete(one);
      queueMicrotask(() => one.ended(error));
    }
  }

  function spread({ msg, collection, id, fields }: DocumentMessage): void {
    const { eventName } = fields;
    const args: readonly unknown[] = Array.isArray(fields['args']) ? fields['args'] : [];
    if (collection === ownEvents && eventName === `${session.get()?.userId}/${forceLogout}`) emit('forceLogout', {});
    for (const { name, params, hear } of subscriptions) {
      if (collection !== (collections[name] ?? name)) continue;
      const isStream = name.startsWith('stream-');
      // A stream tells by `changed` alone; one of an empty name carries events of many.
      if (isStream && (msg !== 'changed' || (params[0] !== '' && params[0] !== eventName))) continue;
      // Later, so that what a listener throws stops nothing here.
      queueMicrotask(() => hear({ type: msg, id, fields, args }));
    }
  }

  return {
    isConnected: () => link !== undefined,
    connect,
    disconnect() {
      isWanted = false;
      cancelRetry();
      link?.close(closed());
    },
    call: async (method, params) => await up().call(method, params),
    async signIn(form) {
      const on = up();
      const signed = sessionOf(await on.call('login', [form]), 'id', 'token');
      // Who signed out has no such stream any more.
      if (session.get() === undefined) watched = undefined;
      session.set(signed);
      watch(on);
      return signed;
    },
    async subscribe(name, params, hear, ended) {
      const on = up();
      const one: Subscription = { name, params, hear, ended, id: '' };
      subscriptions.add(one);
      try {
        await begin(on, one);
      } catch (cause) {
        subscriptions.delete(one);
        throw cause;
      }
      return () => {
        if (subscriptions.delete(one)) link?.unsubscribe(one.id);
      };
    },
  };
}

function closed(): ClientError {
  return new ClientError('closed', { message: 'The connection was closed on purpose.' });
}

/** Whether the server refuses the token itself, and does not only ask for patience. */
function isRefusal(cause: unknown): cause is ClientError {
  if (!(cause instanceof ClientError)) return false;
  // A block, a limit or a bug says nothing of the token.
  return !/^(?:connection-lost|closed|500|error-login-blocked.*|.*too-many-requests)$/u.test(cause.code);
}
