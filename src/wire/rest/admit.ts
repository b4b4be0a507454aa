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
 * Who calls: by the two headers, and where they are not both there, by the access token of an application (rest.md §3.1,
 * §3.2). No cookie is read, and no other token in the address.
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
  const mayBeNobody = endpoint.auth === 'optional';
  const shown = shownBy(headers, query);
  if (shown === undefined) {
    if (mayBeNobody) return undefined;
    throw new Fault('not-signed-in');
  }
  const to = {
    enrol: endpoint.enrolment === true,
    passwordChange: endpoint.passwordChange === true,
    scoped: isOpenToScoped(endpoint),
    applications: isOpenToApplications(endpoint),
    address,
    pages: true,
  } as const;
  try {
    const signed =
      'access' in shown
        ? await app.application.authenticate(shown.access, to)
        : await app.session.authenticate(shown.accountId, shown.token, to);
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

/** Whether access tokens of applications are let in. */
export function isOpenToApplications(endpoint: Pick<Endpoint, 'scoped' | 'permission' | 'applications'>): boolean {
  return endpoint.applications ?? isOpenToScoped(endpoint);
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

type Shown = { readonly accountId: string; readonly token: string } | { readonly access: string };

/** @throws Fault `not-signed-in` for an `access_token` in the address that is no single text, or comes beside another way */
function shownBy(headers: IncomingHttpHeaders, query: unknown): Shown | undefined {
  const inAddress = accessTokenIn(query);
  const bearer = bearerOf(headers);
  const accountId = header(headers, 'x-user-id', longestHeader);
  const token = header(headers, 'x-auth-token', longestHeader);
  if (accountId !== undefined && token !== undefined) {
    if (inAddress !== undefined) throw new Fault('not-signed-in');
    return { accountId, token };
  }
  // Whoever sends two does not know which one counts (RFC 6750 §2).
  if (inAddress !== undefined && bearer !== undefined) throw new Fault('not-signed-in');
  const access = inAddress ?? bearer;
  return access === undefined ? undefined : { access };
}

/**
 * The access token of an application in the address: nothing but a single text counts, and nothing else that begins with
 * the name (attacks A17, A18).
 */
function accessTokenIn(query: unknown): string | undefined {
  if (typeof query !== 'object' || query === null) return undefined;
  let found: string | undefined;
  for (const [name, value] of Object.entries(query)) {
    if (!/^access_token(?:$|[[.])/.test(name)) continue;
    if (name !== 'access_token' || typeof value !== 'string') throw new Fault('not-signed-in');
    found = value;
  }
  return found;
}

/** What stands behind `Bearer` (RFC 6750 §2.1). */
export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined || authorization.length > longestHeader) return undefined;
  return /^bearer +([\w.~+/=-]+) *$/iu.exec(authorization)?.[1];
}
