import { userMethod } from '../method.ts';
import { passwordOf } from '../params.ts';

/** Keeps the session of the connection and ends the others (realtime.md §14.4). */
export const changePassword = userMethod({
  name: 'changePassword',
  passwordChange: true,
  signedOut: { error: 401, reason: 'Must be logged in' },
  params: ([old, fresh]) => ({ old: passwordOf(old), fresh: passwordOf(fresh) }),
  async run(app, call, { old, fresh }) {
    await app.account.changeOwnPassword(call.signed, old, fresh, call.caller);
    return { passwordChanged: true };
  },
});
