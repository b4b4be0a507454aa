import type { Account } from '../core/account/account.ts';
import { mustBeFreshToEnrol } from '../core/administration/prove-instead.ts';
import { resetFactors } from '../core/administration/reset-factors.ts';
import type { Caller } from '../core/ports.ts';
import {
  backupCodesLeft,
  beginApp,
  confirmApp,
  removeApp,
  renewBackupCodes,
  waitingApp,
} from '../core/second-factor/enrol-app.ts';
import { turnEmailOff, turnEmailOn } from '../core/second-factor/enrol-email.ts';
import { type GateOptions, mustHoldFactor, type SuppliedFactor } from '../core/second-factor/gate.ts';
import type { Signed } from '../core/session/token.ts';
import { forgetTrusted, trustedClients } from '../core/session/trusted-clients.ts';
import { enrollingOf } from './enrolling.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.factor`, given what they need. */
export function factorCases({ clock, enrolling, gating, hasOwnFactor, permissions, sendCodeIfAsked, tokens }: Needs) {
  return {
    /** Whether the account has a second factor of its own that is switched on here. */
    hasOwn: hasOwnFactor,
    /** @throws Fault `factor-required`, `factor-wrong`, `account-blocked`, `address-blocked`, `busy` */
    mustHold: async (signed: Signed, caller: Caller, supplied: SuppliedFactor, options: GateOptions): Promise<void> => {
      // The access token of an application is asked each time: it is nobody's trusted client.
      const asked = signed.token.pool === 'application' ? { ...options, always: true } : options;
      await mustHoldFactor(gating, signed, caller, supplied, asked);
    },
    /** @throws Fault, see `mustBeFreshToEnrol`, `beginApp` */
    beginApp: async (signed: Signed, label: string, caller: Caller) => {
      mustBeFreshToEnrol({ clock, hasOwnFactor }, signed);
      return await beginApp(enrolling, enrollingOf(signed), label, caller);
    },
    /** @throws Fault `factor-off` */
    waitingApp: async (signed: Signed, label: string) => await waitingApp(enrolling, enrollingOf(signed), label),
    /** @throws Fault, see `mustBeFreshToEnrol`, `confirmApp` */
    confirmApp: async (signed: Signed, code: string, caller: Caller): Promise<readonly string[]> => {
      mustBeFreshToEnrol({ clock, hasOwnFactor }, signed);
      return await confirmApp(enrolling, enrollingOf(signed), code, caller);
    },
    /** @throws Fault, see `removeApp` */
    removeApp: async (signed: Signed, code: string, caller: Caller): Promise<void> => {
      await removeApp(enrolling, signed.account, code, caller);
    },
    /** @throws Fault, see `renewBackupCodes` */
    renewBackupCodes: async (signed: Signed, code: string, caller: Caller): Promise<readonly string[]> =>
      await renewBackupCodes(enrolling, signed.account, code, caller),
    /** @throws Fault `factor-off` */
    backupCodesLeft: async (signed: Signed): Promise<number> => await backupCodesLeft(enrolling, signed.account),
    /** @throws Fault, see `turnEmailOn` */
    turnEmailOn: async (signed: Signed, caller: Caller): Promise<void> => {
      await turnEmailOn(enrolling, enrollingOf(signed), caller);
    },
    turnEmailOff: async (signed: Signed, caller: Caller): Promise<void> => {
      await turnEmailOff(enrolling, signed.account, caller);
    },
    /** Mails a fresh code, if the account is asked for such codes at all; nobody learns whether it is. */
    sendEmailCode: async (account: Account, caller: Caller): Promise<void> => {
      await sendCodeIfAsked(account, caller);
    },
    /** The caller's tokens whose client is trusted now. */
    trustedClients: async (signed: Signed) => await trustedClients({ clock, tokens }, signed),
    /** Ends the trust in them, or in the one of this id; says in how many. */
    forgetTrusted: async (signed: Signed, tokenId: string | undefined, caller: Caller): Promise<number> =>
      await forgetTrusted({ clock, tokens }, signed, tokenId, caller),
    /** Takes every second factor of an account away, one's own or another's. @throws Fault, see `resetFactors` */
    reset: async (signed: Signed, account: Account, caller: Caller): Promise<void> => {
      await resetFactors({ ...enrolling, authority: permissions }, signed, account, caller);
    },
  };
}
