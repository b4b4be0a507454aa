import type { FaultCode } from '../../core/fault.ts';
import { codedAs, type FaultRow } from './faults.ts';

const method = 'insertOrUpdateUser';

function notAllowed(action: string, reason: string): FaultRow {
  return codedAs('error-action-not-allowed', reason, { method, action });
}

const refusedActions: Readonly<Record<string, FaultRow>> = {
  Adding_user: notAllowed('Adding_user', 'Adding user is not allowed'),
  Assign_admin: notAllowed('Assign_admin', 'Assigning admin is not allowed'),
};
const editing = notAllowed('Editing_user', 'Editing user is not allowed');

/** How making an account refuses (rest.md §11.2). */
export const createFaults: Partial<Record<FaultCode, FaultRow>> = {
  'permission-missing': (fault) => {
    const { action } = fault.facts;
    return ((typeof action === 'string' ? refusedActions[action] : undefined) ?? editing)(fault);
  },
};
