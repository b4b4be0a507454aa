import type { Account } from '../core/account/account.ts';
import { sendWelcome } from '../core/administration/welcome.ts';
import type { GivenPassword } from '../core/password/password.ts';
import type { Caller } from '../core/ports.ts';
import {
  askForReset,
  mustAllowReset,
  resetLinkHolds,
  resetPassword,
  signInAfterReset,
} from '../core/session/reset-password.ts';
import type { Signed } from '../core/session/token.ts';
import { askForVerification, settle, verificationLinkHolds, verifyEmail } from '../core/session/verify-email.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.recovery`, given what they need. */
export function recoveryCases({
  accounts,
  hasOwnFactor,
  loggingIn,
  mailer,
  passwords,
  permissions,
  recovering,
  verifying,
}: Needs) {
  return {
    /** @throws Fault `password-reset-off` */
    mustAllowReset: (): void => {
      mustAllowReset(recovering);
    },
    /** To be called when the answer has left. See `askForReset`. */
    askForReset: async (email: string, caller: Caller): Promise<void> => {
      await askForReset(recovering, email, caller);
    },
    resetLinkHolds: async (text: string) => await resetLinkHolds(recovering, text),
    /** Sets a password by a mailed link. @throws Fault, see `resetPassword` */
    resetPassword: async (text: string, password: GivenPassword, caller: Caller): Promise<Account> =>
      await resetPassword(recovering, text, password, caller),
    /** The same, and signs in whoever has no second factor. @throws Fault, see `resetPassword` */
    resetAndSignIn: async (text: string, password: GivenPassword, caller: Caller) => {
      const { id } = await resetPassword(recovering, text, password, caller);
      return {
        id,
        loggedIn: await signInAfterReset({ ...loggingIn, accounts, passwords, hasOwnFactor }, id, caller),
      };
    },
    /** To be called when the answer has left. See `askForVerification`. */
    askForVerification: async (email: string, signed: Signed | undefined, caller: Caller): Promise<void> => {
      await askForVerification(verifying, email, signed?.account.id, caller);
    },
    verificationLinkHolds: async (text: string) => await verificationLinkHolds(verifying, text),
    /** @throws Fault, see `verifyEmail` */
    verifyEmail: async (text: string, caller: Caller): Promise<void> => {
      await verifyEmail(verifying, text, caller);
    },
    /** Gives whoever has a verified address the role that goes with it. */
    settle: async (signed: Signed, caller: Caller): Promise<void> => {
      if (signed.account.emails.some(({ verified }) => verified)) await settle(verifying, signed.account, caller);
    },
    /** @throws Fault, see `sendWelcome` */
    sendWelcome: async (signed: Signed, email: string): Promise<void> => {
      await sendWelcome({ accounts, mailer, authority: permissions }, signed, email);
    },
  };
}
