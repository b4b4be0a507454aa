import type { Account } from '../account/account.ts';
import { type Identity, originOf } from '../external-login/identity.ts';
import type { Caller } from '../ports.ts';
import type { Proof } from './log-in.ts';
import { mustNotBeBlockedAnywhere, type ResumeNeeds } from './proofs.ts';

export interface ExternalProofNeeds extends Pick<ResumeNeeds, 'clock' | 'limits' | 'tokens'> {
  /** See `settle`. */
  readonly settle: (identity: Identity, caller: Caller) => Promise<Account>;
}

/**
 * The word of a provider: whom it names is found, joined or made. Accounts and addresses that are blocked stay so.
 * @param kind what clients read as the type of the log-in
 * @param identify gives the identity; called once, after the limits of the address have let the attempt through
 * @param asksFactor false only for providers whose people the settings exempt
 */
export function externalProof(
  needs: ExternalProofNeeds,
  kind: string,
  identify: () => Promise<Identity>,
  caller: Caller,
  asksFactor = true,
): Proof {
  return {
    kind,
    claim: undefined,
    asksFactor,
    async check() {
      const now = needs.clock.now();
      await mustNotBeBlockedAnywhere(needs, undefined, caller, now);
      const identity = await identify();
      const account = await needs.settle(identity, caller);
      await mustNotBeBlockedAnywhere(needs, account.id, caller, now);
      return { held: true, account, origin: originOf(identity) };
    },
  };
}
