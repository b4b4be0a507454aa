import { Fault } from '../../core/fault.ts';
import { faultText } from '../shapes/fault-text.ts';
import { type MethodError, methodError } from '../shapes/method-call.ts';
import type { Hub } from './hub.ts';
import { Refusal } from './refusal.ts';

const internal = methodError({ error: 500, reason: 'Internal server error' });

/**
 * What a client reads of something that was thrown (realtime.md §6). What is no refusal is our bug: it goes to the log
 * with its cause, and the client learns nothing of it.
 * @param where names the method or publication, for the log
 */
export function errorOf(hub: Pick<Hub, 'app' | 'log'>, cause: unknown, where: string): MethodError {
  if (cause instanceof Refusal) return methodError(cause.text);
  if (cause instanceof Fault) {
    const ambiguous = hub.app.settings.get('Accounts_Ambiguous_Login_Errors') === 'something-went-wrong';
    if (cause.code === 'unavailable') hub.log('The store did not answer a realtime call.', { where, cause });
    return methodError(faultText(cause, { ambiguous }));
  }
  hub.log('A realtime call ended in an error of ours.', { where, cause });
  return internal;
}

/** @param waitMs how long to wait, in ms */
export function tooMany(waitMs: number): MethodError {
  return methodError(faultText(new Fault('rate-limited', { retryAfterMs: Math.ceil(waitMs) })));
}
