import type { Identity } from '../external-login/identity.ts';
import type { Vouched } from '../external-login/settle.ts';
import type { Caller } from '../ports.ts';
import type { Proof } from './log-in.ts';
import { mustNotBeBlockedAnywhere, type ResumeNeeds } from './proofs.ts';

export interface ExternalProofNeeds extends Pick<ResumeNeeds, 'clock' | 'limits' | 'tokens'> {
  /** See `vouchFor`. */
  readonly vouch: (identity: Identity, caller: Caller) => Promise<Vouched>;
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
    async check(_known, comeUpon) {
      await mustNotBeBlockedAnywhere(needs, undefined, caller, needs.clock.now());
      const vouched = await needs.vouch(await identify(), caller);
      const { account } = vouched;
      await comeUpon(account.id);
      return { held: true, account, vouched };
    },
  };
}
