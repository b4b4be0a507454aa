import { nothing, userMethod } from '../method.ts';
import { notLoggedIn } from './get-new-token.ts';

/** Ends the other sessions; personal tokens stay (design §1). */
export const removeOtherTokens = userMethod({
  name: 'removeOtherTokens',
  signedOut: notLoggedIn,
  params: nothing,
  async run(app, call) {
    await app.session.endOthers(call.signed, call.caller);
  },
});
