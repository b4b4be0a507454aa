import type { Account } from '../account/account.ts';
import { Fault } from '../fault.ts';
import type { Moment } from '../ports.ts';

/** How many failures block, and for how long each of them counts. */
export interface Limit {
  readonly on: boolean;
  readonly failures: number;
  readonly windowMs: number;
}

/** When a limit is reached: how long until one failure fewer counts. Undefined: not reached. */
export function blockedFor(limit: Limit, failures: readonly Moment[], now: Moment): number | undefined {
  if (!limit.on || limit.failures <= 0) return undefined;
  const oldestThatMatters = failures[limit.failures - 1];
  if (oldestThatMatters === undefined) return undefined;
  // A clock that was set back must not lock for longer than the window.
  return Math.min(limit.windowMs, Math.max(1, oldestThatMatters + limit.windowMs - now));
}

/** How many attempts may still fail before the limit is reached; at least one for whoever is not blocked. */
export function attemptsLeft(limit: Limit, failures: readonly Moment[]): number {
  return limit.on && limit.failures > 0 ? Math.max(1, limit.failures - failures.length) : Number.POSITIVE_INFINITY;
}

/**
 * How many failures a known device may have while its address is blocked, over all accounts: as many as an account may,
 * and never more than an address.
 */
export function passLimit({ account, address }: { readonly account: Limit; readonly address: Limit }): Limit {
  const failures = account.failures > 0 ? Math.min(account.failures, address.failures) : address.failures;
  return { ...address, failures };
}

/** What an account must be before a proof counts, in the order in which clients are told (rest.md §7.3). */
export function mustBeAdmitted(
  account: Account,
  proof: { readonly byPassword: boolean },
  policy: {
    readonly emailMustBeVerified: boolean;
    readonly administratorRole: string;
    /** How long a password that must be changed still signs in; 0 for as long as it takes. */
    readonly temporaryPasswordMs: number;
    readonly now: Moment;
  },
): void {
  if (account.kind === 'app') throw new Fault('account-is-app');
  if (!account.open) throw new Fault('account-closed');
  if (account.roles.length === 0) throw new Fault('account-without-roles');
  const mustVerify =
    policy.emailMustBeVerified && proof.byPassword && !account.roles.includes(policy.administratorRole);
  if (mustVerify && !account.emails.some((email) => email.verified)) throw new Fault('email-not-verified');
  const { temporaryPasswordMs, now } = policy;
  const since = account.passwordChange?.since;
  if (!proof.byPassword || since === undefined || temporaryPasswordMs === 0) return;
  if (now - since >= temporaryPasswordMs) throw new Fault('temporary-password-over');
}

const dayMs = 86_400_000;

/** The life of a session: the setting in days, where anything that is not a positive number means 90 (realtime.md §10.3). */
export function sessionLifeMs(days: number): number {
  return (Number.isFinite(days) && days > 0 ? days : 90) * dayMs;
}

/** True for a token whose time is over; tokens without an end have none. */
export function hasEnded(token: { readonly endsAt: Moment | undefined }, now: Moment): boolean {
  return token.endsAt !== undefined && token.endsAt <= now;
}
