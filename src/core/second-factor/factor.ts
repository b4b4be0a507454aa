import type { Account } from '../account/account.ts';
import type { Caller, Moment } from '../ports.ts';

/** It answers; the gate counts, spends and refuses. `spends` names the one-time thing, undefined for none. */
export type Answer = { readonly held: false } | { readonly held: true; readonly spends: string | undefined };

/** A way to show a second time who one is. */
export interface Factor {
  /** The name clients know it by: `totp`, `email`, `password`. */
  readonly name: string;
  /** A fallback is taken only where the account has no other, and never at log-in. */
  readonly fallback: boolean;
  /** Whether this account can be asked for it. */
  enabledFor(account: Account): { readonly held: boolean };
  /** Sends the mail or makes the challenge; what it returns, clients read as details. */
  offer(account: Account, now: Moment): Promise<Readonly<Record<string, unknown>>>;
  check(account: Account, code: string, now: Moment, caller: Caller): Promise<Answer>;
}
