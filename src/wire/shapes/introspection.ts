import type { Signed } from '../../core/session/token.ts';

/** What a service is told of a token that it was shown (RFC 7662 §2.2), with the claims of OpenID Connect beside it. */
export interface Introspection {
  readonly active: boolean;
  readonly sub?: string;
  readonly username?: string;
  readonly name?: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly roles?: readonly string[];
  /** The permissions of a token that carries some only, separated by blanks; missing for all of its owner's. */
  readonly scope?: string;
  /** `session`, `personal`, or `Bearer` (RFC 6749 §5.1) for an access token of an application. */
  readonly token_type?: string;
  /** The application that an access token was given to. */
  readonly client_id?: string;
  readonly iss?: string;
  /** Seconds since 1970. */
  readonly iat?: number;
  readonly exp?: number;
  /** How the person was proved at the sign-in, where a second factor was (RFC 8176). */
  readonly amr?: readonly string[];
}

/**
 * @param signed undefined for a token that is good for nothing: then no reason is told
 * @param clientId of the application that the token was given to, where it was
 */
export function introspection(signed: Signed | undefined, issuer: string, clientId?: string): Introspection {
  if (signed === undefined) return { active: false };
  const { account, token } = signed;
  const [email] = account.emails;
  return {
    active: true,
    sub: account.id,
    ...(account.username === undefined ? {} : { username: account.username }),
    ...(account.name === undefined ? {} : { name: account.name }),
    ...(email === undefined ? {} : { email: email.address, email_verified: email.verified }),
    roles: account.roles,
    ...(token.scopes === undefined ? {} : { scope: token.scopes.join(' ') }),
    token_type: typeOf(token),
    ...(clientId === undefined ? {} : { client_id: clientId }),
    iss: issuer,
    iat: Math.floor(token.createdAt / 1000),
    ...(token.endsAt === undefined ? {} : { exp: Math.floor(token.endsAt / 1000) }),
    ...(token.factor === undefined ? {} : { amr: ['mfa', amrOf(token.factor)] }),
  };
}

function typeOf({ pool }: Signed['token']): string {
  if (pool === 'application') return 'Bearer';
  return pool === 'personal' ? 'personal' : 'session';
}

/** The method by its registered name, where it has one. */
function amrOf(factor: string): string {
  if (factor === 'totp' || factor === 'email') return 'otp';
  return factor === 'passkey' ? 'hwk' : 'pwd';
}
