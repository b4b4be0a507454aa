import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../../app.ts';
import { Fault, type FaultCode } from '../../core/fault.ts';
import type { SuppliedFactor } from '../../core/second-factor/gate.ts';
import type { Signed } from '../../core/session/token.ts';
import type { Endpoint } from './endpoint.ts';

const longestHeader = 512;
const longestMethod = 32;
/** What a passkey signed is some 1,500 characters long. */
const longestCode = 8_192;

/**
 * Who calls, from the two headers alone: no cookie, and no token in the address.
 * @returns undefined where the endpoint may be called without a token and none that holds was shown
 * @param address where the caller is
 * @throws Fault `not-signed-in`, `factor-enrolment-required`, `password-change-required`, `beyond-scope`,
 *   `username-missing`
 */
export async function authenticated(
  app: App,
  endpoint: Endpoint,
  headers: IncomingHttpHeaders,
  query: unknown,
  address: string,
): Promise<Signed | undefined> {
  if (endpoint.auth === 'none') return undefined;
  // A bearer token in the address is refused in every form, so that none ends up in a log (attacks A17, A18).
  if (namesAccessToken(query)) throw new Fault('not-signed-in');
  const accountId = header(headers, 'x-user-id', longestHeader);
  const token = header(headers, 'x-auth-token', longestHeader);
  const mayBeNobody = endpoint.auth === 'optional';
  if (accountId === undefined || token === undefined) {
    if (mayBeNobody) return undefined;
    throw new Fault('not-signed-in');
  }
  try {
    const signed = await app.session.authenticate(accountId, token, {
      enrol: endpoint.enrolment === true,
      passwordChange: endpoint.passwordChange === true,
      scoped: isOpenToScoped(endpoint),
      address,
    });
    if (signed.account.username === undefined && endpoint.withoutUsername !== true) throw new Fault('username-missing');
    return signed;
  } catch (cause) {
    if (mayBeNobody && cause instanceof Fault && isNobodys.has(cause.code)) return undefined;
    throw cause;
  }
}

/** Whoever shows such a token is told as much as whoever shows none. */
export const isNobodys: ReadonlySet<FaultCode> = new Set([
  'not-signed-in',
  'factor-enrolment-required',
  'password-change-required',
  'beyond-scope',
]);

/** Whether personal tokens with scopes are let in: what asks for no permission is closed to them unless it says so. */
export function isOpenToScoped({ scoped, permission }: Pick<Endpoint, 'scoped' | 'permission'>): boolean {
  return scoped ?? permission !== undefined;
}

/** @throws Fault `permission-missing` */
export function mustBePermitted(app: App, { permission }: Endpoint, signed: Signed | undefined): void {
  if (permission === undefined) return;
  const held = (id: Parameters<typeof app.permissions.held>[1]): boolean =>
    signed !== undefined && app.permissions.held(signed, id).held;
  const allowed = 'all' in permission ? permission.all.every(held) : permission.any.some(held);
  if (!allowed) throw new Fault('permission-missing');
}

/** The second factor that came beside a call. */
export function suppliedFactor(headers: IncomingHttpHeaders): SuppliedFactor {
  return { code: header(headers, 'x-2fa-code', longestCode), method: header(headers, 'x-2fa-method', longestMethod) };
}

/** The text of the token that was shown; `''` without one. */
export function shownToken(headers: IncomingHttpHeaders): string {
  return header(headers, 'x-auth-token', longestHeader) ?? '';
}

/** The value of a header as it was sent; undefined for none, and for one that is longer than any of ours. */
export function header(headers: IncomingHttpHeaders, name: string, longest: number): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;
}

function namesAccessToken(query: unknown): boolean {
  if (typeof query !== 'object' || query === null) return false;
  for (const name of Object.keys(query)) if (/^access_token(?:$|[[.])/.test(name)) return true;
  return false;
}
