import type { Factor } from '../core/second-factor/factor.ts';
import { checkPasskeyCode, offerPasskey, type PasskeyCheckNeeds } from '../core/second-factor/passkey-check.ts';

/**
 * A passkey (WebAuthn Level 3). What the browser needs stands under `options` in the details; what it gave comes back as
 * the code, as JSON text. Somebody must have been present; who it was, the first proof has shown.
 */
export function passkeyFactor(needs: PasskeyCheckNeeds): Factor {
  return {
    name: 'passkey',
    fallback: false,
    enabledFor: ({ secondFactors }) => ({ held: secondFactors.passkey }),
    offer: async (asked) => ({ codeGenerated: false, options: await offerPasskey(needs, asked) }),
    check: async (asked, code) => await checkPasskeyCode(needs, asked, code),
  };
}
