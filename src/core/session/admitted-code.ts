import { sha256Base64 } from '../../lib/digest.ts';
import type { Vouched } from '../external-login/settle.ts';
import type { Caller, Clock, Random } from '../ports.ts';
import type { ChallengeStore } from '../second-factor/challenge-store.ts';
import { type KeptWordNeeds, keptWord, wordAgain } from './kept-word.ts';
import type { Proof } from './log-in.ts';
import { mustNotBeBlockedAnywhere, type ResumeNeeds } from './proofs.ts';

export interface AdmittedNeeds extends Pick<ResumeNeeds, 'limits' | 'tokens'>, KeptWordNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'bytes'>;
  readonly challenges: Pick<ChallengeStore, 'put' | 'take'>;
}

/** Somebody for whom a provider has vouched, and who has no session yet. */
export interface Admitted {
  readonly vouched: Pick<Vouched, 'account' | 'identity' | 'joined'>;
  /** What clients read as the type of the log-in. */
  readonly kind: string;
}

const kindOfChallenge = 'admitted-code';
const lifeMs = 60_000;
const bytes = 32;

/** @returns a code that opens the session once, within a minute: 64 characters; stored is its hash alone */
export async function makeAdmittedCode(
  needs: Pick<AdmittedNeeds, 'clock' | 'random' | 'challenges' | 'sealer'>,
  { vouched, kind }: Admitted,
): Promise<string> {
  const code = needs.random.bytes(bytes).toString('hex');
  const hash = sha256Base64(code);
  await needs.challenges.put({
    hash,
    kind: kindOfChallenge,
    accountId: vouched.account.id,
    facts: { kind, ...keptWord(needs, vouched, hash) },
    endsAt: needs.clock.now() + lifeMs,
  });
  return code;
}

/**
 * The proof that such a code is; it is used up by this. A second factor is asked for as after the provider's word itself:
 * whoever has set one up meanwhile begins anew.
 * @returns undefined for a code of another sort
 */
export async function admittedProof(needs: AdmittedNeeds, code: string, caller: Caller): Promise<Proof | undefined> {
  if (!/^[0-9a-f]{64}$/u.test(code)) return undefined;
  const now = needs.clock.now();
  const hash = sha256Base64(code);
  const taken = await needs.challenges.take(hash, kindOfChallenge, now);
  const left = taken === undefined ? 0 : taken.endsAt - now;
  const accountId = taken?.accountId;
  // A clock that was set back must not make it live longer than any may.
  if (taken === undefined || accountId === undefined || left <= 0 || left > lifeMs) return undefined;
  const { kind, word } = taken.facts;
  if (typeof kind !== 'string' || typeof word !== 'string') return undefined;
  return {
    kind,
    claim: undefined,
    asksFactor: true,
    async check(_known, comeUpon) {
      await mustNotBeBlockedAnywhere(needs, undefined, caller, needs.clock.now());
      await comeUpon(accountId);
      const vouched = await wordAgain(needs, { word, boundTo: hash, kind }, { id: accountId }, caller);
      if (vouched === undefined) return { held: false, because: 'log-in-code-unknown' };
      return { held: true, account: vouched.account, vouched };
    },
  };
}
