import { sha256Base64 } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import type { AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Caller, Clock, Random } from '../ports.ts';
import type { ChallengeStore } from '../second-factor/challenge-store.ts';
import type { Proof } from './log-in.ts';

export interface LoginCodeNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly challenges: Pick<ChallengeStore, 'put' | 'take'>;
  readonly accounts: Pick<AccountStore, 'byId'>;
  readonly audit: Pick<AuditStore, 'append'>;
}

const kind = 'login-code';
const bytes = 32;

/**
 * Makes a code that signs in to an account once, with no other proof. Who may is for the caller to have asked.
 * @param lifeMs for how long it is good
 * @returns 64 characters, told this once; stored is their hash alone
 */
export async function makeLoginCode(
  needs: LoginCodeNeeds,
  { id }: Pick<Account, 'id'>,
  lifeMs: number,
  caller: Caller,
): Promise<{ readonly code: string; readonly endsAt: number }> {
  const at = needs.clock.now();
  const code = needs.random.bytes(bytes).toString('hex');
  const endsAt = at + lifeMs;
  // First: a code that nobody wrote down must not exist.
  const who = { at, caller, actorId: undefined, accountId: id };
  await needs.audit.append([recordOf('login-code.make', who, { minutes: Math.round(lifeMs / 60_000) })]);
  await needs.challenges.put({ hash: sha256Base64(code), kind, accountId: id, facts: {}, endsAt });
  return { code, endsAt };
}

/** Such a code: it is used up by being looked at, whatever comes of the sign-in. */
export function loginCodeProof(needs: LoginCodeNeeds, code: string): Proof {
  return {
    kind,
    claim: undefined,
    asksFactor: false,
    // The operator gives it to whom strangers have locked out as well.
    passesBlock: true,
    async check() {
      const unknown = { held: false, because: 'log-in-code-unknown' } as const;
      if (!/^[0-9a-f]{64}$/u.test(code)) return unknown;
      const taken = await needs.challenges.take(sha256Base64(code), kind, needs.clock.now());
      const account = taken?.accountId === undefined ? undefined : await needs.accounts.byId(taken.accountId);
      return account === undefined ? unknown : { held: true, account };
    },
  };
}
