import { Fault } from '../../core/fault.ts';
import type { Role } from '../../core/setting/store.ts';
import type { CliApp } from './needs.ts';

/** What `--help` says of an argument that names a role. */
export const roleArgument = { name: 'role', about: 'id or name of the role' } as const;

/**
 * The role that an operator named, by its id, else by its name.
 * @throws Fault `role-unknown`
 */
export function namedRole(app: Pick<CliApp, 'permissions'>, named: string): Role {
  const roles = app.permissions.roles();
  const role = roles.find(({ id }) => id === named) ?? roles.find(({ name }) => name === named);
  if (role === undefined) throw new Fault('role-unknown', { role: named, roles: roles.map(({ name }) => name) });
  return role;
}

/** A role in the documents of `--json`. */
export function roleDocument({ id, name, scope, description, secondFactor, protected: fixed }: Role) {
  return { id, name, of: scope === 'Users' ? 'server' : 'rooms', description, protected: fixed, secondFactor };
}
