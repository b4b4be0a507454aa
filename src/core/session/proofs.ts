import { sha256Base64 } from '../../lib/digest.ts';
import type { Claim } from '../account/account.ts';
import { Fault } from '../fault.ts';
import { digestOf, type GivenPassword } from '../password/password.ts';
import { type ProveNeeds, provePassword } from '../password/prove.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Limits } from './attempt.ts';
import { deviceKey } from './device.ts';
import type { Proof } from './log-in.ts';
import { blockedFor, hasEnded } from './rules.ts';
import type { TokenStore } from './store.ts';
import type { Signed } from './token.ts';

/** A username, address or id with a password. */
export function passwordProof(needs: ProveNeeds, claim: Claim, given: GivenPassword): Proof {
  return {
    kind: 'password',
    claim,
    asksFactor: true,
    async check({ account, passwordHash }) {
      const answer = await provePassword(needs, given, passwordHash);
      if (!answer.held || account === undefined || passwordHash === undefined) {
        return { held: false, because: 'wrong-credentials' };
      }
      const digest = digestOf(given);
      const stale = digest !== undefined && !needs.hasher.isCurrent(passwordHash).held;
      const betterPasswordHash = stale ? await needs.hasher.make(digest) : undefined;
      return { held: true, account, passwordHash, betterPasswordHash };
    },
  };
}

export interface ResumeNeeds {
  readonly clock: Clock;
  readonly limits: () => Limits;
  readonly tokens: Pick<TokenStore, 'accountFailures'>;
  /** The token with its account, from memory or from the store. */
  readonly find: (hash: string) => Promise<Signed | undefined>;
}

/** A token that was given out earlier, of any pool. Whoever comes from where it was given out is a known device. */
export function resumeProof(needs: ResumeNeeds, text: string, caller: Caller): Proof {
  return {
    kind: 'resume',
    claim: undefined,
    asksFactor: false,
    async check() {
      const found = await needs.find(sha256Base64(text));
      if (found === undefined) return { held: false, because: 'token-unknown' };
      const { token, account } = found;
      const now = needs.clock.now();
      if (hasEnded(token, now)) return { held: false, because: 'token-expired' };
      const sameDevice = deviceKey({ ...caller, address: token.address, userAgent: token.userAgent });
      if (sameDevice !== deviceKey(caller)) await mustNotBeBlocked(needs, token.accountId, now);
      return { held: true, account, token };
    },
  };
}

async function mustNotBeBlocked(needs: ResumeNeeds, accountId: string, now: number): Promise<void> {
  const limit = needs.limits().account;
  if (!limit.on) return;
  const failures = await needs.tokens.accountFailures(accountId, now - limit.windowMs);
  const retryAfterMs = blockedFor(limit, failures, now);
  if (retryAfterMs !== undefined) throw new Fault('account-blocked', { retryAfterMs });
}
