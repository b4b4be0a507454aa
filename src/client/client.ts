import type { GetAnswer, GetInput, PathOf, PostAnswer, PostInput } from './endpoints.ts';
import { ClientError, isFields } from './error.ts';
import type { GetEndpoints, Query } from './get-endpoints.ts';
import type { After, WebSocketClass } from './link.ts';
import type { PostEndpoints } from './post-endpoints.ts';
import { type ClientEvents, openRealtime, type SubscriptionEvent } from './realtime.ts';
import { callRest, type Fetch } from './rest.ts';
import { askingWith, type OnSecondFactor, type SuppliedCode, sha256Hex } from './second-factor.ts';
import { keepSession, type Session, type SessionStorage, sessionOf } from './session.ts';

/** What a client is made of. All but `url` may be left out. */
export interface ClientOptions {
  /** Where the server is, with its path prefix if it has one: `https://auth.example.com`. */
  readonly url: string;
  readonly fetch?: Fetch;
  /** Node.js before 22 has none of its own: give it the one of `ws`. */
  readonly WebSocket?: WebSocketClass;
  /** Is asked for a code when the server wants one. Without it such calls end with the server's error. */
  readonly onSecondFactor?: OnSecondFactor;
  /** Keeps the session over a reload; without it the session is in memory only. */
  readonly storage?: SessionStorage;
  /** Timers; default `setTimeout`. */
  readonly after?: After;
  /** At least 0 and below 1; default `Math.random`. */
  readonly random?: () => number;
}

/** How to show who one is. */
export type Proof = { readonly user: string; readonly password: string } | { readonly token: string };

/** One user's way to one server, over REST and realtime. */
export interface Client {
  /** Who is signed in. */
  readonly session: Session | undefined;
  readonly isConnected: boolean;
  /** @throws ClientError */
  get<P extends PathOf<GetEndpoints>>(path: P, ...input: GetInput<P>): Promise<GetAnswer<P>>;
  /** @throws ClientError */
  post<P extends PathOf<PostEndpoints>>(path: P, ...input: PostInput<P>): Promise<PostAnswer<P>>;
  /**
   * Signs in: over the connection if it is up, else over REST. `user` is a name or an e-mail address.
   * @throws ClientError
   */
  login(proof: Proof): Promise<Session>;
  /**
   * Ends the session, here at once and then on the server.
   * @throws ClientError where the server could not be told; the token then lives until it expires
   */
  logout(): Promise<void>;
  /**
   * Opens the connection, signed in if there is a session. Once it was up, it is opened again whenever it breaks.
   * @throws ClientError
   */
  connect(): Promise<void>;
  disconnect(): void;
  /**
   * Calls a realtime method. What is under way when the connection breaks fails with `connection-lost`, and may or may
   * not have happened.
   * @throws ClientError
   */
  call(method: string, ...params: readonly unknown[]): Promise<unknown>;
  /**
   * Subscribes to a publication or a stream, over all reconnections.
   * @param onEnd hears when the server ends it
   * @returns what stops it
   * @throws ClientError where it is refused
   */
  subscribe(
    name: string,
    params: readonly unknown[],
    onEvent: (event: SubscriptionEvent) => void,
    onEnd?: (error: ClientError | undefined) => void,
  ): Promise<() => void>;
  /** @returns what stops listening */
  on<Name extends keyof ClientEvents>(name: Name, act: (event: ClientEvents[Name]) => void): () => void;
}

type Listeners = { [Name in keyof ClientEvents]: Set<(event: ClientEvents[Name]) => void> };

/** Makes a client; it does nothing before it is told to. */
export function createClient(options: ClientOptions): Client {
  const base = options.url.replace(/\/*$/u, '/');
  const fetch: Fetch = options.fetch ?? (async (url, request) => await globalThis.fetch(url, request));
  const session = keepSession(options.storage);
  const asking = askingWith(options.onSecondFactor);
  const listeners: Listeners = {
    connected: new Set(),
    disconnected: new Set(),
    signedOut: new Set(),
    forceLogout: new Set(),
  };

  function emit<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void {
    // Later, so that what a listener throws stops nothing here.
    for (const act of listeners[name]) queueMicrotask(() => act(event));
  }

  const realtime = openRealtime({
    url: `${base.replace(/^http/u, 'ws')}websocket`,
    WebSocket: options.WebSocket ?? (globalThis.WebSocket as WebSocketClass | undefined),
    session,
    emit,
    after: options.after ?? after,
    random: options.random ?? Math.random,
  });

  async function rest(
    method: 'GET' | 'POST',
    path: string,
    input: { query?: Query | undefined; body?: unknown },
  ): Promise<unknown> {
    return await asking(
      async (supplied) => await callRest(fetch, base, { method, path, ...input, session: session.get(), supplied }),
    );
  }

  async function logInByRest(body: (supplied: SuppliedCode | undefined) => object): Promise<Session> {
    const signed = await asking(async (supplied) => {
      const answer = await callRest(fetch, base, {
        method: 'POST',
        path: 'login',
        body: body(supplied),
        ...(supplied?.code === '' ? { supplied } : {}),
      });
      return sessionOf(isFields(answer) ? answer['data'] : undefined, 'userId', 'authToken');
    });
    session.set(signed);
    // The connection came up meanwhile, as nobody.
    return realtime.isConnected() ? await realtime.signIn({ resume: signed.token }) : signed;
  }

  async function login(proof: Proof): Promise<Session> {
    if ('token' in proof) {
      const form = { resume: proof.token };
      return realtime.isConnected() ? await realtime.signIn(form) : await logInByRest(() => form);
    }
    const { user, password } = proof;
    const selector = user.includes('@') ? { email: user } : { username: user };
    if (realtime.isConnected()) {
      const form = { user: selector, password: { digest: await sha256Hex(password), algorithm: 'sha-256' } };
      return await asking(async (supplied) => await realtime.signIn(wrapped(form, supplied)));
    }
    return await logInByRest((supplied) =>
      supplied === undefined || supplied.code === '' || isPlain(supplied)
        ? { user, password, ...(supplied === undefined || supplied.code === '' ? {} : { code: supplied.code }) }
        : wrapped({ user: selector, password }, supplied),
    );
  }

  async function logout(): Promise<void> {
    const held = session.get();
    if (held === undefined) return;
    session.set(undefined);
    emit('signedOut', { error: undefined });
    if (realtime.isConnected()) {
      try {
        await realtime.call('logout', []);
        return;
      } catch {
        // REST may still reach the server.
      }
    }
    try {
      await callRest(fetch, base, { method: 'POST', path: 'logout', session: held });
    } catch (cause) {
      if (!(cause instanceof ClientError) || cause.status !== 401) throw cause;
    }
  }

  return {
    get session() {
      return session.get();
    },
    get isConnected() {
      return realtime.isConnected();
    },
    get: async <P extends PathOf<GetEndpoints>>(path: P, ...[query]: GetInput<P>) =>
      (await rest('GET', String(path), { query: query as Query | undefined })) as GetAnswer<P>,
    post: async <P extends PathOf<PostEndpoints>>(path: P, ...[body]: PostInput<P>) =>
      (await rest('POST', String(path), { body })) as PostAnswer<P>,
    login,
    logout,
    connect: realtime.connect,
    disconnect: realtime.disconnect,
    call: async (method, ...params) =>
      await asking(async (supplied) => await realtime.call(method, [...params, ...trailing(supplied)])),
    subscribe: async (name, params, onEvent, onEnd = () => {}) =>
      await realtime.subscribe(name, params, onEvent, onEnd),
    on(name, act) {
      listeners[name].add(act);
      return () => {
        listeners[name].delete(act);
      };
    },
  };
}

const after: After = (ms, act) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

/** Whether the server finds the method by itself at log-in. */
function isPlain({ method }: SuppliedCode): boolean {
  return method === 'totp' || method === 'email';
}

function wrapped(login: object, supplied: SuppliedCode | undefined): object {
  if (supplied === undefined) return login;
  return { totp: { login, code: supplied.code, ...(isPlain(supplied) ? {} : { method: supplied.method }) } };
}

function trailing(supplied: SuppliedCode | undefined): readonly object[] {
  return supplied === undefined ? [] : [{ twoFactorCode: supplied.code, twoFactorMethod: supplied.method }];
}
