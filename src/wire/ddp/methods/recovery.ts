import { logInResult } from '../../shapes/log-in-result.ts';
import { nothing, openMethod, userMethod } from '../method.ts';
import { fieldOf, fieldsOf, passwordOf, textOf } from '../params.ts';
import { Refusal } from '../refusal.ts';

/** Mails a link that sets a new password. Everybody is told the same in the same time (attacks B10, I08). */
export const sendForgotPasswordEmail = openMethod({
  name: 'sendForgotPasswordEmail',
  ignoresCaller: true,
  params: ([email]) => textOf(email),
  async run(app, { caller, afterwards }, email) {
    app.recovery.mustAllowReset();
    afterwards(async () => {
      await app.recovery.askForReset(email, caller);
    });
    return await Promise.resolve(true);
  },
});

/** The framework's own name for it; Meteor tells who exists, this does not. */
export const forgotPassword = openMethod({
  name: 'forgotPassword',
  ignoresCaller: true,
  params: ([given]) => textOf(fieldOf(fieldsOf(given), 'email')),
  async run(app, { caller, afterwards }, email) {
    app.recovery.mustAllowReset();
    afterwards(async () => {
      await app.recovery.askForReset(email, caller);
    });
    await Promise.resolve();
  },
});

/** Sets a password by a mailed link. An account with a second factor gets no session by it, and so no token. */
export const resetPassword = openMethod({
  name: 'resetPassword',
  ignoresCaller: true,
  params: ([token, password]) => ({ token: textOf(token), password: passwordOf(password) }),
  async run(app, call, { token, password }) {
    const { id, loggedIn } = await app.recovery.resetAndSignIn(token, password, call.caller);
    if (loggedIn === undefined) return { id };
    await call.signIn(loggedIn);
    return logInResult(loggedIn);
  },
});

/** Mails a link that verifies an address; who exists is not told. */
export const sendConfirmationEmail = openMethod({
  name: 'sendConfirmationEmail',
  params: ([email]) => textOf(email),
  async run(app, { signed, caller, afterwards }, email) {
    afterwards(async () => {
      await app.recovery.askForVerification(email, signed, caller);
    });
    return await Promise.resolve(true);
  },
});

/**
 * Verifies an address. It signs nobody in, and says so in the form that clients know: an error after the address was
 * verified (realtime.md §14.2).
 */
export const verifyEmail = openMethod({
  name: 'verifyEmail',
  ignoresCaller: true,
  params: ([token]) => textOf(token),
  async run(app, { caller }, token) {
    await app.recovery.verifyEmail(token, caller);
    throw new Refusal({ error: 'verify-email', reason: 'E-mail verified' });
  },
});

/** Gives the caller the role that goes with a verified address. */
export const afterVerifyEmail = userMethod({
  name: 'afterVerifyEmail',
  params: nothing,
  async run(app, { signed, caller }) {
    await app.recovery.settle(signed, caller);
  },
});
