import { Fault } from '../../core/fault.ts';
import type { Endpoint } from './endpoint.ts';
import { restFaults } from './faults.ts';
import { Refusal, type RefusalAnswer } from './refusal.ts';

/** Tells the operator something, with what is known of it. */
export type Log = (sentence: string, facts: Readonly<Record<string, unknown>>) => void;

/**
 * The answer to whatever was thrown. What is no refusal is our bug: logged with its cause, and told in no detail.
 * @param endpoint where it happened; undefined before a route was found
 */
export function refusedWith(
  cause: unknown,
  endpoint: Endpoint | undefined,
  log: Log,
  facts: Readonly<Record<string, unknown>>,
): RefusalAnswer {
  if (cause instanceof Refusal) return cause.answer;
  if (cause instanceof Fault && cause.code === 'unavailable') {
    log('The store does not answer.', { ...facts, cause: cause.cause });
  }
  if (cause instanceof Fault) return (endpoint?.faults?.[cause.code] ?? restFaults[cause.code])(cause);
  const { code, statusCode } = coding(cause);
  if (code.startsWith('FST_') && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, body: { success: false, error: told[statusCode] ?? 'Bad Request' } };
  }
  // The client went away while it was sending: nobody reads this.
  if (code === 'ECONNRESET') return { status: 400, body: { success: false, error: 'Bad Request' } };
  log('A request failed by a fault of ours.', { ...facts, cause });
  return { status: 500, body: { success: false, error: 'Internal server error' } };
}

const told: Readonly<Record<number, string>> = {
  408: 'Request Timeout',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
};

function coding(cause: unknown): { readonly code: string; readonly statusCode: number } {
  const { code, statusCode } = (typeof cause === 'object' && cause !== null ? cause : {}) as {
    readonly code?: unknown;
    readonly statusCode?: unknown;
  };
  return {
    code: typeof code === 'string' ? code : '',
    statusCode: typeof statusCode === 'number' ? statusCode : 500,
  };
}
