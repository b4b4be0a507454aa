import type { Claim } from '../core/account/account.ts';
import { FirstVisit } from '../core/administration/first-visit.ts';
import { joinWaiting } from '../core/administration/identities.ts';
import type { Identity } from '../core/external-login/identity.ts';
import { Fault } from '../core/fault.ts';
import type { GivenPassword } from '../core/password/password.ts';
import type { Caller } from '../core/ports.ts';
import type { LoggedIn } from '../core/session/log-in.ts';
import { type HalfOrWhole, logInOrPend } from '../core/session/log-in-or-pend.ts';
import { logOut } from '../core/session/log-out.ts';
import { waitAtPage } from '../core/session/page-half.ts';
import {
  closePageSession,
  findPageSession,
  leavePageSession,
  openPageSession,
  type PageSigned,
} from '../core/session/page-session.ts';
import { makePageToken, type PageToken } from '../core/session/page-token.ts';
import { capOf } from '../core/session/policy.ts';
import type { Signed } from '../core/session/token.ts';
import { takeWaitingJoin } from '../core/session/waiting-join.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.page`: browsers that stay signed in at our own pages. */
export function pageCases({
  challenges,
  clock,
  identifying,
  namedProof,
  paging,
  pending,
  pictures,
  sealer,
  settings,
  store,
  tokens,
}: Needs) {
  const end = async (signed: Signed, caller: Caller): Promise<void> => {
    await logOut({ clock, tokens }, signed, caller);
  };
  const firstVisit = new FirstVisit({ clock, settings, audit: store.audit });
  return {
    /** Whether nobody has ever signed in here, as far as the first steps are not done, see `FirstVisit`. */
    nobodyWasHere: async (): Promise<{ readonly held: boolean }> => await firstVisit.isAhead(),
    /** Signs in with a password, the local one or the directory's, or keeps the first half. @throws Fault, see `logInOrPend` */
    logIn: async (claim: Claim, password: GivenPassword, caller: Caller): Promise<HalfOrWhole> =>
      await logInOrPend(pending, namedProof(claim, password, caller), caller),
    /** @returns what the browser's cookie is to hold, see `waitAtPage` */
    waitForFactor: async (challengeId: string, accountId: string, returnTo: string): Promise<string> =>
      await waitAtPage(pending, challengeId, accountId, returnTo),
    /** @returns what the cookie is to hold, see `openPageSession` */
    open: async (loggedIn: LoggedIn): Promise<string> => await openPageSession(paging, loggedIn),
    /**
     * Keeps a session that our own pages have opened by the interface. It was proved when it was opened.
     * @returns what the cookie is to hold. @throws Fault `not-signed-in` for what is no session
     */
    keep: async (signed: Signed): Promise<string> => {
      const { token } = signed;
      const isSession = token.pool === 'interactive' || token.pool === 'script';
      if (!isSession) throw new Fault('not-signed-in');
      if (token.pool === 'script') await tokens.makeInteractive(token.hash, capOf(settings, 'interactive'));
      return await openPageSession(paging, { token, kind: 'resume' }, token.createdAt);
    },
    /** What a page calls the interface with for the next minutes, see `makePageToken`. */
    tokenFor: ({ token }: Signed): PageToken => makePageToken({ clock, sealer }, token),
    /** Who a cookie stands for; undefined for nobody. */
    find: async (text: string): Promise<PageSigned | undefined> => await findPageSession(paging, text),
    /** The same, and whoever has to do something first, which is what the page asks for then. */
    findWaiting: async (text: string): Promise<PageSigned | undefined> =>
      await findPageSession(paging, text, { restricted: true }),
    /** Joins what the browser brought and could not sign in with. @throws Fault, see `joinWaiting` */
    join: async (signed: Signed, browser: string | undefined, password: string, caller: Caller): Promise<void> => {
      const take = async (): Promise<Identity> =>
        await takeWaitingJoin({ clock, sealer, challenges, isOn: pending.isOn }, browser);
      const identity = await joinWaiting(identifying, signed, take, password, caller);
      pictures.begin(signed.account, identity, caller);
    },
    /** Ends the session behind a cookie, if there is one. */
    logOut: async (text: string, caller: Caller): Promise<void> => {
      const found = await findPageSession(paging, text, { restricted: true });
      if (found !== undefined) await end(found.signed, caller);
      await closePageSession(paging, text);
    },
    /**
     * Takes leave of whom a browser belonged to, and ends their session. Of the same person, what applications were let in
     * by goes on with the new session, and ends with that.
     * @param text what its cookie held
     * @param by who has signed in with it now
     */
    leave: async (text: string, by: Signed, caller: Caller): Promise<void> => {
      const found = await findPageSession(paging, text, { restricted: true });
      const before = found?.signed.token.hash;
      const isSame = found?.signed.account.id === by.account.id && before !== by.token.hash;
      if (isSame && before !== undefined) await store.openIdRecords.moveSessions(before, by.token.hash);
      await leavePageSession(paging, text, by.account.id, async (signed) => {
        await end(signed, caller);
      });
      if (isSame) await end(found.signed, caller);
    },
  };
}
