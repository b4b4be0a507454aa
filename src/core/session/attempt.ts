import type { Claim } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditEntry } from '../audit-entry.ts';
import { Fault, type FaultCode } from '../fault.ts';
import type { Caller, Clock, Moment } from '../ports.ts';
import { type FailureLimit, nothingKept } from '../second-factor/store.ts';
import type { AddressList } from '../setting/address-list.ts';
import { addressKey, deviceKey } from './device.ts';
import { attemptsLeft, blockedFor, type Limit, passLimit } from './rules.ts';
import type { Known, TokenStore } from './store.ts';
import type { Allowance, Turns } from './turns.ts';

export interface Limits {
  readonly account: Limit;
  readonly address: Limit;
  /** How many wrong codes of second factors in a row lock an account, over whatever time, until somebody unblocks it. */
  readonly codes: Omit<Limit, 'windowMs'>;
  /** Addresses that are never blocked. */
  readonly exempt: AddressList;
}

export interface AttemptNeeds {
  readonly clock: Clock;
  readonly tokens: Pick<TokenStore, 'known' | 'fail' | 'passFailures'>;
  readonly turns: Turns;
  readonly limits: () => Limits;
  /** Hears of each attempt that was refused, counted or not: for the operator's log and the metrics. */
  readonly onFailure: (failure: RefusedAttempt) => void;
  /** Hears of a failure that may have blocked somebody; whom, is found out without the caller waiting for it. */
  readonly onCounted?: (counted: CountedFailure) => void;
  /** Hears of each refusal that is not counted, where something was asked for all the same: for the audit trail. */
  readonly onUncounted?: (refused: AuditEntry) => void;
}

/** A failure that was counted. */
export interface CountedFailure {
  readonly caller: Caller;
  readonly claim: Claim | undefined;
}

export interface RefusedAttempt {
  readonly what: Attempted['what'];
  readonly caller: Caller;
  readonly claim: Claim | undefined;
  readonly code: FaultCode;
  /** Whether somebody may have been guessing: it was counted, or came while such guesses were blocked. */
  readonly guess: boolean;
}

/** What is being tried, and by whom. */
export interface Attempted {
  /** Goes into the audit trail, for example `log-in`. */
  readonly what: 'log-in' | 'second-factor' | 'password.change' | 'account.edit' | 'account.remove' | 'directory.test';
  readonly caller: Caller;
  readonly claim: Claim | undefined;
  /** Who tries it in the name of somebody else, where that is so. */
  readonly actorId?: string;
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
  // The provider has spoken, or has not; there is nothing here to guess at.
  'provider-off',
  'provider-refused',
  'provider-unreachable',
  'identity-address-taken',
  'identity-username-taken',
  'identity-taken',
  'external-registration-closed',
  'sign-in-not-fresh',
  'challenge-unknown',
  'log-in-code-unknown',
  'malformed',
  // These are told without a look at the old password, or only to whoever has shown the right one.
  'profile-change-refused',
  'password-unacceptable',
  'password-same-as-current',
  'password-in-history',
  'temporary-password-over',
  'unavailable',
]);

/** Refusals of a form that asked for nothing, and of a server that could not have written them down. */
const untold: ReadonlySet<FaultCode> = new Set(['form-not-recognised', 'malformed', 'busy', 'unavailable']);

/** Refusals of an attempt that came too late: what it brought was not looked at. */
const blocks: ReadonlySet<FaultCode> = new Set(['account-blocked', 'address-blocked', 'factor-attempts-spent']);

/** Refusals of a code. */
const wrongFactors: ReadonlySet<FaultCode> = new Set(['factor-wrong', 'factor-code-void', 'factor-code-wrong']);

/** Takes an attempt on to the account that it has turned out to be about. */
export interface Ways {
  /** Counts the failure, if it comes to one, under this account. */
  readonly blame: (accountId: string) => void;
  /**
   * The same, and from here on the attempt runs under the limits of this account as if its claim had named it: it takes
   * its turn there and is judged by what is known of the account from this device.
   * @returns what is known of it now
   * @throws Fault `address-blocked`, `account-blocked`, `busy`
   */
  readonly comeUpon: (accountId: string) => Promise<Known>;
  /**
   * What the attempt turns out to be about as well: it takes its turn there on top of the one that it has, is judged by the
   * failures of both, and counts under both. Whoever holds a turn taken this way must wait for no other but by `comeUpon`.
   * @param claim may name somebody whom no account is: then the failures of that name count
   * @throws Fault `account-blocked`, `busy`; nothing counts under this claim then
   */
  readonly beside: (claim: Claim) => Promise<void>;
}

/**
 * Runs one attempt to prove something, under the limits (design §3.2): they are judged before `act` may hash or ask a
 * directory, failures are counted under the account, the address and the device, and an attempt during a block counts
 * nothing. A device that signed in before is held to a count of its own, so that strangers cannot lock it out.
 * @param act does the proving with what is known; a `Fault` it throws is counted and thrown on, under the account that it
 *   has come upon or blamed, where that is another one than the claim names
 * @throws Fault `address-blocked`, `account-blocked` (with `retryAfterMs`), `busy`, or what `act` throws
 */
export async function attempt<T>(
  needs: AttemptNeeds,
  attempted: Attempted,
  act: (known: Known, ways: Ways) => Promise<T>,
): Promise<T> {
  let accountId: string | undefined;
  try {
    let entered = await enter(needs, attempted);
    let judgedAs = attempted;
    accountId = entered.known.account?.id;
    const besides: Beside[] = [];
    const leave = (): void => {
      entered.leave();
      for (const one of besides) one.leave();
    };
    const ways: Ways = {
      blame: (blamed) => {
        accountId = blamed;
      },
      comeUpon: async (found) => {
        accountId = found;
        if (entered.known.account?.id === found) return entered.known;
        // Whoever waits for one turn while holding another could wait for ever.
        leave();
        judgedAs = { ...attempted, claim: { by: 'id', value: found } };
        entered = await enter(needs, judgedAs);
        return entered.known;
      },
      beside: async (claim) => {
        if (besides.some((one) => one.claim.value === claim.value)) return;
        besides.push({ claim, ...(await enter(needs, { ...attempted, claim }, judgeBeside)) });
      },
    };
    try {
      return await act(entered.known, ways);
    } catch (cause) {
      if (cause instanceof Fault && !uncounted.has(cause.code)) {
        const { known, passed } = entered;
        await count(needs, attempted, { accountId, known, passed, judgedAs, besides }, cause);
      }
      throw cause;
    } finally {
      leave();
    }
  } catch (cause) {
    if (cause instanceof Fault) {
      const { code } = cause;
      if (uncounted.has(code) && !untold.has(code)) {
        needs.onUncounted?.(entryOf(attempted, { at: needs.clock.now(), accountId, code }));
      }
      needs.onFailure({ ...attempted, code, guess: blocks.has(code) || !uncounted.has(code) });
    }
    throw cause;
  }
}

interface Judged {
  readonly known: Known;
  /** True where the address is blocked, and the device is one that its block does not keep out. */
  readonly passed?: true;
  readonly allowances: readonly Allowance[];
}

interface Beside {
  readonly claim: Claim;
  readonly known: Known;
  readonly leave: () => void;
}

async function enter(
  needs: AttemptNeeds,
  attempted: Attempted,
  judgeIt: (needs: AttemptNeeds, attempted: Attempted) => Promise<Judged> = judge,
): Promise<{ known: Known; passed: boolean; leave: () => void }> {
  let wokenFor: string | undefined;
  for (;;) {
    let judged: Judged;
    const look = needs.turns.look();
    try {
      judged = await judgeIt(needs, attempted);
    } catch (cause) {
      needs.turns.forget(look);
      if (wokenFor !== undefined) needs.turns.wake(wokenFor);
      throw cause;
    }
    const turn = needs.turns.take(judged.allowances, look);
    if ('taken' in turn) return { known: judged.known, passed: judged.passed === true, leave: turn.taken };
    if ('overtaken' in turn) continue;
    if (wokenFor !== undefined && wokenFor !== turn.full) needs.turns.wake(wokenFor);
    await needs.turns.wait(turn.full);
    wokenFor = turn.full;
  }
}

async function judge(needs: AttemptNeeds, { caller, claim }: Attempted): Promise<Judged> {
  // Without a claim there is a token to look up, or a provider to ask: judged once it is known whose it is.
  if (claim === undefined) return { known: nothing, allowances: [] };
  const now = needs.clock.now();
  const { account, address } = limitsFor(needs.limits(), caller);
  const known = await lookUp(needs, claim, caller);
  const blockedMs = blockedFor(address, known.failures.address, now);
  const pass = blockedMs === undefined ? undefined : await passOf(needs, known, caller, { now, blockedMs });
  const ofAccount = allowanceOf({ known, claim, caller }, account, now);
  if (pass !== undefined) return { known, passed: true, allowances: [ofAccount, pass] };
  const [, ofAddress] = turnKeys(known, claim, caller);
  return { known, allowances: [ofAccount, { key: ofAddress, left: attemptsLeft(address, known.failures.address) }] };
}

/**
 * What a known device has left while its address is blocked. Its failures of that time count once more, over all accounts
 * and forgiven by no sign-in: so a device is worth no more guesses than one account is.
 * @throws Fault `address-blocked` for any other device, and where nothing is left
 */
async function passOf(
  needs: AttemptNeeds,
  { deviceKnown }: Known,
  caller: Caller,
  { now, blockedMs }: { readonly now: Moment; readonly blockedMs: number },
): Promise<Allowance> {
  if (!deviceKnown) throw new Fault('address-blocked', { retryAfterMs: blockedMs });
  const limit = passLimit(limitsFor(needs.limits(), caller));
  const at = { addressKey: addressKey(caller.address), deviceKey: deviceKey(caller) };
  const failures = await needs.tokens.passFailures(at, now - limit.windowMs);
  const heldMs = blockedFor(limit, failures, now);
  if (heldMs !== undefined) throw new Fault('address-blocked', { retryAfterMs: Math.min(heldMs, blockedMs) });
  return { key: `pass ${at.deviceKey}`, left: attemptsLeft(limit, failures) };
}

/** The same by the account alone: the address has been judged, and its turn is held. */
async function judgeBeside(needs: AttemptNeeds, { caller, claim }: Attempted): Promise<Judged> {
  if (claim === undefined) return { known: nothing, allowances: [] };
  const known = await lookUp(needs, claim, caller);
  const { account } = limitsFor(needs.limits(), caller);
  return { known, allowances: [allowanceOf({ known, claim, caller }, account, needs.clock.now())] };
}

/** @throws Fault `account-blocked` */
function allowanceOf(
  about: { readonly known: Known; readonly claim: Claim; readonly caller: Caller },
  limit: Limit,
  now: Moment,
): Allowance {
  const { known, claim, caller } = about;
  const own = known.deviceKnown ? known.failures.device : known.failures.account;
  mustNotBeBlocked('account-blocked', limit, own, now);
  return { key: turnKeys(known, claim, caller)[0], left: attemptsLeft(limit, own) };
}

/** What is known of a claim now, in one read. */
export async function lookUp(
  needs: Pick<AttemptNeeds, 'clock' | 'limits'> & { readonly tokens: Pick<TokenStore, 'known'> },
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
  return {
    account: limits.account,
    address: limits.exempt.has(address) ? { ...limits.address, on: false } : limits.address,
  };
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

async function count(
  needs: AttemptNeeds,
  attempted: Attempted,
  about: {
    readonly accountId: string | undefined;
    readonly known: Known;
    readonly passed: boolean;
    readonly judgedAs: Attempted;
    readonly besides: readonly Beside[];
  },
  { code, facts }: Fault,
): Promise<void> {
  const { caller, claim } = attempted;
  const { accountId, known, passed, judgedAs, besides } = about;
  const at = needs.clock.now();
  await needs.tokens.fail({
    accountId,
    claim,
    besides: besides.map((one) => ({ accountId: one.known.account?.id, claim: one.claim })),
    addressKey: addressKey(caller.address),
    deviceKey: deviceKey(caller),
    passed,
    at,
    wrongFactor: wrongFactors.has(code) ? (facts['method'] === 'email' ? 'email' : 'other') : undefined,
    audit: entryOf(attempted, { at, accountId, code }),
  });
  if (mayHaveBlocked(needs, judgedAs, known)) needs.onCounted?.({ caller, claim: judgedAs.claim });
  for (const one of besides) {
    if (mayHaveBlocked(needs, { ...attempted, claim: one.claim }, one.known)) {
      needs.onCounted?.({ caller, claim: one.claim });
    }
  }
}

/**
 * Whether a failure can be one that blocks: a read for each and every one would be wasted. Up to half of a limit's
 * failures may come from other nodes between the look at them and this one.
 */
function mayHaveBlocked(needs: AttemptNeeds, { caller, claim }: Attempted, known: Known): boolean {
  if (claim === undefined) return true;
  const { account, address } = limitsFor(needs.limits(), caller);
  const isNear = (limit: Limit, failures: readonly Moment[]): boolean =>
    limit.on && (failures.length + 1) * 2 >= limit.failures;
  return (
    isNear(account, known.failures.account) ||
    isNear(address, known.failures.address) ||
    turnKeys(known, claim, caller).some((key) => needs.turns.isCrowded(key))
  );
}

/** The keys under which attempts take turns. */
function turnKeys(known: Known, claim: Claim, caller: Caller): readonly [account: string, address: string] {
  return [`account ${accountKey(known, claim)}`, `address ${addressKey(caller.address)}`];
}

function entryOf(
  { what, caller, claim, actorId }: Attempted,
  refused: { readonly at: Moment; readonly accountId: string | undefined; readonly code: FaultCode },
): AuditEntry {
  const { at, accountId, code } = refused;
  const facts = claim === undefined ? { code } : { code, [claim.by]: claim.value.slice(0, 128) };
  return recordOf(what, { at, caller, actorId, accountId, outcome: 'refused' }, facts);
}
