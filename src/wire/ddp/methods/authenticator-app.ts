import { Fault, type FaultCode } from '../../../core/fault.ts';
import { appLabelOf } from '../../shapes/app-label.ts';
import { type FaultText, faultText } from '../../shapes/fault-text.ts';
import { nothing, userMethod } from '../method.ts';
import { textOf } from '../params.ts';
import { Refusal } from '../refusal.ts';

const signedOut: FaultText = { error: 'not-authorized' };

function codeOf([code]: readonly unknown[]): string {
  return textOf(code);
}

/** Makes a secret that waits for its first code (realtime.md §11.7). */
export const beginApp = userMethod({
  name: '2fa:enable',
  enrolment: true,
  signedOut,
  // Over REST everybody is asked; clients of this method expect that only of those who have another factor already.
  twoFactor: { remember: false, always: false, fallback: false },
  params: nothing,
  async run(app, call) {
    try {
      return await app.factor.beginApp(call.signed, appLabelOf(call.signed.account), call.caller);
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.code !== 'factor-emails-unverified') throw cause;
      throw new Refusal({ ...faultText(cause), details: { method: '2fa:enable' } });
    }
  },
});

/** Turns it on with a first code; every other session ends, whatever door this is. */
export const confirmApp = userMethod({
  name: '2fa:validateTempToken',
  enrolment: true,
  signedOut,
  params: codeOf,
  run: async (app, call, code) => ({ codes: await app.factor.confirmApp(call.signed, code, call.caller) }),
});

/** @returns false for a wrong code, and where there is no app */
export const removeApp = userMethod({
  name: '2fa:disable',
  signedOut,
  params: codeOf,
  run: async (app, call, code) =>
    await unless(['factor-off', 'factor-code-wrong'], false, async () => {
      await app.factor.removeApp(call.signed, code, call.caller);
      return true;
    }),
});

/** New backup codes; nothing for a wrong code. */
export const renewBackupCodes = userMethod({
  name: '2fa:regenerateCodes',
  signedOut,
  params: codeOf,
  run: async (app, call, code) =>
    await unless(['factor-code-wrong'], undefined, async () => ({
      codes: await app.factor.renewBackupCodes(call.signed, code, call.caller),
    })),
});

/** How many backup codes are left. */
export const countBackupCodes = userMethod({
  name: '2fa:checkCodesRemaining',
  enrolment: true,
  signedOut,
  params: nothing,
  run: async (app, call) => ({ remaining: await app.factor.backupCodesLeft(call.signed) }),
});

/** What `act` gives, or `otherwise` where it is refused for one of these reasons, which this wire tells by its result. */
async function unless<T>(codes: readonly FaultCode[], otherwise: T, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof Fault && codes.includes(cause.code)) return otherwise;
    throw cause;
  }
}
