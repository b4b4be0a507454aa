import type { App } from '../../app.ts';
import type { Account } from '../../core/account/account.ts';
import type { PageSigned } from '../../core/session/page-session.ts';
import { avatarUrl } from '../shapes/me.ts';

/** Which claims belong to which scope (OpenID Connect Core 1.0 §5.4); `roles` is ours. */
export const claimsOfScopes = {
  openid: ['sub', 'auth_time', 'acr', 'amr'],
  profile: ['name', 'preferred_username', 'picture', 'updated_at'],
  email: ['email', 'email_verified'],
  roles: ['roles'],
} as const;

/** What may be told of an account; the provider hands out what was agreed to. */
export function claimsOf(app: App, account: Account): { readonly sub: string; readonly [claim: string]: unknown } {
  const [email] = account.emails;
  const { username, name } = account;
  const picture = avatarUrl(app.settings.get('Site_Url').replace(/\/+$/u, ''), username);
  return {
    sub: account.id,
    ...(name === undefined ? {} : { name }),
    ...(username === undefined ? {} : { preferred_username: username }),
    ...(picture === undefined ? {} : { picture }),
    updated_at: Math.floor(account.updatedAt / 1000),
    ...(email === undefined ? {} : { email: email.address, email_verified: email.verified }),
    roles: account.roles,
  };
}

/** How somebody showed who they are, as applications are told. */
export interface Authentication {
  /** Seconds since 1970. */
  readonly loginTs: number;
  /** `1` for one factor, `2` for two, or for a passkey, which is two in one. */
  readonly acr: '1' | '2';
  /** RFC 8176; empty where another service did the asking and did not say. */
  readonly amr: readonly string[];
}

const passwordKinds: ReadonlySet<string> = new Set(['password', 'ldap']);

/** @param page the session of the browser that is signed in */
export function authenticationOf({ kind, provedAt, signed }: PageSigned): Authentication {
  const { factor } = signed.token;
  const byPassword = passwordKinds.has(kind) ? ['pwd'] : [];
  const byFactor = factor === undefined ? [] : [factor === 'passkey' ? 'hwk' : 'otp', 'mfa'];
  return {
    loginTs: Math.floor(provedAt / 1000),
    acr: factor === undefined ? '1' : '2',
    amr: [...byPassword, ...byFactor],
  };
}

/** Every value of `acr` that may stand in a token. */
export const acrValues = ['1', '2'] as const;
