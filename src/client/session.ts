import { ClientError, isFields } from './error.ts';

/** Who is signed in, and the token that shows it. */
export interface Session {
  readonly userId: string;
  readonly token: string;
}

/** Where a session outlives the page: `localStorage` and `sessionStorage` fit. */
export interface SessionStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const key = 'countersign.session';

/** The one session of a client. */
export interface KeptSession {
  get(): Session | undefined;
  set(session: Session | undefined): void;
}

/** Keeps the session in memory, and in a storage where one is given. */
export function keepSession(storage: SessionStorage | undefined): KeptSession {
  let held = read(storage?.getItem(key));
  return {
    get: () => held,
    set(session) {
      held = session;
      if (session === undefined) storage?.removeItem(key);
      else storage?.setItem(key, JSON.stringify(session));
    },
  };
}

function read(text: string | null | undefined): Session | undefined {
  try {
    return sessionOf(JSON.parse(text ?? 'null'), 'userId', 'token');
  } catch {
    return undefined;
  }
}

/**
 * The session in an answer of the server.
 * @throws ClientError `no-session`
 */
export function sessionOf(given: unknown, idKey: string, tokenKey: string): Session {
  const { [idKey]: userId, [tokenKey]: token } = isFields(given) ? given : {};
  if (typeof userId !== 'string' || typeof token !== 'string' || userId === '' || token === '') {
    throw new ClientError('no-session', { message: 'The answer holds no session.' });
  }
  return { userId, token };
}
