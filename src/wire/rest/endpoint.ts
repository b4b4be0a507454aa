import type { App } from '../../app.ts';
import type { FaultCode } from '../../core/fault.ts';
import type { Caller } from '../../core/ports.ts';
import type { GateOptions, SuppliedFactor } from '../../core/second-factor/gate.ts';
import type { Signed } from '../../core/session/token.ts';
import type { PermissionId } from '../../core/setting/permission-table.ts';
import type { MethodCall } from '../shapes/method-call.ts';
import type { SharedCalls } from '../shapes/shared-calls.ts';
import type { FaultRow } from './faults.ts';
import type { Ready } from './ready.ts';
import type { RouteLimit } from './route-limit.ts';
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
  /** Where calls are limited only if `API_Enable_Rate_Limiter_Dev` says so as well. */
  readonly development?: boolean;
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
  /** How many realtime connections are open at this node. */
  readonly sockets: () => number;
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
  /** Open to sessions of accounts whose password must be changed first. */
  readonly passwordChange?: true;
  /**
   * Whether personal tokens with scopes are let in. Left out: only where a permission stands below, which they must then
   * carry. True for what tells them no more than their owner may always read, or asks for permissions itself.
   */
  readonly scoped?: boolean;
  /**
   * Whether access tokens of applications are let in. Left out: as `scoped` would have it. False for what manages how
   * somebody signs in, or who may what.
   */
  readonly applications?: boolean;
  /** Without it 403, before anything of the request is looked at. */
  readonly permission?: PermissionRule;
  /** Asks for a second factor before `run`. */
  readonly twoFactor?: A extends 'token' ? GateOptions : never;
  /** The setting with a limit of its own; undefined for the usual limit of the settings. */
  readonly rateLimit?: RouteLimit | 'none';
  /**
   * Counts over all nodes together, at the cost of a small write for each call within the limit: for what signs in,
   * makes accounts or sends mails. By a name it is counted together with the calls of that name over the realtime wire.
   */
  readonly limitedAcrossNodes?: true | SharedCalls;
  /** Where this endpoint refuses in other words than the table of all faults. */
  readonly faults?: Partial<Record<FaultCode, FaultRow>>;
  /** False for the answers that carry no `success`. */
  readonly envelope?: false;
}

/** How a call asks for a second factor where that depends on what it asks for. */
export interface OwnGate {
  readonly options: GateOptions;
  readonly supplied: SuppliedFactor;
}

/** An endpoint as it is written. */
export interface EndpointSpec<A extends Auth, Query, Body, Answer> extends Facts<A> {
  readonly query?: Schema<Query>;
  readonly body?: Schema<Body>;
  /** Without `success`, which the server adds. */
  readonly answer: Schema<Answer>;
  /** Asks for a second factor before `run`, in place of `twoFactor` unless it gives undefined. */
  twoFactorFor?(app: App, call: GatedCall<Body>): OwnGate | undefined;
  /** The body is a form with one file in it, see `uploadOf`. */
  readonly upload?: true;
  /** The body is a file of any size that `run` reads as it comes, see `streamOf`. */
  readonly stream?: true;
  run(app: App, call: Call<A, Query, Body>): Answer | Ready | Promise<Answer | Ready>;
}

/** What is known of a call before its second factor. */
export interface GatedCall<Body = unknown> {
  readonly signed: Signed;
  readonly body: Body;
  /** From the headers. */
  readonly supplied: SuppliedFactor;
}

/** An endpoint as the server takes it. */
export interface Endpoint extends Facts<Auth> {
  twoFactorFor?(app: App, call: GatedCall): OwnGate | undefined;
  readonly upload?: true;
  readonly stream?: true;
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
