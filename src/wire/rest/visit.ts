import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../core/ports.ts';
import type { Signed } from '../../core/session/token.ts';
import type { Endpoint } from './endpoint.ts';
import type { PlainAnswer, PlainRequest } from './plain/plain-route.ts';

/** What stands in the route table: an endpoint, or something outside the JSON API. */
export interface Served {
  /** As it is written in the table, with `:name` for a parameter. */
  readonly route: string;
  readonly endpoint?: Endpoint;
  readonly plain?: (request: PlainRequest, body: unknown) => PlainAnswer | Promise<PlainAnswer>;
  /** Whether calls of something that is no endpoint are counted. */
  readonly limited?: true;
}

/** What is known of one request while it is served. */
export interface Visit {
  /** Of the route table, never text of the request: `unmatched` where none fits. */
  readonly route: string;
  /** Undefined where no route fits. */
  readonly served: Served | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly caller: Caller;
  readonly startedAt: number;
  signed: Signed | undefined;
  /** Headers that tell how many calls are left, once they are counted: names and values in turn. */
  limits: readonly string[] | undefined;
}

/** Who asks, as the connection tells; `main.ts` knows which proxies are believed. */
export type CallerOf = (request: IncomingMessage) => Pick<Caller, 'address' | 'userAgent'>;

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit;
  }
}

/**
 * Begins a request; its id is ours, and nobody's header can set it.
 * @param found what its path leads to; undefined for nothing
 */
export function beginVisit(
  request: IncomingMessage,
  found: { readonly served: Served; readonly params: Visit['params'] } | undefined,
  callerOf: CallerOf,
): Visit {
  const { address, userAgent } = callerOf(request);
  return {
    route: found?.served.route ?? 'unmatched',
    served: found?.served,
    params: found?.params ?? {},
    caller: { door: 'rest', address, userAgent, requestId: randomUUID() },
    startedAt: performance.now(),
    signed: undefined,
    limits: undefined,
  };
}
