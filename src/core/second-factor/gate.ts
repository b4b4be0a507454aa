import type { Account } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditStore } from '../audit/store.ts';
import { Fault, type FaultFacts } from '../fault.ts';
import type { Caller, Clock, Moment, Sealer } from '../ports.ts';
import { backupCodeLength, checkBackupCode } from './backup-codes.ts';
import { clientFingerprint } from './client.ts';
import type { Answer, Asked, Factor } from './factor.ts';
import type { FactorStore, FailureLimit, KeptFactors } from './store.ts';

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
  /** False where only those are asked who have set a second factor up: the password is not taken in its place. */
  readonly fallback?: false;
}

/** What is known of an account while an attempt on it runs under the limits. */
export interface Attempting {
  readonly kept: KeptFactors;
  /** What must still be so when something is spent; undefined where failures do not block. */
  readonly unless: FailureLimit | undefined;
}

export interface CheckNeeds {
  readonly clock: Clock;
  readonly factors: readonly Factor[];
  readonly store: Pick<FactorStore, 'kept' | 'spend'>;
  readonly sealer: Pick<Sealer, 'mark'>;
  readonly policy: () => {
    readonly on: boolean;
    readonly rememberMs: number;
    readonly fallback: boolean;
    /**
     * Wrong codes in a row after which no further one is looked at, over all factors, doors and fresh codes, until one of
     * another session is right, or somebody unblocks the account (NIST SP 800-63B-4 §3.2.2: no more than 100).
     */
    readonly mostWrongCodes: number;
  };
}

export interface GateNeeds extends CheckNeeds {
  /** Runs a check under the limits of failed sign-ins; what it throws is counted. */
  readonly attempt: (account: Account, caller: Caller, act: (attempting: Attempting) => Promise<void>) => Promise<void>;
  readonly audit: Pick<AuditStore, 'append'>;
  readonly trust: (tokenHash: string, trust: { readonly client: string; readonly until: Moment }) => Promise<void>;
}

/** What the gate must know of the caller's token. */
export interface GatedToken {
  readonly id: string;
  readonly hash: string;
  readonly skipsSecondFactor: boolean;
  readonly trust: { readonly client: string; readonly until: Moment } | undefined;
}

/** The second factors that an account has set up and that are switched on here, in the order of preference. */
export function ownFactors({ factors }: Pick<CheckNeeds, 'factors'>, account: Account): readonly Factor[] {
  return factors.filter((factor) => !factor.fallback && factor.enabledFor(account).held);
}

/**
 * Lets a sensitive call through only with a second factor, or where one is not due (rest.md §6.1).
 * What held is told in the audit trail.
 * @throws Fault `factor-required`, `factor-wrong`, `factor-code-void` (facts: `method`, `availableMethods`, and what the
 *   factor offers), `factor-attempts-spent` while the account is blocked
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
  const own = ownFactors(needs, account);
  if (!options.always && isExempt(needs, signed, caller, options, own.length > 0).held) return;
  const named = own.find((factor) => factor.name === supplied.method);
  const mayFallBack = options.always || (policy.fallback && options.fallback !== false);
  const fallback = mayFallBack ? needs.factors.find((factor) => factor.fallback) : undefined;
  const factor = named ?? own[0] ?? (fallback?.enabledFor(account).held === true ? fallback : undefined);
  if (factor === undefined) {
    if (options.always) {
      throw new Fault('factor-required', { method: 'password', codeGenerated: false, availableMethods: [] });
    }
    return;
  }
  const asked = { account, caller, now: needs.clock.now(), occasion: 'call' as const };
  const { code } = supplied;
  if (code === undefined || code === '') {
    throw new Fault(
      'factor-required',
      await factsOf(factor, own, { ...asked, kept: await needs.store.kept(account.id) }),
    );
  }
  let held: string = factor.name;
  await blockedAsSpent(namesOf(factor, own), async () => {
    await needs.attempt(account, caller, async ({ kept, unless }) => {
      held = await mustHoldCode(needs, { asked: { ...asked, kept }, own, factor, code, unless });
    });
  });
  if (options.remember && !options.always && policy.rememberMs > 0) {
    await needs.trust(token.hash, { client: clientFingerprint(caller), until: needs.clock.now() + policy.rememberMs });
  }
  const who = { at: needs.clock.now(), caller, actorId: account.id, accountId: account.id };
  await needs.audit.append([recordOf('second-factor', who, { factor: held, token: token.id })]);
}

/**
 * The same at log-in: no fallback, nothing remembered (rest.md §6.5). The log-in is one attempt already: its pipeline
 * counts what is thrown here.
 * @returns the factor that held, `backup` for a backup code; undefined where none was asked
 * @throws Fault `factor-required`, `factor-wrong`, `factor-code-void`, `factor-attempts-spent`
 */
export async function mustHoldFactorAtLogIn(
  needs: CheckNeeds,
  account: Account,
  supplied: SuppliedFactor,
  caller: Caller,
  { kept, unless }: Attempting,
): Promise<string | undefined> {
  if (!needs.policy().on) return undefined;
  const own = ownFactors(needs, account);
  const factor = own.find(({ name }) => name === supplied.method) ?? own[0];
  if (factor === undefined) return undefined;
  const asked: Asked = { account, kept, caller, now: needs.clock.now(), occasion: 'log-in' };
  const { code } = supplied;
  if (code === undefined || code === '') throw new Fault('factor-required', await factsOf(factor, own, asked));
  return await mustHoldCode(needs, { asked, own, factor, code, unless });
}

/** @returns the name of what held */
async function mustHoldCode(
  needs: Pick<CheckNeeds, 'store' | 'sealer' | 'policy'>,
  given: {
    readonly asked: Asked;
    readonly own: readonly Factor[];
    readonly factor: Factor;
    readonly code: string;
    readonly unless: FailureLimit | undefined;
  },
): Promise<string> {
  const { asked, factor, code } = given;
  if (asked.kept.wrongCodes >= needs.policy().mostWrongCodes) {
    throw new Fault('factor-attempts-spent', await factsOf(factor, given.own, asked));
  }
  const isBackup = !factor.fallback && asked.kept.backup !== undefined && code.length === backupCodeLength;
  const byBackup: Answer | undefined = isBackup ? checkBackupCode(needs.sealer, asked, code) : undefined;
  // What is offered comes first: a client that brought a code too early finds a fresh one in the mail (rest.md §6.1).
  const facts = byBackup?.held === true ? namesOf(factor, given.own) : await factsOf(factor, given.own, asked);
  const answer = byBackup ?? (await factor.check(asked, code));
  if (!answer.held) throw new Fault(answer.because ?? 'factor-wrong', facts);
  const held = byBackup?.held === true ? 'backup' : factor.name;
  if (answer.spends === undefined) return held;
  const outcome = await needs.store.spend(asked.account.id, answer.spends, given.unless);
  if (outcome === 'blocked') throw new Fault('factor-attempts-spent', facts);
  // Somebody else was faster with the same code.
  if (outcome === 'gone') throw new Fault('factor-wrong', facts);
  return held;
}

async function factsOf(factor: Factor, own: readonly Factor[], asked: Asked): Promise<Record<string, unknown>> {
  const { method, availableMethods } = namesOf(factor, own);
  return { method, ...(await factor.offer(asked)), availableMethods };
}

function namesOf(
  factor: Factor,
  own: readonly Factor[],
): { method: string; codeGenerated: boolean; availableMethods: readonly string[] } {
  return { method: factor.name, codeGenerated: false, availableMethods: own.map(({ name }) => name) };
}

/** A blocked account is told as codes that were wrong too often: the caller is signed in already. */
export async function blockedAsSpent(facts: FaultFacts, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'account-blocked') throw cause;
    throw new Fault('factor-attempts-spent', { ...facts, ...cause.facts });
  }
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
  if (trust === undefined || trust.until <= now) return { held: false };
  // A clock that was set back must not make trust last longer than any may.
  return { held: trust.until - now <= rememberMs && trust.client === clientFingerprint(caller) };
}
