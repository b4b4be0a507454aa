import type { Claim } from '../account/account.ts';
import { Fault, type FaultCode } from '../fault.ts';
import type { Caller, Clock, Moment } from '../ports.ts';
import { type FailureLimit, nothingKept } from '../second-factor/store.ts';
import { addressKey, deviceKey } from './device.ts';
import { attemptsLeft, blockedFor, type Limit } from './rules.ts';
import type { Known, TokenStore } from './store.ts';
import type { Allowance, Turns } from './turns.ts';

export interface Limits {
  readonly account: Limit;
  readonly address: Limit;
  /** Addresses that are never blocked. */
  readonly exempt: readonly string[];
}

export interface AttemptNeeds {
  readonly clock: Clock;
  readonly tokens: Pick<TokenStore, 'known' | 'fail'>;
  readonly turns: Turns;
  readonly limits: () => Limits;
  /** Hears of each attempt that was refused, counted or not: for the operator's log and the metrics. */
  readonly onFailure: (failure: RefusedAttempt) => void;
}

export interface RefusedAttempt {
  readonly what: Attempted['what'];
  readonly caller: Caller;
  readonly claim: Claim | undefined;
  readonly code: FaultCode;
}

/** What is being tried, and by whom. */
export interface Attempted {
  /** Goes into the audit trail, for example `log-in`. */
  readonly what: 'log-in' | 'second-factor' | 'password.change';
  readonly caller: Caller;
  readonly claim: Claim | undefined;
}

/**
 * Refusals that are no guess at a secret, or that were made without looking at one. Nobody guesses a token: counting
 * those that have ended would block an office whose sessions all ended on the same day.
 */
const uncounted: ReadonlySet<FaultCode> = new Set([
  'factor-required',
  'token-unknown',
  'token-expired',
  'account-blocked',
  'address-blocked',
  'factor-attempts-spent',
  'factor-mail-undelivered',
  'busy',
  'form-not-recognised',
  'pending-log-in-unknown',
  'challenge-unknown',
  'log-in-code-unknown',
  'malformed',
  'unavailable',
]);

/** Refusals of a code. */
const wrongFactors: ReadonlySet<FaultCode> = new Set(['factor-wrong', 'factor-code-void', 'factor-code-wrong']);

/**
 * Runs one attempt to prove something, under the limits (design §3.2): they are judged before `act` may hash or ask a
 * directory, failures are counted under the account, the address and the device, and an attempt during a block counts
 * nothing. A device that signed in before is held to a count of its own, so that strangers cannot lock it out.
 * @param act does the proving with what is known; a `Fault` it throws is counted and thrown on
 * @throws Fault `address-blocked`, `account-blocked` (with `retryAfterMs`), `busy`, or what `act` throws
 */
export async function attempt<T>(
  needs: AttemptNeeds,
  attempted: Attempted,
  act: (known: Known) => Promise<T>,
): Promise<T> {
  try {
    const { known, leave } = await enter(needs, attempted);
    try {
      return await act(known);
    } catch (cause) {
      if (cause instanceof Fault && !uncounted.has(cause.code)) await count(needs, attempted, known, cause);
      throw cause;
    } finally {
      leave();
    }
  } catch (cause) {
    if (cause instanceof Fault) needs.onFailure({ ...attempted, code: cause.code });
    throw cause;
  }
}

async function enter(needs: AttemptNeeds, attempted: Attempted): Promise<{ known: Known; leave: () => void }> {
  let wokenFor: string | undefined;
  for (;;) {
    let judged: { known: Known; allowances: readonly Allowance[] };
    try {
      judged = await judge(needs, attempted);
    } catch (cause) {
      if (wokenFor !== undefined) needs.turns.wake(wokenFor);
      throw cause;
    }
    const turn = needs.turns.take(judged.allowances);
    if ('taken' in turn) return { known: judged.known, leave: turn.taken };
    if (wokenFor !== undefined && wokenFor !== turn.full) needs.turns.wake(wokenFor);
    await needs.turns.wait(turn.full);
    wokenFor = turn.full;
  }
}

async function judge(
  needs: AttemptNeeds,
  { caller, claim }: Attempted,
): Promise<{ known: Known; allowances: readonly Allowance[] }> {
  // Without a claim there is a token to look up: its proof asks for the blocks itself, once it knows whose it is.
  if (claim === undefined) return { known: nothing, allowances: [] };
  const now = needs.clock.now();
  const { account, address } = limitsFor(needs.limits(), caller);
  const known = await lookUp(needs, claim, caller);
  mustNotBeBlocked('address-blocked', address, known.failures.address, now);
  const own = known.deviceKnown ? known.failures.device : known.failures.account;
  mustNotBeBlocked('account-blocked', account, own, now);
  return {
    known,
    allowances: [
      { key: `account ${accountKey(known, claim)}`, left: attemptsLeft(account, own) },
      { key: `address ${addressKey(caller.address)}`, left: attemptsLeft(address, known.failures.address) },
    ],
  };
}

/** What is known of a claim now, in one read. */
export async function lookUp(
  needs: Pick<AttemptNeeds, 'clock' | 'tokens' | 'limits'>,
  claim: Claim,
  caller: Caller,
): Promise<Known> {
  const now = needs.clock.now();
  const { account, address } = limitsFor(needs.limits(), caller);
  return await needs.tokens.known({
    claim,
    addressKey: addressKey(caller.address),
    deviceKey: deviceKey(caller),
    accountSince: now - account.windowMs,
    addressSince: now - address.windowMs,
  });
}

const nothing: Known = {
  account: undefined,
  passwordHash: undefined,
  kept: nothingKept,
  failures: { account: [], address: [], device: [] },
  deviceKnown: false,
};

/** What a write that ends an attempt must still find: another node may have counted failures meanwhile. */
export function failureLimitOf(
  needs: Pick<AttemptNeeds, 'clock' | 'limits'>,
  known: Known,
  caller: Caller,
): FailureLimit | undefined {
  const { account } = needs.limits();
  if (!account.on) return undefined;
  return {
    failures: account.failures,
    since: needs.clock.now() - account.windowMs,
    deviceKnown: known.deviceKnown,
    deviceKey: deviceKey(caller),
  };
}

/** The limits that hold for this caller: exempt addresses are never blocked. */
export function limitsFor(limits: Limits, { address }: Caller): Pick<Limits, 'account' | 'address'> {
  const exempt = limits.exempt.includes(address) || limits.exempt.includes(addressKey(address));
  return { account: limits.account, address: exempt ? { ...limits.address, on: false } : limits.address };
}

/** @throws Fault of that code with `retryAfterMs` when the failures reach the limit */
export function mustNotBeBlocked(
  code: 'address-blocked' | 'account-blocked',
  limit: Limit,
  failures: readonly Moment[],
  now: Moment,
): void {
  const retryAfterMs = blockedFor(limit, failures, now);
  if (retryAfterMs !== undefined) throw new Fault(code, { retryAfterMs });
}

function accountKey(known: Known, claim: Claim): string {
  return known.account?.id ?? `${claim.by}:${claim.value}`;
}

async function count(needs: AttemptNeeds, attempted: Attempted, known: Known, { code, facts }: Fault): Promise<void> {
  const { caller, claim } = attempted;
  const at = needs.clock.now();
  await needs.tokens.fail({
    accountId: known.account?.id,
    claim,
    addressKey: addressKey(caller.address),
    deviceKey: deviceKey(caller),
    at,
    wrongFactor: wrongFactors.has(code) ? (facts['method'] === 'email' ? 'email' : 'other') : undefined,
    audit: {
      at,
      what: attempted.what,
      outcome: 'refused',
      accountId: known.account?.id,
      actorId: undefined,
      door: caller.door,
      address: caller.address,
      userAgent: caller.userAgent,
      facts: claim === undefined ? { code } : { code, [claim.by]: claim.value.slice(0, 128) },
    },
  });
}
