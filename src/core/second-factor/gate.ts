import type { Account } from '../account/account.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Moment } from '../ports.ts';
import { clientFingerprint } from './client.ts';
import type { Factor } from './factor.ts';

/** What a client sent beside its call. */
export interface SuppliedFactor {
  readonly code: string | undefined;
  /** The name of the factor the code belongs to; only names of enabled factors that are no fallback are heard. */
  readonly method: string | undefined;
}

/** How a gated call asks (rest.md §6.4). */
export interface GateOptions {
  /** False where a client is asked each time, however lately it held a factor. */
  readonly remember: boolean;
  /** True where nothing exempts, not even a personal token that skips second factors. */
  readonly always: boolean;
}

export interface GateNeeds {
  readonly clock: Clock;
  readonly factors: readonly Factor[];
  readonly policy: () => {
    readonly on: boolean;
    readonly rememberMs: number;
    readonly fallback: boolean;
  };
  /** Runs a check under the limits of failed sign-ins; what it throws is counted. */
  readonly attempt: (account: Account, caller: Caller, act: () => Promise<void>) => Promise<void>;
  readonly trust: (tokenHash: string, trust: { readonly client: string; readonly until: Moment }) => Promise<void>;
}

/** What the gate must know of the caller's token. */
export interface GatedToken {
  readonly hash: string;
  readonly skipsSecondFactor: boolean;
  readonly trust: { readonly client: string; readonly until: Moment } | undefined;
}

/**
 * Lets a sensitive call through only with a second factor, or where one is not due (rest.md §6.1).
 * @throws Fault `factor-required`, `factor-wrong` (facts: `method`, `availableMethods`, and what the factor offers),
 *   `factor-attempts-spent` while the account is blocked
 */
export async function mustHoldFactor(
  needs: GateNeeds,
  signed: { readonly account: Account; readonly token: GatedToken },
  caller: Caller,
  supplied: SuppliedFactor,
  options: GateOptions,
): Promise<void> {
  const policy = needs.policy();
  if (!policy.on) return;
  const { account, token } = signed;
  const own = needs.factors.filter((factor) => !factor.fallback && factor.enabledFor(account).held);
  if (!options.always && isExempt(needs, signed, caller, options, own.length > 0).held) return;
  const named = own.find((factor) => factor.name === supplied.method);
  const fallback = options.always || policy.fallback ? needs.factors.find((factor) => factor.fallback) : undefined;
  const chosen = named ?? own[0] ?? (fallback?.enabledFor(account).held === true ? fallback : undefined);
  if (chosen === undefined) {
    if (options.always) throw new Fault('factor-required', { method: 'password', availableMethods: [] });
    return;
  }
  await checkCode(needs, { account, caller, code: supplied.code, factor: chosen, own });
  if (!options.remember || options.always || policy.rememberMs <= 0) return;
  await needs.trust(token.hash, { client: clientFingerprint(caller), until: needs.clock.now() + policy.rememberMs });
}

/**
 * The same at log-in: no fallback, nothing remembered (rest.md §6.5).
 * @throws Fault `factor-required`, `factor-wrong`
 */
export async function mustHoldFactorAtLogIn(
  needs: Pick<GateNeeds, 'clock' | 'factors' | 'policy'>,
  account: Account,
  code: string | undefined,
  caller: Caller,
): Promise<void> {
  if (!needs.policy().on) return;
  const own = needs.factors.filter((factor) => !factor.fallback && factor.enabledFor(account).held);
  const factor = own[0];
  if (factor === undefined) return;
  // The log-in is one attempt already: its pipeline counts what is thrown here.
  const attempt: GateNeeds['attempt'] = async (_account, _caller, act) => {
    await act();
  };
  await checkCode({ ...needs, attempt }, { account, caller, code, factor, own });
}

function isExempt(
  needs: Pick<GateNeeds, 'clock' | 'policy'>,
  { account, token }: { readonly account: Account; readonly token: GatedToken },
  caller: Caller,
  options: GateOptions,
  hasOwnFactor: boolean,
): { readonly held: boolean } {
  if (token.skipsSecondFactor) return { held: true };
  const { rememberMs } = needs.policy();
  const now = needs.clock.now();
  const age = now - account.createdAt;
  if (!hasOwnFactor && age >= 0 && age < rememberMs) return { held: true };
  if (!options.remember || rememberMs <= 0) return { held: false };
  const { trust } = token;
  return { held: trust !== undefined && trust.until > now && trust.client === clientFingerprint(caller) };
}

async function checkCode(
  needs: Pick<GateNeeds, 'clock' | 'attempt'>,
  asked: {
    readonly account: Account;
    readonly caller: Caller;
    readonly code: string | undefined;
    readonly factor: Factor;
    readonly own: readonly Factor[];
  },
): Promise<void> {
  const { account, caller, code, factor } = asked;
  const facts = {
    method: factor.name,
    ...(await factor.offer(account, needs.clock.now())),
    availableMethods: asked.own.map((one) => one.name),
  };
  if (code === undefined || code === '') throw new Fault('factor-required', facts);
  await needs.attempt(account, caller, async () => {
    const answer = await factor.check(account, code, needs.clock.now(), caller);
    if (!answer.held) throw new Fault('factor-wrong', facts);
  });
}
