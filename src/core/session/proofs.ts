import { sha256Base64 } from '../../lib/digest.ts';
import type { Account, Claim } from '../account/account.ts';
import type { GivenPassword } from '../password/password.ts';
import { type ProveNeeds, provePassword } from '../password/prove.ts';
import type { Caller, Clock, Moment } from '../ports.ts';
import { type Limits, limitsFor, mustNotBeBlocked } from './attempt.ts';
import { addressKey, deviceKey } from './device.ts';
import type { Proof } from './log-in.ts';
import { hasEnded } from './rules.ts';
import type { TokenStore } from './store.ts';
import type { Signed, Token } from './token.ts';
import { isAdmitted } from './token-addresses.ts';

export interface PasswordProofNeeds extends ProveNeeds {
  /** Whether the account may be signed in to with its local password. */
  readonly opensByPassword: (account: Account) => Promise<{ readonly held: boolean }>;
}

/** A username, address or id with a password. */
export function passwordProof(needs: PasswordProofNeeds, claim: Claim, given: GivenPassword): Proof {
  return {
    kind: 'password',
    claim,
    asksFactor: true,
    async check({ account, passwordHash, deviceKnown }) {
      const answer = await provePassword(needs, given, passwordHash, deviceKnown ? 'first' : 'last');
      if (!answer.held || account === undefined || passwordHash === undefined) {
        return { held: false, because: 'wrong-credentials' };
      }
      if (!(await needs.opensByPassword(account)).held) return { held: false, because: 'wrong-credentials' };
      const stale = !needs.hasher.isCurrent(passwordHash).held;
      const betterPasswordHash = stale ? await needs.hasher.make(answer.digest) : undefined;
      return { held: true, account, passwordHash, betterPasswordHash };
    },
  };
}

export interface ResumeNeeds {
  readonly clock: Clock;
  readonly limits: () => Limits;
  readonly tokens: Pick<TokenStore, 'accountFailures' | 'addressFailures'>;
  /** The token with its account, from memory or from the store. */
  readonly find: (hash: string) => Promise<Signed | undefined>;
}

/**
 * A token that was given out earlier, of any pool. Whoever shows a live one where it was given out is a known device,
 * which strangers cannot lock out; all others are refused while their address or the account is blocked.
 */
export function resumeProof(needs: ResumeNeeds, text: string, caller: Caller): Proof {
  return {
    kind: 'resume',
    claim: undefined,
    asksFactor: false,
    async check() {
      const shown = await needs.find(sha256Base64(text));
      // Shown from elsewhere it is as unknown as any.
      const found = shown === undefined || isAdmitted(shown.token, caller.address).held ? shown : undefined;
      const now = needs.clock.now();
      const ended = found !== undefined && hasEnded(found.token, now);
      if (found === undefined || ended || !isFromWhereItWasGiven(found.token, caller)) {
        await mustNotBeBlockedAnywhere(needs, found?.account.id, caller, now);
      }
      if (found === undefined) return { held: false, because: 'token-unknown' };
      if (ended) return { held: false, because: 'token-expired' };
      return { held: true, account: found.account, token: found.token };
    },
  };
}

function isFromWhereItWasGiven(token: Token, caller: Caller): boolean {
  if (token.address === caller.address && token.userAgent === caller.userAgent) return true;
  return deviceKey({ ...caller, address: token.address, userAgent: token.userAgent }) === deviceKey(caller);
}

/** @throws Fault `address-blocked`, `account-blocked`: for proofs that name nobody beforehand */
export async function mustNotBeBlockedAnywhere(
  needs: Pick<ResumeNeeds, 'limits' | 'tokens'>,
  accountId: string | undefined,
  caller: Caller,
  now: Moment,
): Promise<void> {
  const { account, address } = limitsFor(needs.limits(), caller);
  if (address.on) {
    const failures = await needs.tokens.addressFailures(addressKey(caller.address), now - address.windowMs);
    mustNotBeBlocked('address-blocked', address, failures, now);
  }
  if (account.on && accountId !== undefined) {
    const failures = await needs.tokens.accountFailures(accountId, now - account.windowMs);
    mustNotBeBlocked('account-blocked', account, failures, now);
  }
}
