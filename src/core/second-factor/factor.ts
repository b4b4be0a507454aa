import type { Account } from '../account/account.ts';
import type { Fault } from '../fault.ts';
import type { Caller, Moment } from '../ports.ts';
import type { KeptFactors, Spending } from './store.ts';

/** It answers; the gate counts, spends and refuses. `spends` names the one-time thing, undefined for none. */
export type Answer =
  /** `because` where the client should be told more than that the code is wrong. */
  | { readonly held: false; readonly because?: Extract<Fault['code'], 'factor-code-void'> }
  | { readonly held: true; readonly spends: Spending | undefined };

/** Who is asked, and when. */
export interface Asked {
  readonly account: Account;
  readonly kept: KeptFactors;
  readonly caller: Caller;
  readonly now: Moment;
  readonly occasion: 'log-in' | 'call';
}

/** A way to show a second time who one is. */
export interface Factor {
  /** The name clients know it by: `totp`, `email`, `password`, `passkey`. */
  readonly name: string;
  /** A fallback is taken only where the account has no other, and never at log-in. */
  readonly fallback: boolean;
  /** Whether this account can be asked for it. */
  enabledFor(account: Account): { readonly held: boolean };
  /** Sends the mail or makes the challenge; what it returns, clients read as details. */
  offer(asked: Asked): Promise<Readonly<Record<string, unknown>>>;
  /** @param code not empty, as the client sent it */
  check(asked: Asked, code: string): Promise<Answer>;
}
