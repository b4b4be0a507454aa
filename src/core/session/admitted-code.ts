import { sha256Base64 } from '../../lib/digest.ts';
import type { AccountStore } from '../account/store.ts';
import type { Origin } from '../external-login/identity.ts';
import type { Caller, Clock, Random } from '../ports.ts';
import type { ChallengeStore } from '../second-factor/challenge-store.ts';
import type { Proof } from './log-in.ts';
import { mustNotBeBlockedAnywhere, type ResumeNeeds } from './proofs.ts';

export interface AdmittedNeeds extends Pick<ResumeNeeds, 'limits' | 'tokens'> {
  readonly clock: Clock;
  readonly random: Pick<Random, 'bytes'>;
  readonly challenges: Pick<ChallengeStore, 'put' | 'take'>;
  readonly accounts: Pick<AccountStore, 'byId'>;
}

/** Somebody for whom a provider has vouched, and who has no session yet. */
export interface Admitted {
  readonly accountId: string;
  /** What clients read as the type of the log-in. */
  readonly kind: string;
  readonly origin: Origin;
}

const kindOfChallenge = 'admitted-code';
const lifeMs = 60_000;
const bytes = 32;

/** @returns a code that opens the session once, within a minute: 64 characters; stored is its hash alone */
export async function makeAdmittedCode(
  needs: Pick<AdmittedNeeds, 'clock' | 'random' | 'challenges'>,
  { accountId, kind, origin }: Admitted,
): Promise<string> {
  const code = needs.random.bytes(bytes).toString('hex');
  await needs.challenges.put({
    hash: sha256Base64(code),
    kind: kindOfChallenge,
    accountId,
    facts: { kind, origin: [origin.provider, origin.subject, origin.session] },
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
  const taken = await needs.challenges.take(sha256Base64(code), kindOfChallenge, now);
  const left = taken === undefined ? 0 : taken.endsAt - now;
  const accountId = taken?.accountId;
  // A clock that was set back must not make it live longer than any may.
  if (taken === undefined || accountId === undefined || left <= 0 || left > lifeMs) return undefined;
  const { kind, origin } = taken.facts;
  const [provider, subject, session] = Array.isArray(origin) ? (origin as readonly unknown[]) : [];
  if (typeof kind !== 'string') return undefined;
  if (typeof provider !== 'string' || typeof subject !== 'string' || typeof session !== 'string') return undefined;
  return {
    kind,
    claim: undefined,
    asksFactor: true,
    async check() {
      await mustNotBeBlockedAnywhere(needs, accountId, caller, needs.clock.now());
      const account = await needs.accounts.byId(accountId);
      if (account === undefined) return { held: false, because: 'log-in-code-unknown' };
      return { held: true, account, origin: { provider, subject, session } };
    },
  };
}
