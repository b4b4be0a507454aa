import { mustBeFreshToEnrol } from '../core/administration/prove-instead.ts';
import type { Caller } from '../core/ports.ts';
import { offerPasskeySignIn } from '../core/second-factor/passkey-check.ts';
import {
  addPasskey,
  beginPasskey,
  removePasskey,
  renamePasskey,
  setPasskeyAlone,
} from '../core/second-factor/passkey-enrol.ts';
import type { Passkey } from '../core/second-factor/passkey-store.ts';
import { type LoggedIn, logIn } from '../core/session/log-in.ts';
import { passkeyProof } from '../core/session/passkey-proof.ts';
import type { Signed } from '../core/session/token.ts';
import { enrollingOf } from './enrolling.ts';
import type { Needs } from './needs.ts';
import { noFactor } from './no-factor.ts';

/** Use-cases of `app.passkey`, given what they need. */
export function passkeyCases({ clock, hasOwnFactor, loggingIn, passkeyEnrolling, passkeyProving, store }: Needs) {
  return {
    /** @throws Fault, see `mustBeFreshToEnrol`, `beginPasskey` */
    begin: async (signed: Signed) => {
      mustBeFreshToEnrol({ clock, hasOwnFactor }, signed);
      return await beginPasskey(passkeyEnrolling, enrollingOf(signed));
    },
    /** @throws Fault, see `addPasskey` */
    add: async (signed: Signed, asked: Parameters<typeof addPasskey>[2], caller: Caller) =>
      await addPasskey(passkeyEnrolling, enrollingOf(signed), asked, caller),
    list: async (signed: Signed): Promise<readonly Passkey[]> => await store.passkeys.list(signed.account.id),
    /** @throws Fault, see `renamePasskey` */
    rename: async (signed: Signed, asked: Parameters<typeof renamePasskey>[2], caller: Caller): Promise<void> => {
      await renamePasskey(passkeyEnrolling, signed.account, asked, caller);
    },
    /** @throws Fault, see `removePasskey` */
    remove: async (signed: Signed, id: string, caller: Caller): Promise<void> => {
      await removePasskey(passkeyEnrolling, signed.account, id, caller);
    },
    /** @throws Fault, see `setPasskeyAlone` */
    setAlone: async (signed: Signed, alone: boolean, caller: Caller): Promise<void> => {
      await setPasskeyAlone(passkeyEnrolling, signed.account, alone, caller);
    },
    /** What a browser needs to sign in with a passkey alone; the same for everybody. */
    signInOptions: async () => await offerPasskeySignIn(passkeyProving),
    /** Signs in with a passkey alone. @throws Fault `passkey-refused`; see `logIn` */
    signIn: async (credential: unknown, caller: Caller): Promise<LoggedIn> =>
      await logIn(loggingIn, passkeyProof(passkeyProving, credential, caller), caller, noFactor),
  };
}
