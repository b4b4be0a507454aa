import type { Caller } from '../../core/ports.ts';
import type { SuppliedFactor } from '../../core/second-factor/gate.ts';
import type { Signed } from '../../core/session/token.ts';
import type { FaultText } from './fault-text.ts';

/** An error as realtime clients read it; the keys stand in this order on the wire (realtime.md §6.1). */
export interface MethodError {
  readonly isClientSafe: true;
  readonly error: string | number;
  readonly reason?: string;
  readonly details?: unknown;
  readonly message: string;
  readonly errorType: 'Meteor.Error';
}

/** What a method came to. An undefined result has no key on the wire. */
export type MethodAnswer = { readonly result: unknown } | { readonly error: MethodError };

/**
 * Runs one realtime method for somebody who has no socket (realtime.md §15). It never throws: a refusal, a limit or a
 * bug of ours comes back as `error`. A log-in done this way signs no socket in.
 * @param name the name inside the message, not the one in the address
 * @param params as they were parsed from JSON, still EJSON; what comes back is ready for `JSON.stringify`
 * @param signed who shows a live token, or undefined
 * @param supplied the second factor from the headers, used where no trailing parameter brings one
 */
export type MethodCall = (
  name: string,
  params: readonly unknown[],
  caller: Caller,
  signed: Signed | undefined,
  supplied: SuppliedFactor,
) => Promise<MethodAnswer>;

/** The error object of a refusal. */
export function methodError({ error, reason, details }: FaultText): MethodError {
  return {
    isClientSafe: true,
    error,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    message: reason === undefined ? `[${error}]` : `${reason} [${error}]`,
    errorType: 'Meteor.Error',
  };
}

/** A method message that came inside a REST body. */
export interface MethodMessage {
  readonly id: string;
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * Reads the text of a method message (rest.md §10).
 * @returns undefined when it is none: `Invalid method call`
 */
export function decodeMethodMessage(text: string): MethodMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return undefined;
  const { msg, id, method, params = [] } = message as Readonly<Record<string, unknown>>;
  if (msg !== 'method' || typeof id !== 'string' || typeof method !== 'string' || !Array.isArray(params)) {
    return undefined;
  }
  return { id, method, params };
}

/** The text of the message that answers it. */
export function renderMethodAnswer(id: string, answer: MethodAnswer): string {
  return JSON.stringify({ msg: 'result', id, ...answer });
}
