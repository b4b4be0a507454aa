import { sha256Base64 } from '../../lib/digest.ts';
import { Fault } from '../fault.ts';
import type { Clock } from '../ports.ts';
import { mustBeFull, type OpenTo } from '../session/restricted.ts';
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
  const access = /^[\da-f]{64}$/u.test(text) ? await needs.grants.access(sha256Base64(text)) : undefined;
  const now = needs.clock.now();
  const isGood =
    access !== undefined && access.pair.accessEndsAt > now && access.application.active && access.account.open;
  if (!isGood) {
    needs.checks.refused += 1;
    throw new Fault('not-signed-in');
  }
  needs.checks.held += 1;
  const signed = { account: access.account, token: tokenOf(access) };
  mustBeFull(signed, to);
  return signed;
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
