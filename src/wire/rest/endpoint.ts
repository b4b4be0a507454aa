import type { App } from '../../app.ts';
import type { FaultCode } from '../../core/fault.ts';
import type { Caller } from '../../core/ports.ts';
import type { GateOptions, SuppliedFactor } from '../../core/second-factor/gate.ts';
import type { Signed } from '../../core/session/token.ts';
import type { PermissionId } from '../../core/setting/permission-table.ts';
import type { MethodCall } from '../shapes/method-call.ts';
import type { FaultRow } from './faults.ts';
import type { RateLimit } from './limiter.ts';
import type { Ready } from './ready.ts';
import type { Schema } from './schema.ts';

/** Whether a call needs a token: never, always, or only to be told more. */
export type Auth = 'none' | 'token' | 'optional';

/** What operators decide, as far as the JSON API must know. */
export interface RestConfig {
  /** The address of this server, where the settings hold none. */
  readonly rootUrl: string;
  /** True when `users.createToken` must be shown a secret. */
  readonly tokenSecretRequired: boolean;
  /** Countersign's own version. */
  readonly version: string;
  /** Who shows it may read `/metrics` from anywhere. */
  readonly metricsToken: string | undefined;
}

/** One request to an endpoint, after every check. */
export interface Call<A extends Auth = Auth, Query = unknown, Body = unknown> {
  readonly signed: A extends 'token' ? Signed : A extends 'optional' ? Signed | undefined : undefined;
  readonly query: Query;
  readonly body: Body;
  readonly params: Readonly<Record<string, string>>;
  readonly caller: Caller;
  /** The second factor from the headers. */
  readonly supplied: SuppliedFactor;
  /** The text of the token that was shown; `''` without one. */
  readonly token: string;
  readonly config: RestConfig;
  readonly callMethod: MethodCall;
  /**
   * Runs what is left to do once the answer has left, so that its time tells nothing; failures go to the log.
   * @throws Fault `busy`
   */
  readonly afterwards: (act: () => Promise<void>) => void;
}

export type PermissionRule = { readonly all: readonly PermissionId[] } | { readonly any: readonly PermissionId[] };

interface Facts<A extends Auth> {
  readonly method: 'get' | 'post';
  /** As in the address, `:name` for a parameter that fills its last segment. */
  readonly path: string;
  /** One sentence for the reference. */
  readonly summary: string;
  readonly auth: A;
  /** Open to accounts that have no username yet (rest.md §3.5). */
  readonly withoutUsername?: true;
  /** Open to sessions that are good for setting up a second factor only. */
  readonly enrolment?: true;
  /** Without it 403, before anything of the request is looked at. */
  readonly permission?: PermissionRule;
  /** Asks for a second factor before `run`. */
  readonly twoFactor?: A extends 'token' ? GateOptions : never;
  /** Undefined for the limit of the settings. */
  readonly rateLimit?: RateLimit | 'none';
  /** Where this endpoint refuses in other words than the table of all faults. */
  readonly faults?: Partial<Record<FaultCode, FaultRow>>;
  /** False for the answers that carry no `success`. */
  readonly envelope?: false;
}

/** An endpoint as it is written. */
export interface EndpointSpec<A extends Auth, Query, Body, Answer> extends Facts<A> {
  readonly query?: Schema<Query>;
  readonly body?: Schema<Body>;
  /** Without `success`, which the server adds. */
  readonly answer: Schema<Answer>;
  run(app: App, call: Call<A, Query, Body>): Answer | Ready | Promise<Answer | Ready>;
}

/** An endpoint as the server takes it. */
export interface Endpoint extends Facts<Auth> {
  readonly query?: Schema;
  readonly body?: Schema;
  readonly answer: Schema;
  run(app: App, call: Call): unknown;
}

/**
 * Declares an endpoint. The server makes every check in the order of rest.md §2.3 before `run` is called, so that no
 * endpoint can forget one.
 */
export function endpoint<const A extends Auth, Query, Body, Answer>(
  spec: EndpointSpec<A, Query, Body, Answer>,
): Endpoint {
  // The server hands over only what the checks of this very spec have let through.
  return spec as unknown as Endpoint;
}
