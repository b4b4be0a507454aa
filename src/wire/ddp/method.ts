import type { App } from '../../app.ts';
import type { Caller } from '../../core/ports.ts';
import type { GateOptions, SuppliedFactor } from '../../core/second-factor/gate.ts';
import type { LoggedIn } from '../../core/session/log-in.ts';
import type { Signed } from '../../core/session/token.ts';
import type { FaultText } from '../shapes/fault-text.ts';

/** One call of a method. Signing in and out are the only things that a method may do to its connection. */
export interface Call {
  /** `requestId` is the id of the connection. */
  readonly caller: Caller;
  /** The caller as the store knows them at this moment. */
  readonly signed: Signed | undefined;
  /** Makes the connection theirs; does nothing where there is no connection. */
  signIn(loggedIn: LoggedIn): Promise<void>;
  /** Makes the connection nobody's. */
  signOut(): Promise<void>;
  /**
   * Runs what is left to do once the answer has left, so that its time tells nothing; failures go to the log.
   * @throws Fault `busy`
   */
  afterwards(act: () => Promise<void>): void;
}

interface Common<Params> {
  readonly name: string;
  /** Reads the parameters strictly. @throws Fault `malformed` */
  readonly params: (given: readonly unknown[]) => Params;
  /** Open to sessions that are good for setting up a second factor only; for all others those are nobody's. */
  readonly enrolment?: true;
  /** Open to sessions of accounts whose password must be changed first; for all others those are nobody's. */
  readonly passwordChange?: true;
  /**
   * Open to personal tokens with scopes: what tells them no more than their owner may always read, or asks for
   * permissions itself. For all others those are nobody's.
   */
  readonly scoped?: true;
}

/** For anybody, also signed out. */
export interface OpenMethod<Params> extends Common<Params> {
  /** The answer to `undefined` has no result. */
  run(app: App, call: Call, params: Params): Promise<unknown>;
  /** True where it is of no account who calls, so that no token is looked up: log-ins. */
  readonly ignoresCaller?: boolean;
}

/** Only for somebody. */
export interface UserMethod<Params> extends Common<Params> {
  run(app: App, call: Call & { readonly signed: Signed }, params: Params): Promise<unknown>;
  /** What whoever is signed out is told, where it is not `Invalid user`. */
  readonly signedOut?: FaultText;
  /** The second factor is asked by whoever calls the method, so that none can forget it. */
  readonly twoFactor?: GateOptions;
  /** The same where it depends on what is asked; undefined where none is due. */
  twoFactorFor?(app: App, signed: Signed, given: readonly unknown[]): OwnGate | undefined;
}

/** How a call asks for a second factor. */
export interface OwnGate {
  readonly options: GateOptions;
  /** Taken where neither the parameters nor the headers bring a code. */
  readonly otherwise: SuppliedFactor | undefined;
}

/** A method as the dispatcher sees it, whatever its parameters are. */
export interface AnyMethod {
  readonly name: string;
  readonly ignoresCaller: boolean;
  readonly enrolment: boolean;
  readonly passwordChange: boolean;
  readonly scoped: boolean;
  readonly needsUser: boolean;
  readonly signedOut: FaultText | undefined;
  readonly twoFactor: GateOptions | undefined;
  twoFactorFor?(app: App, signed: Signed, given: readonly unknown[]): OwnGate | undefined;
  /** @throws Fault, Refusal */
  run(app: App, call: Call, given: readonly unknown[]): Promise<unknown>;
}

const invalidUser: FaultText = { error: 'error-invalid-user', reason: 'Invalid user' };

/** Declares a method that anybody may call. */
export function openMethod<Params>(method: OpenMethod<Params>): AnyMethod {
  return {
    name: method.name,
    ignoresCaller: method.ignoresCaller === true,
    enrolment: method.enrolment === true,
    passwordChange: method.passwordChange === true,
    scoped: method.scoped === true,
    needsUser: false,
    signedOut: undefined,
    twoFactor: undefined,
    run: async (app, call, given) => await method.run(app, call, method.params(given)),
  };
}

/** Declares a method for whoever is signed in. */
export function userMethod<Params>(method: UserMethod<Params>): AnyMethod {
  const { twoFactor } = method;
  const gated: FaultText = { ...invalidUser, details: { method: 'twoFactorRequired' } };
  return {
    name: method.name,
    ignoresCaller: false,
    enrolment: method.enrolment === true,
    passwordChange: method.passwordChange === true,
    scoped: method.scoped === true,
    needsUser: true,
    signedOut: method.signedOut ?? (twoFactor === undefined ? invalidUser : gated),
    twoFactor,
    ...(method.twoFactorFor === undefined ? {} : { twoFactorFor: method.twoFactorFor.bind(method) }),
    async run(app, call, given) {
      const { signed } = call;
      // The dispatcher has refused already; this keeps the types honest.
      if (signed === undefined) throw new TypeError(`${method.name} was run for nobody`);
      return await method.run(app, { ...call, signed }, method.params(given));
    },
  };
}

/** For methods that take nothing; what is sent all the same is ignored. */
export function nothing(): undefined {
  return undefined;
}
