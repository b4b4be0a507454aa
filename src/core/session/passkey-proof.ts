import { shownCredentialIn } from '../../lib/webauthn.ts';
import type { AccountStore } from '../account/store.ts';
import type { Caller } from '../ports.ts';
import { hashOfChallenge } from '../second-factor/passkey-challenge.ts';
import { checkPasskey, type PasskeyCheckNeeds, tellCounterWentBack } from '../second-factor/passkey-check.ts';
import type { PasskeyStore } from '../second-factor/passkey-store.ts';
import type { Proof } from './log-in.ts';
import { mustNotBeBlockedAnywhere, type ResumeNeeds } from './proofs.ts';

export interface PasskeyProofNeeds extends PasskeyCheckNeeds, Pick<ResumeNeeds, 'limits' | 'tokens'> {
  readonly passkeys: Pick<PasskeyStore, 'list' | 'find' | 'use'>;
  readonly accounts: Pick<AccountStore, 'byId'>;
}

const refused = { held: false, because: 'passkey-refused' } as const;

/**
 * A passkey and nothing else, where its account allows that. The device must have asked for a PIN, a finger or a face:
 * so it is two factors in one. Every refusal is the same, so that nothing tells whether there is such an account.
 * @param credential `AuthenticationResponseJSON`, read strictly
 */
export function passkeyProof(needs: PasskeyProofNeeds, credential: unknown, caller: Caller): Proof {
  return {
    kind: 'passkey',
    factor: 'passkey',
    claim: undefined,
    asksFactor: false,
    // Nobody guesses a signature, so guesses at the password do not lock the owner out here.
    passesBlock: true,
    async check() {
      const now = needs.clock.now();
      await mustNotBeBlockedAnywhere(needs, undefined, caller, now);
      const given = shownCredentialIn(credential);
      if (given?.userHandle === undefined) return refused;
      const hash = hashOfChallenge(given.challenge);
      if ((await needs.challenges.take(hash, 'passkey-sign-in', now)) === undefined) return refused;
      const passkey = await needs.passkeys.find(given.id);
      if (passkey === undefined) return refused;
      const checked = await checkPasskey(needs, given, passkey, { userVerified: true, caller });
      if (!checked.held) return refused;
      const account = await needs.accounts.byId(passkey.accountId);
      if (account?.secondFactors.passkeyAlone !== true) return refused;
      const outcome = await needs.passkeys.use(account.id, passkey.id, checked.use);
      if (outcome === 'counter-back') await tellCounterWentBack(needs, passkey, caller);
      return outcome === 'used' ? { held: true, account } : refused;
    },
  };
}
