import type { FaultCode } from '../../core/fault.ts';
import { codedAs, type FaultRow } from './faults.ts';
import { coded } from './refusal.ts';

/** How a missing permission is told (rest.md §16.7). */
const missing = {
  addOAuthService: codedAs('error-action-not-allowed', 'Adding OAuth Services is not allowed', {
    method: 'addOAuthService',
    action: 'Adding_OAuth_Services',
  }),
  removeOAuthService: codedAs('error-not-allowed', 'Not authorized', { method: 'removeOAuthService' }),
  refreshOAuthService: codedAs('error-action-not-allowed', 'Refresh OAuth Services is not allowed', {
    method: 'refreshOAuthService',
    action: 'Refreshing_OAuth_Services',
  }),
} as const;

/** How the calls about custom OAuth services refuse. @param method the method of the same purpose */
export function oauthServiceFaults(method: keyof typeof missing): Partial<Record<FaultCode, FaultRow>> {
  return { 'permission-missing': missing[method] };
}

/** The name in the body of such a call. @throws Refusal */
export function nameIn({ name = '' }: { readonly name?: string | undefined }): string {
  if (name.trim() === '') throw coded('error-name-param-not-provided', 'The parameter "name" is required');
  return name;
}
