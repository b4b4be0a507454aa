import { type Fault, type FaultCode, faults } from '../../core/fault.ts';
import { faultText } from '../shapes/fault-text.ts';
import { type FaultRow, secondsToWait } from './faults.ts';

/**
 * Refusals of the log-in handlers themselves. They are told as one, so that nobody learns who exists (rest.md §7.3).
 */
const collapsed: ReadonlySet<FaultCode> = new Set([
  'wrong-credentials',
  'token-unknown',
  'token-expired',
  'form-not-recognised',
  'malformed',
]);

/** Refusals that have the same form here as everywhere else. */
const usual: ReadonlySet<FaultCode> = new Set(['busy', 'unavailable', 'rate-limited']);

const unauthorized = { success: false, status: 'error', error: 'Unauthorized', message: 'Unauthorized' };

const refused: FaultRow = (fault) => {
  if (collapsed.has(fault.code)) return { status: 401, body: unauthorized };
  const { error, reason, details } = faultText(fault);
  // An address that waits to be verified is told without details, unlike all others.
  const told = fault.code === 'email-not-verified' ? undefined : details;
  return {
    status: 401,
    body: {
      success: false,
      status: 'error',
      error,
      ...(told === undefined ? {} : { details: told }),
      message: reason,
    },
    ...waiting(fault),
  };
};

function waiting(fault: Fault): { readonly headers?: Readonly<Record<string, string>> } {
  if (fault.code !== 'account-blocked' && fault.code !== 'address-blocked') return {};
  return { headers: { 'Retry-After': String(secondsToWait(fault, 60)) } };
}

/** How a log-in refuses: always 401, in a form of its own. */
export const logInFaults: Partial<Record<FaultCode, FaultRow>> = Object.fromEntries(
  Object.keys(faults)
    .filter((code) => !usual.has(code as FaultCode))
    .map((code) => [code, refused]),
);
