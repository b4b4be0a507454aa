import type { App } from '../../app.ts';
import { Fault } from '../../core/fault.ts';
import type { SuppliedFactor } from '../../core/second-factor/gate.ts';
import { restrictionOf } from '../../core/session/restricted.ts';
import type { Signed } from '../../core/session/token.ts';
import { decodeEjson, encodeEjson } from '../shapes/ejson.ts';
import { type MethodAnswer, methodError } from '../shapes/method-call.ts';
import { errorOf, tooMany } from './errors.ts';
import type { Hub } from './hub.ts';
import type { AnyMethod, Call, OwnGate } from './method.ts';
import { triesSecrets } from './rates.ts';
import { Refusal } from './refusal.ts';

/** A method call, from whichever door. */
export interface Dispatched {
  readonly name: string;
  /** Still EJSON. */
  readonly params: readonly unknown[];
  readonly call: Omit<Call, 'signed' | 'afterwards'>;
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
  const counted = { kind: 'method', name, address: call.caller.address, accountId, connection } as const;
  const waitMs = hub.rates.take(counted);
  if (waitMs > 0 && !(await isSpared(hub, asked)).held) {
    return { known: true, answer: { error: tooMany(waitMs) } };
  }
  if (method === undefined) {
    return { known: false, answer: { error: methodError({ error: 404, reason: `Method '${name}' not found` }) } };
  }
  try {
    if (waitMs === 0 && hub.rates.isShared(counted) && !(await isSpared(hub, asked)).held) {
      const sharedMs = await hub.rates.takeShared(hub.app.counts, counted);
      if (sharedMs > 0) return { known: true, answer: { error: tooMany(sharedMs) } };
    }
    return { known: true, answer: { result: encodeEjson(await run(hub, method, asked)) } };
  } catch (cause) {
    return { known: true, answer: { error: errorOf(hub, cause, name) } };
  }
}

/** Whether the caller may go beyond the limits of calls; nobody may where secrets are tried. */
async function isSpared(hub: Hub, { name, accountId, signed }: Dispatched): Promise<{ readonly held: boolean }> {
  if (accountId === undefined || triesSecrets(name)) return { held: false };
  try {
    const shown = await signed();
    if (shown === undefined || shown.token.enrolsOnly) return { held: false };
    return hub.app.permissions.held(shown, 'api-bypass-rate-limit');
  } catch {
    // Whose token is gone is told so by the next call that is within the limits.
    return { held: false };
  }
}

async function run({ app, afterwards }: Hub, method: AnyMethod, asked: Dispatched): Promise<unknown> {
  const shown = method.ignoresCaller ? undefined : await asked.signed();
  const openTo = { enrol: method.enrolment, passwordChange: method.passwordChange, scoped: method.scoped };
  const restriction = shown === undefined ? undefined : restrictionOf(shown, openTo);
  if (restriction !== undefined && method.needsUser) throw new Fault(restriction);
  const signed = restriction === undefined ? shown : undefined;
  if (method.needsUser && signed === undefined) throw new Refusal(method.signedOut ?? { error: 403 });
  const given = decodeEjson(asked.params) as readonly unknown[];
  const gate = signed === undefined ? undefined : gateOf(app, method, signed, given);
  const params =
    gate === undefined || signed === undefined ? given : await throughGate(app, { ...asked, ...gate, signed }, given);
  const about = { requestId: asked.call.caller.requestId, method: asked.name };
  const later: Call['afterwards'] = (act) => {
    afterwards.run(act, about);
  };
  return await method.run(app, { ...asked.call, signed, afterwards: later }, params);
}

type Gated = Pick<Dispatched, 'call' | 'supplied'> & OwnGate & { readonly signed: Signed };

function gateOf(app: App, method: AnyMethod, signed: Signed, given: readonly unknown[]): OwnGate | undefined {
  const { twoFactor: options } = method;
  return options === undefined ? method.twoFactorFor?.(app, signed, given) : { options, otherwise: undefined };
}

/** Asks for the second factor, and takes what brought it off the parameters (realtime.md §11.4). */
async function throughGate(app: App, gated: Gated, given: readonly unknown[]): Promise<readonly unknown[]> {
  const last = given.at(-1);
  const brought = suppliedBy(last);
  const beside = gated.supplied.code === undefined ? (gated.otherwise ?? gated.supplied) : gated.supplied;
  await app.factor.mustHold(gated.signed, gated.call.caller, brought ?? beside, gated.options);
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
