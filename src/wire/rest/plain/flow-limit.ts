import type { App } from '../../../app.ts';
import type { RestConfig } from '../endpoint.ts';
import { Limiter } from '../limiter.ts';
import { limitOf, type RouteLimit } from '../route-limit.ts';
import type { PlainAnswer, PlainRequest } from './plain-route.ts';

/** Counts calls of the browser's way by address. */
export type FlowLimit = (route: string, request: PlainRequest) => PlainAnswer | undefined;

/**
 * @param setting holds the limit
 * @returns gives the answer to a call too many (providers.md §2.7), undefined as long as calls are left
 */
export function flowLimit(
  app: App,
  config: Pick<RestConfig, 'development'>,
  setting: RouteLimit = 'Countersign_Rate_Limit_Browser_Flow',
): FlowLimit {
  const limiter = new Limiter(app.clock);
  return (route, { caller }) => {
    const { settings } = app;
    const isOff = config.development === true && !settings.get('API_Enable_Rate_Limiter_Dev');
    if (isOff || !settings.get('API_Enable_Rate_Limiter')) return undefined;
    const counted = limiter.count(caller.address, route, limitOf(settings, setting));
    if (counted.held) return undefined;
    return {
      status: 429,
      text: JSON.stringify({ success: false, error: 'Too many requests. Please try again later.' }),
      headers: {
        'Content-Type': 'application/json',
        'Retry-After': String(Math.ceil((counted.endsAt - app.clock.now()) / 1000)),
      },
    };
  };
}
