import type { App } from '../../app.ts';
import { Fault } from '../../core/fault.ts';
import type { SuppliedFactor } from '../../core/second-factor/gate.ts';
import type { Signed } from '../../core/session/token.ts';
import { decodeEjson, encodeEjson } from '../shapes/ejson.ts';
import { type MethodAnswer, methodError } from '../shapes/method-call.ts';
import { errorOf, tooMany } from './errors.ts';
import type { Hub } from './hub.ts';
import type { AnyMethod, Call } from './method.ts';
import { Refusal } from './refusal.ts';

/** A method call, from whichever door. */
export interface Dispatched {
  readonly name: string;
  /** Still EJSON. */
  readonly params: readonly unknown[];
  readonly call: Omit<Call, 'signed'>;
  /** For the limits: the account that is known without a look at the store, and what stands for the connection. */
  readonly accountId: string | undefined;
  readonly connection: string;
  /** The caller as the store knows them now. @throws Fault where the token is gone */
  readonly signed: () => Promise<Signed | undefined>;
  /** From the headers of a REST call; on a socket the factor comes as a trailing parameter only (realtime.md §11.1). */
  readonly supplied: SuppliedFactor;
}

/** What came of it; `known` is false for a method that does not exist. */
export interface Dispatch {
  readonly known: boolean;
  readonly answer: MethodAnswer;
}

/**
 * Runs a method: limits, then whether it exists, then the caller, the second factor, the parameters, the body. Nothing
 * is ever thrown, and results come back encoded.
 */
export async function dispatch(hub: Hub, asked: Dispatched): Promise<Dispatch> {
  const { name, call, accountId, connection } = asked;
  const method = hub.methods.get(name);
  const waitMs = hub.rates.take({ kind: 'method', name, address: call.caller.address, accountId, connection });
  if (waitMs > 0) return { known: true, answer: { error: tooMany(waitMs) } };
  if (method === undefined) {
    return { known: false, answer: { error: methodError({ error: 404, reason: `Method '${name}' not found` }) } };
  }
  try {
    return { known: true, answer: { result: encodeEjson(await run(hub.app, method, asked)) } };
  } catch (cause) {
    return { known: true, answer: { error: errorOf(hub, cause, name) } };
  }
}

async function run(app: App, method: AnyMethod, asked: Dispatched): Promise<unknown> {
  const shown = method.ignoresCaller ? undefined : await asked.signed();
  const isForEnrolling = shown?.token.enrolsOnly === true && !method.enrolment;
  if (isForEnrolling && method.needsUser) throw new Fault('factor-enrolment-required');
  const signed = isForEnrolling ? undefined : shown;
  if (method.needsUser && signed === undefined) throw new Refusal(method.signedOut ?? { error: 403 });
  const given = decodeEjson(asked.params) as readonly unknown[];
  const params =
    method.twoFactor === undefined || signed === undefined
      ? given
      : await throughGate(app, { ...asked, signed, options: method.twoFactor }, given);
  return await method.run(app, { ...asked.call, signed }, params);
}

type Gated = Pick<Dispatched, 'call' | 'supplied'> & {
  readonly signed: Signed;
  readonly options: NonNullable<AnyMethod['twoFactor']>;
};

/** Asks for the second factor, and takes what brought it off the parameters (realtime.md §11.4). */
async function throughGate(app: App, gated: Gated, given: readonly unknown[]): Promise<readonly unknown[]> {
  const last = given.at(-1);
  const brought = suppliedBy(last);
  await app.factor.mustHold(gated.signed, gated.call.caller, brought ?? gated.supplied, gated.options);
  const isEmpty = last === null || last === undefined || last === '' || last === false || last === 0;
  return brought !== undefined || isEmpty ? given.slice(0, -1) : given;
}

function suppliedBy(last: unknown): SuppliedFactor | undefined {
  if (typeof last !== 'object' || last === null) return undefined;
  if (!Object.hasOwn(last, 'twoFactorCode') || !Object.hasOwn(last, 'twoFactorMethod')) return undefined;
  const { twoFactorCode: code, twoFactorMethod: method } = last as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || typeof method !== 'string') throw new Fault('malformed');
  return { code, method };
}
