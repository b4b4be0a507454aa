import type { FaultCode } from '../../core/fault.ts';
import { codedAs, type FaultRow } from './faults.ts';
import { coded } from './refusal.ts';

/** How log-ins that wait for their second factor refuse (rest.md §9.5). */
export const challengeFaults: Partial<Record<FaultCode, FaultRow>> = {
  'factor-off': codedAs('error-invalid-challenge-method', 'invalid challenge method'),
  'account-unknown': codedAs('error-user-not-found', 'user not found'),
  // The two texts are swapped in Rocket.Chat as well.
  'factor-wrong': () => ({
    status: 400,
    body: { success: false, error: 'error-invalid-code', errorType: 'Invalid code' },
  }),
};

/** @throws Refusal where the parameter is missing or empty */
export function requiredParameter(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw coded('error-parameter-required', `${name} is required`);
  return value;
}
