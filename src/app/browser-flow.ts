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
import { pageHalfOf } from '../core/session/page-half.ts';
import { openPageSession } from '../core/session/page-session.ts';
import { sendPendingCode, verifyPending } from '../core/session/pending-factor.ts';
import type { Needs } from './needs.ts';

/** Use-cases of `app.browserFlow`, given what they need. */
export function browserFlowCases({ flowing, paging, pending }: Needs) {
  return {
    /** @throws Fault, see `leaveForProvider` */
    leave: async (service: string, errand: Errand) => await leaveForProvider(flowing, service, errand),
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
    /** Where a browser goes that waits here for its second half; undefined for no such. */
    pageHalfOf: async (challengeId: string, browser: string | undefined) =>
      await pageHalfOf(flowing, challengeId, browser),
    /** Signs such a browser in. @returns what its cookie is to hold. @throws Fault, see `verifyPending` */
    verifyAndOpenPage: async (challengeId: string, supplied: SuppliedFactor, caller: Caller): Promise<string> =>
      await openPageSession(paging, await verifyPending(pending, challengeId, supplied, caller)),
  };
}
