import { sha256Base64 } from '../../lib/digest.ts';
import { type Account, administratorRole, type Claim } from '../account/account.ts';
import { originOf } from '../external-login/identity.ts';
import type { Vouched } from '../external-login/settle.ts';
import { Fault, type FaultCode } from '../fault.ts';
import type { Caller, Moment, Random } from '../ports.ts';
import type { Attempting, SuppliedFactor } from '../second-factor/gate.ts';
import type { KeptFactors } from '../second-factor/store.ts';
import { type AttemptNeeds, attempt, failureLimitOf, lookUp, type Ways } from './attempt.ts';
import { deviceKey } from './device.ts';
import { mustBeAdmitted, sessionLifeMs } from './rules.ts';
import type { Known, TokenStore } from './store.ts';
import type { Pool, PooledToken, Token } from './token.ts';

/** A way to show who one is. Each door makes one of these and nothing else; the pipeline does the rest. */
export interface Proof {
  /** What clients read as the type of the log-in: `password`, `resume`, the name of a provider. */
  readonly kind: string;
  /** Whom it speaks of, where that is known before it is checked. */
  readonly claim: Claim | undefined;
  /** Whether a second factor is asked after it. */
  readonly asksFactor: boolean;
  /** The second factor that it is by itself. */
  readonly factor?: string;
  /** True where failures that were counted on the account do not hold it up. */
  readonly passesBlock?: true;
  /**
   * Called once, after the limits have let the attempt through.
   * @param comeUpon to be called before a guess is looked at that is about another account than the claim names
   * @param beside to be called before a guess is looked at that is about somebody else as well
   */
  check(known: Known, comeUpon: Ways['comeUpon'], beside: Ways['beside']): Promise<Proved>;
}

export type Proved =
  | {
      readonly held: false;
      readonly because: FaultCode;
      /** Whose proof it would have been, where that is another account than the claim names: its failure is counted there. */
      readonly of?: string | undefined;
    }
  | {
      readonly held: true;
      readonly account: Account;
      /** What held in the end, where a proof has several ways; else the kind of the proof. */
      readonly kind?: string | undefined;
      /** The live token that was the proof: no new one is opened. */
      readonly token?: Token;
      /** The stored password that was proved, and a stronger form to replace it; that form alone is stored as it is. */
      readonly passwordHash?: string;
      readonly betterPasswordHash?: string | undefined;
      /** The word of a provider: what it changes is written when the second factor has held, and not before. */
      readonly vouched?: Vouched | undefined;
    };

export interface LogInNeeds extends AttemptNeeds {
  readonly random: Random;
  readonly tokens: TokenStore;
  readonly policy: () => {
    readonly emailMustBeVerified: boolean;
    readonly temporaryPasswordMs: number;
    readonly lifeDays: number;
    readonly cap: (pool: Pool) => number;
  };
  /** Hears of each sign-in that went through. */
  readonly onLogIn: (done: LogInDone) => void;
  /** Hears of each sign-in from a device that the account did not have, the first one of all excepted. */
  readonly onNewDevice: (account: Account, caller: Caller, now: Moment) => void;
  /** Gives the name of the factor that held. Throws Fault `factor-required` or `factor-wrong` where a second factor is due and does not hold. */
  readonly factorAtLogIn: (
    account: Account,
    supplied: SuppliedFactor,
    caller: Caller,
    attempting: Attempting,
  ) => Promise<string | undefined>;
  /** Whether the session is to be good for setting up a second factor only. */
  readonly enrolsOnly: (
    account: Account,
    kind: string,
    kept: Pick<KeptFactors, 'requiredSince'>,
  ) => Promise<{ readonly held: boolean }>;
}

/** A sign-in that went through, as the log and the metrics hear of it. */
export interface LogInDone {
  readonly kind: string;
  readonly caller: Caller;
  readonly accountId: string;
  readonly tokenId: string;
}

export interface LoggedIn {
  readonly account: Account;
  readonly token: Token;
  /** The bearer token, told to the client once. */
  readonly text: string;
  readonly kind: string;
}

/**
 * Turns a proof into a session. Every door ends here: limits, proof, account open, second factor, session, audit
 * (design §3.1).
 * @param text the token that `proof` presents, where it presents one
 * @param supplied the second factor's code, if the client sent one
 * @throws Fault, every code of this folder's rules
 */
export async function logIn(
  needs: LogInNeeds,
  proof: Proof,
  caller: Caller,
  supplied: SuppliedFactor,
  text?: string,
): Promise<LoggedIn> {
  const opened = await attempt(
    needs,
    { what: 'log-in', caller, claim: proof.claim },
    async (looked, { blame, comeUpon, beside }) => {
      const proved = await proof.check(looked, comeUpon, beside);
      if (!proved.held) {
        if (proved.of !== undefined) blame(proved.of);
        throw new Fault(proved.because);
      }
      const { account, vouched } = proved;
      const kind = proved.kind ?? proof.kind;
      // Wrong codes count under the account whoever named it, and are looked at in turn.
      const isHeldUp = proof.passesBlock !== true && proved.token === undefined;
      const known = isHeldUp ? await comeUpon(account.id) : looked;
      const mustBeIn = (one: Account): void => {
        const rules = { ...needs.policy(), administratorRole, now: needs.clock.now() };
        mustBeAdmitted(one, { byPassword: kind === 'password' }, rules);
      };
      mustBeIn(vouched?.withRoles ?? account);
      if (proved.token !== undefined && text !== undefined) {
        return { account, token: proved.token, text, kind };
      }
      let { factor } = proof;
      // Asked of the account as it was: no address that this sign-in brings is mailed a code.
      if (proof.asksFactor) factor = await mustHoldFactor(needs, account, supplied, caller, known);
      const settled = (await vouched?.write({ factorHeld: factor !== undefined })) ?? account;
      mustBeIn(settled);
      const first = await open(needs, proof, { ...proved, account: settled, factor }, known, caller);
      if (first !== 'password-changed' || proof.claim === undefined) return mustBeOpened(first);
      // Two sign-ins at once with an old hash: the first has replaced it by a stronger one. Both were right.
      const again = await proof.check(await lookUp(needs, proof.claim, caller), comeUpon, beside);
      if (!again.held) throw new Fault(again.because);
      // The factor that held was this account's.
      if (again.account.id !== account.id) throw new Fault('wrong-credentials');
      return mustBeOpened(await open(needs, proof, { ...again, factor }, known, caller));
    },
  );
  needs.onLogIn({ kind: opened.kind, caller, accountId: opened.account.id, tokenId: opened.token.id });
  return opened;
}

async function mustHoldFactor(
  needs: LogInNeeds,
  account: Account,
  supplied: SuppliedFactor,
  caller: Caller,
  known: Known,
): Promise<string | undefined> {
  const unless = failureLimitOf(needs, known, caller);
  return await needs.factorAtLogIn(account, supplied, caller, { kept: known.kept, unless });
}

async function open(
  needs: LogInNeeds,
  proof: Proof,
  proved: Extract<Proved, { held: true }> & { readonly factor: string | undefined },
  known: Known,
  caller: Caller,
): Promise<LoggedIn | 'password-changed'> {
  const now = needs.clock.now();
  const { account } = proved;
  const text = needs.random.token();
  // Without a claim nothing was read of the account beforehand; what is noted already stays as it is.
  const kept = known.account === undefined ? { requiredSince: undefined } : known.kept;
  const kind = proved.kind ?? proof.kind;
  const enrolsOnly = (await needs.enrolsOnly(account, kind, kept)).held;
  const { factor } = proved;
  const token = newToken(needs, { accountId: account.id, text, pool: poolOf(caller), now, caller, enrolsOnly, factor });
  const { windowMs } = needs.limits().account;
  const outcome = await needs.tokens.open({
    token,
    provedPasswordHash: proved.passwordHash,
    betterPasswordHash: proved.betterPasswordHash,
    isLogIn: true,
    origin: proved.vouched === undefined ? undefined : originOf(proved.vouched.identity),
    device: { key: deviceKey(caller) },
    unless: proof.passesBlock === true ? undefined : failureLimitOf(needs, known, caller),
    cap: needs.policy().cap(token.pool),
    forgive: true,
    audit: {
      at: now,
      what: 'log-in',
      outcome: 'done',
      accountId: account.id,
      actorId: account.id,
      door: caller.door,
      address: caller.address,
      userAgent: caller.userAgent,
      facts: { kind, token: token.id, ...(factor === undefined ? {} : { factor }) },
    },
  });
  if (outcome.opened) {
    if (outcome.newDevice && account.lastLogInAt !== undefined) needs.onNewDevice(account, caller, now);
    return { account: { ...account, lastLogInAt: now }, token, text, kind };
  }
  switch (outcome.because) {
    case 'account-closed':
      throw new Fault('account-closed');
    case 'blocked':
      throw new Fault('account-blocked', { retryAfterMs: windowMs });
    case 'password-changed':
      return 'password-changed';
    case 'identity-parted':
      throw new Fault('pending-log-in-unknown');
    case 'account-gone':
    case 'token-ended':
      throw new Fault('wrong-credentials');
  }
}

function mustBeOpened(opened: LoggedIn | 'password-changed'): LoggedIn {
  if (opened === 'password-changed') throw new Fault('wrong-credentials');
  return opened;
}

/** The pool in which a log-in through this door opens its token (design §3.14). */
function poolOf(caller: Caller): Pool {
  return caller.door === 'ddp' || caller.door === 'page' ? 'interactive' : 'script';
}

/** A session's token, not yet written. */
export function newToken(
  needs: Pick<LogInNeeds, 'random' | 'policy'>,
  made: {
    readonly accountId: string;
    readonly text: string;
    readonly pool: Pool;
    readonly now: Moment;
    readonly caller: Caller;
    /** Keeps the end of an older token in place of a full life. */
    readonly endsAt?: Moment | undefined;
    readonly enrolsOnly?: boolean;
    readonly factor?: string | undefined;
  },
): PooledToken {
  return {
    hash: sha256Base64(made.text),
    id: needs.random.id(),
    accountId: made.accountId,
    pool: made.pool,
    name: undefined,
    lastPart: '',
    skipsSecondFactor: false,
    enrolsOnly: made.enrolsOnly ?? false,
    factor: made.factor,
    scopes: undefined,
    addresses: undefined,
    createdAt: made.now,
    endsAt: made.endsAt ?? made.now + sessionLifeMs(needs.policy().lifeDays),
    usedAt: made.now,
    trust: undefined,
    door: made.caller.door,
    address: made.caller.address,
    userAgent: made.caller.userAgent,
  };
}
