import { Fault } from '../../core/fault.ts';
import type { Role, RoleEdit } from '../../core/setting/store.ts';

/** A role as clients keep it (rest.md §14). */
export function roleDocument(role: Role) {
  return {
    _id: role.id,
    name: role.name,
    scope: role.scope,
    description: role.description,
    protected: role.protected,
    mandatory2fa: role.secondFactor,
  };
}

const readers: Readonly<Record<string, (value: unknown) => RoleEdit | undefined>> = {
  name: (value) => (typeof value === 'string' ? { name: value } : undefined),
  description: (value) => (typeof value === 'string' ? { description: value } : undefined),
  scope: (value) => (value === 'Users' || value === 'Subscriptions' ? { scope: value } : undefined),
  mandatory2fa: (value) => (typeof value === 'boolean' ? { secondFactor: value } : undefined),
};

/**
 * What a request says of a role, member by member; nothing is converted.
 * @throws Fault `role-invalid` for a member of another name or kind
 */
export function roleProperties(given: Readonly<Record<string, unknown>>): RoleEdit {
  let edit: RoleEdit = {};
  for (const [member, value] of Object.entries(given)) {
    const read = Object.hasOwn(readers, member) ? readers[member]?.(value) : undefined;
    if (read === undefined) throw new Fault('role-invalid');
    edit = { ...edit, ...read };
  }
  return edit;
}

/**
 * The same for a role that is to be made.
 * @throws Fault `role-invalid`
 */
export function newRoleProperties(given: Readonly<Record<string, unknown>>): Required<RoleEdit> {
  const { name, description = '', scope = 'Users', secondFactor = false } = roleProperties(given);
  if (name === undefined) throw new Fault('role-invalid');
  return { name, description, scope, secondFactor };
}
