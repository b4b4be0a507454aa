import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type RunningServer, startServer } from '../server.ts';

export interface Credentials {
  readonly userId: string;
  readonly token: string;
}

export interface Person {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  /** As realtime clients send it: SHA-256 in hex. */
  readonly digest: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A started server and its administrator, who makes the people that clients sign in as. */
export interface Place {
  readonly server: RunningServer;
  readonly administrator: Credentials;
  get(path: string, as?: Credentials): Promise<Answer>;
  post(path: string, body: unknown, as?: Credentials, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  signIn(username: string, password: string): Promise<Credentials>;
  makePerson(): Promise<Person>;
  /** Whether the server still knows a token. */
  knows(credentials: Credentials): Promise<boolean>;
  /** Ends every session of somebody, as an administrator may. */
  logOut(person: Person): Promise<void>;
  close(): Promise<void>;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export async function openPlace(env: Readonly<Record<string, string>> = {}): Promise<Place> {
  const server = await startServer({ env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false', ...env } });
  let people = 0;

  const ask = async (path: string, request: RequestInit, as: Credentials | undefined): Promise<Answer> => {
    const headers = new Headers(request.headers);
    if (as !== undefined) {
      headers.set('x-auth-token', as.token);
      headers.set('x-user-id', as.userId);
    }
    const response = await fetch(`${server.url}/api/v1/${path}`, { ...request, headers });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  const get: Place['get'] = async (path, as) => await ask(path, {}, as);
  const post: Place['post'] = async (path, body, as, headers) => {
    const json = { 'content-type': 'application/json', ...headers };
    return await ask(path, { method: 'POST', headers: json, body: JSON.stringify(body) }, as);
  };
  const signIn: Place['signIn'] = async (user, password) => {
    const { status, body } = await post('login', { user, password });
    assert.equal(status, 200, JSON.stringify(body));
    const { userId, authToken } = body['data'] as { readonly userId: string; readonly authToken: string };
    return { userId, token: authToken };
  };
  const administrator = await signIn(server.administrator.username, server.administrator.password);

  return {
    server,
    administrator,
    get,
    post,
    signIn,
    async makePerson() {
      people += 1;
      const username = `person.${people}`;
      const email = `${username}@example.com`;
      const password = `the password of ${username}`;
      const given = { username, email, password, name: `Person ${people}`, verified: true };
      const { status, body } = await post('users.create', given, administrator);
      assert.equal(status, 200, JSON.stringify(body));
      const { _id: id } = body['user'] as { readonly _id: string };
      return { id, username, email, password, digest: sha256(password) };
    },
    knows: async (credentials) => (await get('me', credentials)).status === 200,
    async logOut({ id }) {
      const { status, body } = await post('users.logout', { userId: id }, administrator);
      assert.equal(status, 200, JSON.stringify(body));
    },
    close: async () => {
      await server.dispose();
    },
  };
}
