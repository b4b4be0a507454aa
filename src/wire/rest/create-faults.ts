import type { FaultCode } from '../../core/fault.ts';
import { codedAs, codedFault, type FaultRow } from './faults.ts';

const method = 'insertOrUpdateUser';

function required(field: string): FaultRow {
  return codedAs('error-the-field-is-required', `The field ${field} is required`, { method, field });
}

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
  'username-invalid': (fault) => {
    const { username } = fault.facts;
    const isEmpty = typeof username === 'string' && username.trim() === '';
    return (isEmpty ? required('Username') : codedFault)(fault);
  },
  // No policy is asked here, so only an empty password is refused.
  'password-unacceptable': required('Password'),
};
