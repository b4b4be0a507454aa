import { logInResult } from '../../shapes/log-in-result.ts';
import { nothing, userMethod } from '../method.ts';
import { Refusal } from '../refusal.ts';

/** Meteor puts the sentence where the code belongs. */
export const notLoggedIn = { error: 'You are not logged in.' };

/** A further token, bound to the connection; the old one stays valid (realtime.md §10.5). */
export const getNewToken = userMethod({
  name: 'getNewToken',
  signedOut: notLoggedIn,
  params: nothing,
  async run(app, call) {
    // A session made from a personal token would outlive its removal.
    if (call.signed.token.pool === 'personal') throw new Refusal({ error: 'Invalid login token' });
    const renewed = await app.session.renew(call.signed, call.caller);
    await call.signIn(renewed);
    const { id, token, tokenExpires } = logInResult(renewed);
    return { id, token, tokenExpires };
  },
});
