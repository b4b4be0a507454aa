import { sha256Base64 } from '../../lib/digest.ts';
import { Fault } from '../fault.ts';
import type { Clock } from '../ports.ts';
import { mustBeFull, type OpenTo, restrictionOf } from '../session/restricted.ts';
import type { Signed, Token } from '../session/token.ts';
import type { Access, GrantStore } from './store.ts';

export interface AccessNeeds {
  readonly clock: Clock;
  readonly grants: Pick<GrantStore, 'access'>;
  /** Counts what was checked, for the metrics. */
  readonly checks: { held: number; refused: number };
}

/**
 * Whom an application speaks for with an access token (RFC 6750). What comes back acts with the rights of the account,
 * and is no session: it stands in no pool, and nothing that manages how somebody signs in is open to it.
 * @throws Fault `not-signed-in`, the same whatever was wrong; and those of `mustBeFull`
 */
export async function authenticateAccess(needs: AccessNeeds, text: string, to: OpenTo): Promise<Signed> {
  const access = await goodAccess(needs, text);
  if (access === undefined) throw new Fault('not-signed-in');
  const signed = { account: access.account, token: tokenOf(access) };
  mustBeFull(signed, to);
  return signed;
}

/** What another service is told of the access token of an application. */
export interface ShownAccess {
  /** For whom it speaks, and until when. */
  readonly signed: Signed;
  /** The application that it was given to. */
  readonly clientId: string;
}

/**
 * Looks at an access token for another service (RFC 7662 §2): it is judged as if it were shown here.
 * @param shown.accountId whose it was said to be; undefined where nobody said
 * @returns undefined for a token that is not good, whatever the reason
 */
export async function introspectAccess(
  needs: AccessNeeds,
  shown: { readonly token: string; readonly accountId: string | undefined },
): Promise<ShownAccess | undefined> {
  const access = await goodAccess(needs, shown.token);
  if (access === undefined || (shown.accountId ?? access.account.id) !== access.account.id) return undefined;
  const signed = { account: access.account, token: tokenOf(access) };
  const isRestricted = restrictionOf(signed, { scoped: true, applications: true }) !== undefined;
  return isRestricted ? undefined : { signed, clientId: access.application.clientId };
}

async function goodAccess(needs: AccessNeeds, text: string): Promise<Access | undefined> {
  const access = /^[\da-f]{64}$/u.test(text) ? await needs.grants.access(sha256Base64(text)) : undefined;
  const now = needs.clock.now();
  const isGood =
    access !== undefined && access.pair.accessEndsAt > now && access.application.active && access.account.open;
  needs.checks[isGood ? 'held' : 'refused'] += 1;
  return isGood ? access : undefined;
}

/** The token as use-cases know tokens. No row of the pools has its hash, so that nothing can be made on its word. */
function tokenOf({ pair, family, permissions, application, account }: Access): Token {
  return {
    hash: pair.accessHash,
    id: family,
    accountId: account.id,
    pool: 'application',
    name: application.name,
    lastPart: '',
    skipsSecondFactor: false,
    enrolsOnly: false,
    createdAt: pair.createdAt,
    endsAt: pair.accessEndsAt,
    usedAt: pair.createdAt,
    trust: undefined,
    door: 'rest',
    address: '',
    userAgent: '',
    factor: undefined,
    scopes: within(permissions, application.options.permissions),
    addresses: undefined,
  };
}

/** What somebody agreed to, as far as the application may still have it. */
function within(
  agreed: readonly string[] | undefined,
  now: readonly string[] | undefined,
): readonly string[] | undefined {
  if (agreed === undefined) return now;
  return now === undefined ? agreed : agreed.filter((one) => now.includes(one));
}
