import { listed } from '../core/account/rules.ts';
import type { PermissionNeeds } from '../core/administration/permissions.ts';
import type { RoleNeeds } from '../core/administration/roles.ts';
import type { Parts } from './parts.ts';

/** See `roleSetNeeds`. */
export type RoleSetNeeds = ReturnType<typeof roleSetNeeds>;

/**
 * Makes the needs of roles and permissions.
 * @param parts what the product is made of
 */
export function roleSetNeeds(parts: Parts) {
  const { store, clock, random, settings, permissions } = parts;
  const { accounts } = store;
  const roleExists = (id: string): boolean =>
    permissions.roles().some((role) => role.id === id && role.scope === 'Users');
  /** The id of a role of the server, which an administrator may call by its name as well. */
  const roleNamed = (nameOrId: string): string | undefined => {
    const ofServer = permissions.roles().filter(({ scope }) => scope === 'Users');
    return (ofServer.find(({ id }) => id === nameOrId) ?? ofServer.find(({ name }) => name === nameOrId))?.id;
  };
  const ruling: RoleNeeds & PermissionNeeds = {
    clock,
    random,
    accounts,
    roles: store.settings,
    permissions: store.settings,
    authority: permissions,
    initialRoles: () => listed(settings.get('Accounts_Registration_Users_Default_Roles')),
  };
  const defaultRoles = () => listed(settings.get('Accounts_Registration_Users_Default_Roles'));
  return { roleExists, roleNamed, ruling, defaultRoles };
}
