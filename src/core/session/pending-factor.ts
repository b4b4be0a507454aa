import { sha256Base64 } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import type { AccountStore } from '../account/store.ts';
import type { Vouched } from '../external-login/settle.ts';
import { Fault, type FaultCode, type FaultFacts } from '../fault.ts';
import type { Caller, Clock, Moment, Random } from '../ports.ts';
import type { Challenge, ChallengeStore } from '../second-factor/challenge-store.ts';
import type { SuppliedFactor } from '../second-factor/gate.ts';
import { type KeptWordNeeds, keptWord, wordAgain } from './kept-word.ts';
import type { LoggedIn, Proof } from './log-in.ts';

export interface PendingNeeds extends KeptWordNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly challenges: Pick<ChallengeStore, 'put' | 'take' | 'find'>;
  readonly accounts: Pick<AccountStore, 'byId'>;
  /** So many wrong codes end a challenge; the account's own count goes on. */
  readonly mostWrong: () => number;
  readonly hasOwnFactor: (account: Account) => { readonly held: boolean };
  /** Mails a fresh code. @returns false where the account is not asked for such codes */
  readonly sendEmailCode: (account: Account, caller: Caller) => Promise<boolean>;
  /** The one pipeline. */
  readonly logIn: (proof: Proof, caller: Caller, supplied: SuppliedFactor) => Promise<LoggedIn>;
}

/** A log-in whose first half is done, as it is stored. */
interface Pending {
  readonly challenge: Challenge;
  /** The kind of the proof that held. */
  readonly kind: string;
  /** The factor that the client asked for; undefined for the one the account prefers. */
  readonly method: string | undefined;
  readonly wrong: number;
  readonly endsAt: Moment;
  /** The provider's word that it began with, see `keptWord`. */
  readonly word: { readonly word: string; readonly origin: unknown } | undefined;
  /** Of the stored password that was proved; with another one the first half is void. */
  readonly passwordMark: string | undefined;
}

const kindOfChallenge = 'pending-factor';
/** So long a log-in waits for its second factor. */
export const pendingLifeMs = 300_000;
/** For so long a challenge that is over is told from one that never was. */
const rememberedMs = 300_000;

/** Refusals that say nothing of the code: the challenge waits on. */
const undecided: ReadonlySet<FaultCode> = new Set([
  'factor-required',
  'account-blocked',
  'address-blocked',
  'busy',
  'unavailable',
]);

/**
 * Keeps a log-in by somebody else's word until its second factor comes (rest.md §9.5).
 * @param kind the kind of the proof that held, for example the name of a provider
 * @param by.vouched the provider's word, where that held: it is kept, and written once the factor has held
 * @param by.passwordHash the stored password, where that was proved
 * @returns the id of the challenge: whoever holds it is halfway in, so it goes to that client alone
 */
export async function beginPending(
  needs: Pick<PendingNeeds, 'clock' | 'random' | 'challenges' | 'sealer'>,
  { id }: Pick<Account, 'id'>,
  kind: string,
  {
    vouched,
    passwordHash,
  }: { readonly vouched?: Vouched | undefined; readonly passwordHash?: string | undefined } = {},
): Promise<string> {
  const challengeId = needs.random.token();
  const endsAt = needs.clock.now() + pendingLifeMs;
  const hash = sha256Base64(challengeId);
  const passwordMark = passwordHash === undefined ? undefined : sha256Base64(passwordHash);
  const word = wordIn(vouched === undefined ? {} : keptWord(needs, vouched, hash));
  const challenge = { hash, accountId: id };
  await needs.challenges.put(challengeOf({ kind, method: undefined, wrong: 0, endsAt, word, passwordMark, challenge }));
  return challengeId;
}

/**
 * Mails a fresh code to whoever waits; the code that is shown next is taken for one by mail.
 * @throws Fault `challenge-unknown`, `challenge-expired`, `account-unknown`, `factor-off` where no codes are mailed
 */
export async function sendPendingCode(needs: PendingNeeds, challengeId: string, caller: Caller): Promise<void> {
  const { hash, account } = await found(needs, challengeId);
  if (!(await needs.sendEmailCode(account, caller))) throw new Fault('factor-off');
  const taken = pendingOf(await needs.challenges.take(hash, kindOfChallenge, needs.clock.now()));
  if (taken !== undefined) await needs.challenges.put(challengeOf({ ...taken, method: 'email' }));
}

/**
 * Ends the log-in with the code of a second factor. Of several at once with one challenge, one is looked at.
 * @throws Fault `challenge-unknown`, `challenge-expired`, `account-unknown`, `factor-wrong`, `factor-attempts-spent` for
 *   the wrong code that ends the challenge, and those of `logIn`
 */
export async function verifyPending(
  needs: PendingNeeds,
  challengeId: string,
  { code, method }: SuppliedFactor,
  caller: Caller,
): Promise<LoggedIn> {
  const { hash, account } = await found(needs, challengeId);
  const pending = pendingOf(await needs.challenges.take(hash, kindOfChallenge, needs.clock.now()));
  if (pending === undefined) throw new Fault('challenge-unknown');
  try {
    return await needs.logIn(proofOf(needs, account.id, pending, caller), caller, {
      code,
      method: method ?? pending.method,
    });
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    if (undecided.has(cause.code)) await needs.challenges.put(challengeOf(pending));
    if (cause.code !== 'factor-wrong' && cause.code !== 'factor-code-void') throw cause;
    const wrong = pending.wrong + 1;
    if (wrong >= needs.mostWrong()) throw new Fault('factor-attempts-spent', cause.facts);
    await needs.challenges.put(challengeOf({ ...pending, wrong }));
    throw cause;
  }
}

/**
 * What whoever waits can show: the names of the factors, and what one of them offers. Where that is a code by mail and none
 * is out, one is mailed.
 * @param method the factor that is asked about; undefined for the one the account prefers
 * @returns `method`, `availableMethods` and what the factor offers
 * @throws Fault `challenge-unknown`, `challenge-expired`, `account-unknown`, and those of `logIn` but `factor-required`
 */
export async function offerPending(
  needs: PendingNeeds,
  challengeId: string,
  method: string | undefined,
  caller: Caller,
): Promise<FaultFacts> {
  try {
    await verifyPending(needs, challengeId, { code: undefined, method }, caller);
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'factor-required') return cause.facts;
    throw cause;
  }
  // Without a code nothing holds: no factor is due any more, and the log-in begins anew.
  throw new Fault('challenge-unknown');
}

/** What held at the beginning holds on; that there still is a factor to ask for is looked at anew. */
function proofOf(needs: PendingNeeds, accountId: string, pending: Pending, caller: Caller): Proof {
  const { kind, word, passwordMark } = pending;
  return {
    kind,
    claim: { by: 'id', value: accountId },
    asksFactor: true,
    async check({ account, passwordHash }) {
      const isSamePassword = passwordMark === undefined || sha256Base64(passwordHash ?? '') === passwordMark;
      const isVoid = account === undefined || !needs.hasOwnFactor(account).held || !isSamePassword;
      if (isVoid) return { held: false, because: 'challenge-unknown' };
      const proved = passwordMark === undefined || passwordHash === undefined ? {} : { passwordHash };
      if (word === undefined) return { held: true, account, ...proved };
      const boundTo = pending.challenge.hash;
      const vouched = await wordAgain(needs, { word: word.word, boundTo, kind }, account, caller);
      if (vouched === undefined) return { held: false, because: 'challenge-unknown' };
      return { held: true, account, vouched, ...proved };
    },
  };
}

async function found(
  { clock, challenges, accounts }: PendingNeeds,
  challengeId: string,
): Promise<{ hash: string; account: Account }> {
  const hash = sha256Base64(challengeId);
  const pending = pendingOf(await challenges.find(hash, kindOfChallenge, clock.now()));
  if (pending?.challenge.accountId === undefined) throw new Fault('challenge-unknown');
  const left = pending.endsAt - clock.now();
  // A clock that was set back must not make it live longer than any may.
  if (left <= 0 || left > pendingLifeMs) throw new Fault('challenge-expired');
  const account = await accounts.byId(pending.challenge.accountId);
  if (account === undefined) throw new Fault('account-unknown');
  return { hash, account };
}

type Kept = Omit<Pending, 'challenge'> & { readonly challenge: Pick<Challenge, 'hash' | 'accountId'> };

function challengeOf(kept: Kept): Challenge {
  const { kind, method, wrong, endsAt, word, passwordMark } = kept;
  const { hash, accountId } = kept.challenge;
  const facts = {
    kind,
    wrong,
    endsAt,
    ...(method === undefined ? {} : { method }),
    ...word,
    ...(passwordMark === undefined ? {} : { passwordMark }),
  };
  return { hash, kind: kindOfChallenge, accountId, facts, endsAt: endsAt + rememberedMs };
}

function pendingOf(challenge: Challenge | undefined): Pending | undefined {
  if (challenge === undefined) return undefined;
  const { kind, method, wrong, endsAt, passwordMark } = challenge.facts;
  if (typeof kind !== 'string' || typeof wrong !== 'number' || typeof endsAt !== 'number') return undefined;
  return {
    challenge,
    kind,
    method: typeof method === 'string' ? method : undefined,
    wrong,
    endsAt,
    word: wordIn(challenge.facts),
    passwordMark: typeof passwordMark === 'string' ? passwordMark : undefined,
  };
}

function wordIn({ word, origin }: Challenge['facts']): Pending['word'] {
  return typeof word === 'string' ? { word, origin } : undefined;
}
