import type { FaultCode } from '../../core/fault.ts';
import { always, codedAs, type FaultRow, restFaults } from './faults.ts';

const texts: Readonly<Record<string, string>> = {
  Accessing_permissions: 'Accessing permissions is not allowed',
  Assign_admin: 'Assigning admin is not allowed',
  Adding_permission: 'Adding permission is not allowed',
  Removing_permission: 'Removing permission is not allowed',
};

/**
 * What is tested inside a call is told by what was to be done, as the method of the same purpose tells it; what the
 * route tests stays 403.
 */
function missing(method: string): FaultRow {
  return (fault) => {
    if (fault.facts['permission'] === undefined) return restFaults['permission-missing'](fault);
    const given = fault.facts['action'];
    const action = typeof given === 'string' && Object.hasOwn(texts, given) ? given : 'Accessing_permissions';
    return codedAs('error-action-not-allowed', texts[action] ?? '', { method, action })(fault);
  };
}

const noSuchRole = codedAs('error-invalid-roleId', 'This role does not exist');

/**
 * How calls about roles refuse (rest.md §14).
 * @param method the method of the same purpose
 */
export function roleFaults(method: string): Partial<Record<FaultCode, FaultRow>> {
  return { 'permission-missing': missing(method), 'role-unknown': noSuchRole };
}

/** How a role is refused to an account. */
export const giveRoleFaults: Partial<Record<FaultCode, FaultRow>> = {
  'permission-missing': missing('authorization:addUserToRole'),
  // No suffix.
  'role-unknown': always(400, { error: 'error-role-not-found', errorType: 'Role not found' }),
};

/** How a role is not taken from an account. */
export const takeRoleFaults: Partial<Record<FaultCode, FaultRow>> = {
  ...roleFaults('authorization:removeUserFromRole'),
  'last-administrator': codedAs('error-admin-required', 'You need to have at least one admin'),
};

/** How the table of permissions refuses to be written (rest.md §15). */
export const permissionsFaults: Partial<Record<FaultCode, FaultRow>> = {
  'permission-missing': missing('authorization:addPermissionToRole'),
  'permission-unknown': always(400, { error: 'Invalid permission', errorType: 'error-invalid-permission' }),
  'role-unknown': always(400, { error: 'Invalid role', errorType: 'error-invalid-role' }),
};

/** How a permission is refused to a role, and taken from none. */
export function permissionFaults(act: 'give' | 'take'): Partial<Record<FaultCode, FaultRow>> {
  return {
    'permission-missing': missing(
      act === 'give' ? 'authorization:addPermissionToRole' : 'authorization:removeRoleFromPermission',
    ),
    'role-unknown': codedAs('error-invalid-role', 'Role does not exist'),
    ...(act === 'give' ? {} : { 'permission-unknown': codedAs('error-permission-not-found', 'Permission not found') }),
  };
}
