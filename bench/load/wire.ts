import { accountIdOf, password, passwordDigest, tokenTextOf, usernameOf } from '../measure/stores.ts';

/** `GET /api/v1/me` with the token of this number, as text. */
export function tokenCheck(accountId: string, token: string): string {
  return request('GET /api/v1/me', [`X-User-Id: ${accountId}`, `X-Auth-Token: ${token}`]);
}

/** The token check of an account of the fixture that owns the token of its own number. */
export function tokenCheckOf(n: number): string {
  return tokenCheck(accountIdOf(n), tokenTextOf(n));
}

/** A REST log-in with a password, from a device of its own. */
export function passwordLogIn(n: number): string {
  const body = JSON.stringify({ user: usernameOf(n), password });
  return request(
    'POST /api/v1/login',
    ['Content-Type: application/json', `Content-Length: ${body.length}`, `User-Agent: bench/${n}`],
    body,
  );
}

export function request(line: string, headers: readonly string[], body = ''): string {
  return `${[`${line} HTTP/1.1`, 'Host: 127.0.0.1', ...headers].join('\r\n')}\r\n\r\n${body}`;
}

/** The parameter of a realtime `login` that continues a session. */
export function resume(n: number): string {
  return JSON.stringify({ resume: tokenTextOf(n) });
}

/** The parameter of a realtime `login` with a password, as clients send it. */
export function realtimePassword(n: number): string {
  return JSON.stringify({
    user: { username: usernameOf(n) },
    password: { digest: passwordDigest, algorithm: 'sha-256' },
  });
}
