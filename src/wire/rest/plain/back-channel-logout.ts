import type { App } from '../../../app.ts';
import { Fault } from '../../../core/fault.ts';
import type { RestConfig } from '../endpoint.ts';
import { flowLimit } from './flow-limit.ts';
import type { PlainAnswer, PlainRoute } from './plain-route.ts';

/** Where providers tell that a session of theirs is over (OpenID Connect Back-Channel Logout 1.0 §2.5, §2.8). */
export function backChannelLogout(app: App, config: Pick<RestConfig, 'development'>): PlainRoute {
  const within = flowLimit(app, config, 'Countersign_Rate_Limit_Provider_Logouts');
  return {
    path: '/_oauth/:service/backchannel-logout',
    countsItself: true,
    run: () => answer(405, { error: 'invalid_request', error_description: 'Logout tokens are posted.' }),
    async post(request, form) {
      const tooMany = within('logout', request);
      if (tooMany !== undefined) return tooMany;
      try {
        const { logout_token: token = '' } = form;
        await app.external.logOutByProvider(request.params['service'] ?? '', token, request.caller);
        return { status: 200, text: '', headers: noStore };
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        const isOurs = cause.code === 'provider-unreachable' || cause.code === 'unavailable' || cause.code === 'busy';
        const description = isOurs ? 'The logout token cannot be checked now.' : 'The logout token was not accepted.';
        return answer(400, { error: 'invalid_request', error_description: description });
      }
    },
  };
}

const noStore = { 'Cache-Control': 'no-store' };

function answer(status: number, body: object): PlainAnswer {
  return { status, text: JSON.stringify(body), headers: { ...noStore, 'Content-Type': 'application/json' } };
}
