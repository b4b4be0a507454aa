import { ClientError, restError } from './error.ts';
import type { Query } from './get-endpoints.ts';
import type { SuppliedCode } from './second-factor.ts';
import type { Session } from './session.ts';

/** As much of `fetch` as the client uses. */
export type Fetch = (
  url: string,
  request: {
    readonly method: 'GET' | 'POST';
    readonly headers: Record<string, string>;
    readonly redirect: 'error';
    readonly body?: string;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

/** One REST call. */
export interface RestCall {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1/`. */
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly session?: Session | undefined;
  readonly supplied?: SuppliedCode | undefined;
}

/**
 * Makes one REST call.
 * @param base where the server is, ending in a slash
 * @throws ClientError what the server refused; `network` where there was no answer
 */
export async function callRest(fetch: Fetch, base: string, call: RestCall): Promise<unknown> {
  const { method, session, supplied } = call;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const asked = query.toString();
  const headers: Record<string, string> = {};
  if (method === 'POST') headers['Content-Type'] = 'application/json';
  if (session !== undefined) {
    headers['X-Auth-Token'] = session.token;
    headers['X-User-Id'] = session.userId;
  }
  if (supplied !== undefined) {
    // Headers carry plain characters only; any other is wrong in a code, and the server is to say so.
    headers['x-2fa-code'] = supplied.code.replace(/[^ -~]/gu, '?');
    headers['x-2fa-method'] = supplied.method;
  }
  let status: number;
  let retryAfter: string | null;
  let text: string;
  try {
    const response = await fetch(`${base}api/v1/${call.path}${asked === '' ? '' : `?${asked}`}`, {
      method,
      headers,
      // A redirect to elsewhere would take the token along.
      redirect: 'error',
      ...(method === 'POST' ? { body: JSON.stringify(call.body ?? {}) } : {}),
    });
    ({ status } = response);
    retryAfter = response.headers.get('Retry-After');
    text = await response.text();
  } catch (cause) {
    throw new ClientError('network', { message: 'The server did not answer.', cause });
  }
  const body = parsed(text);
  if (status < 200 || status > 299) throw restError(status, body, retryAfter);
  if (body === undefined) throw new ClientError('no-json', { status, message: 'The answer is not JSON.' });
  return body;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
