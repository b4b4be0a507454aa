import { nothing, openMethod } from '../method.ts';

/** Ends the token of the connection, which stays open as nobody's (realtime.md §9.3). */
export const logout = openMethod({
  name: 'logout',
  enrolment: true,
  scoped: true,
  passwordChange: true,
  params: nothing,
  async run(app, call) {
    if (call.signed === undefined) return;
    // First the connection lets go: the end of its own token must not close it.
    await call.signOut();
    await app.session.logOut(call.signed, call.caller);
  },
});
