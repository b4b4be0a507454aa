import { Fault } from '../../../core/fault.ts';
import { userMethod } from '../method.ts';
import { passwordOf } from '../params.ts';

/** The password that an account must choose before anything else; always in clear (realtime.md §14.4). */
export const setUserPassword = userMethod({
  name: 'setUserPassword',
  passwordChange: true,
  signedOut: { error: 'error-invalid-user', reason: 'Invalid user', details: { method: 'setUserPassword' } },
  params: ([fresh]) => {
    if (typeof fresh !== 'string') throw new Fault('malformed');
    return passwordOf(fresh);
  },
  async run(app, call, fresh) {
    await app.account.changeRequiredPassword(call.signed, fresh, call.caller);
  },
});
