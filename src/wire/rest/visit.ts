import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../core/ports.ts';
import type { Signed } from '../../core/session/token.ts';

/** What is known of one request while it is served. */
export interface Visit {
  /** Of the route table, never text of the request: `unmatched` where none fits. */
  readonly route: string;
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
  interface FastifyContextConfig {
    /** Forms with a file are taken. */
    upload?: boolean;
  }
}

/** Begins a request; its id is ours, and nobody's header can set it. */
export function beginVisit(request: IncomingMessage, route: string, callerOf: CallerOf): Visit {
  const { address, userAgent } = callerOf(request);
  return {
    route,
    caller: { door: 'rest', address, userAgent, requestId: randomUUID() },
    startedAt: performance.now(),
    signed: undefined,
    limits: undefined,
  };
}
