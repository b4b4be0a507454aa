import type { Caller } from '../core/ports.ts';
import type { SuppliedFactor } from '../core/second-factor/gate.ts';
import {
  type CameBack,
  comeBack,
  type Errand,
  keepBrought,
  leaveForProvider,
  takeBrought,
} from '../core/session/browser-flow.ts';
import { logInByCredential } from '../core/session/credential.ts';
import type { Proof } from '../core/session/log-in.ts';
import { type HalfOrWhole, logInOrPend } from '../core/session/log-in-or-pend.ts';
import { casHalf, pageHalfOf, samlHalf } from '../core/session/page-half.ts';
import { leaveForPage } from '../core/session/page-leave.ts';
import { openPageSession } from '../core/session/page-session.ts';
import { offerPending, sendPendingCode, verifyPending } from '../core/session/pending-factor.ts';
import { keepingJoin } from '../core/session/waiting-join.ts';
import type { Needs } from './needs.ts';
import { noFactor } from './no-factor.ts';

/** Use-cases of `app.browserFlow`, given what they need. */
export function browserFlowCases({ assertions, cas, crediting, flowing, paging, pending }: Needs) {
  return {
    /** @throws Fault, see `leaveForProvider` */
    leave: async (service: string, errand: Errand) => await leaveForProvider(flowing, service, errand),
    /** The same for the SAML provider and the CAS server, on behalf of our own pages. @throws Fault, see `leaveForPage` */
    leaveForPage: async (way: 'saml' | 'cas', returnTo: string) =>
      await leaveForPage({ ...assertions, cas, rootUrl: flowing.rootUrl }, way, returnTo),
    /** @throws Fault, see `keepBrought` */
    keepBrought: async (params: Readonly<Record<string, string>>): Promise<string> =>
      await keepBrought(flowing, params),
    /** @throws Fault `pending-log-in-unknown` */
    takeBrought: async (name: string) => await takeBrought(flowing, name),
    /** Ends a flow; a code is mailed where that is the factor that is due. @throws Fault, see `comeBack` */
    comeBack: async (
      service: string,
      params: Readonly<Record<string, string>>,
      browser: string | undefined,
      caller: Caller,
    ): Promise<CameBack> => {
      const back = await comeBack(flowing, service, params, browser, caller);
      if ('challengeId' in back && back.method === 'email') await sendPendingCode(pending, back.challengeId, caller);
      return back;
    },
    /**
     * Ends at our own pages what `leaveForPage` began.
     * @param token what the browser came back with
     * @throws Fault, see `logInByCredential`
     */
    logInAtPage: async (
      way: 'saml' | 'cas',
      token: string,
      browser: string | undefined,
      caller: Caller,
    ): Promise<HalfOrWhole> =>
      await keepingJoin(flowing, browser, async (vouch) => {
        const logIn = async (proof: Proof): Promise<HalfOrWhole> => await logInOrPend(pending, proof, caller);
        return await logInByCredential(
          { ...crediting, vouch, logIn },
          way,
          { token, secret: undefined },
          caller,
          noFactor,
        );
      }),
    /** Where a browser goes that came back by `leaveForPage`; undefined for one that did not. */
    pageErrandOf: async (way: 'saml' | 'cas', token: string, browser: string | undefined) =>
      await pageHalfOf(flowing, way === 'saml' ? samlHalf(token) : casHalf(token), browser),
    /** What a browser that waits for its second half can show. @throws Fault, see `offerPending` */
    offer: async (challengeId: string, method: string | undefined, caller: Caller) =>
      await offerPending(pending, challengeId, method, caller),
    /** Where a browser goes that waits here for its second half; undefined for no such. */
    pageHalfOf: async (challengeId: string, browser: string | undefined) =>
      await pageHalfOf(flowing, challengeId, browser),
    /** Signs such a browser in. @returns what its cookie is to hold. @throws Fault, see `verifyPending` */
    verifyAndOpenPage: async (challengeId: string, supplied: SuppliedFactor, caller: Caller): Promise<string> =>
      await openPageSession(paging, await verifyPending(pending, challengeId, supplied, caller)),
  };
}
