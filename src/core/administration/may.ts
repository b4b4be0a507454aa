import { administratorRole } from '../account/account.ts';
import { Fault } from '../fault.ts';
import type { PermissionId } from '../setting/permission-table.ts';
import type { Holder, Permissions, SettingPermissionId } from '../setting/permissions.ts';

export type Authority = Pick<Permissions, 'held' | 'outranks' | 'list'>;

/** @throws Fault `permission-missing` (facts `permission`, and `action`, which some wires name) */
export function mustHoldPermission(
  authority: Authority,
  signed: Holder,
  permission: PermissionId | SettingPermissionId,
  action?: string,
): void {
  if (!authority.held(signed, permission).held) throw new Fault('permission-missing', { permission, action });
}

/**
 * Nobody acts for an account, or gives a role, above their own; nor above what their token carries: whoever sets the
 * password or the address of an account has all that it may.
 * @throws Fault `role-too-high`
 */
export function mustNotOutrank(
  authority: Pick<Authority, 'outranks'>,
  roles: readonly string[],
  { account, token }: Holder,
): void {
  if (authority.outranks(roles, account.roles, token.scopes).held) {
    throw new Fault('role-too-high', { roles: [...roles] });
  }
}

/**
 * A token that carries few permissions gives no role that has others: its holder would reach further through it.
 * @throws Fault `role-too-high`
 */
export function mustReach(authority: Pick<Permissions, 'list'>, { token }: Holder, roles: readonly string[]): void {
  const { scopes } = token;
  if (scopes === undefined) return;
  const beyond = authority.list().some((one) => !scopes.includes(one.id) && one.roles.some((id) => roles.includes(id)));
  if (beyond) throw new Fault('role-too-high', { roles: [...roles] });
}

/**
 * Whether somebody may choose these roles for an account that is made.
 * @throws Fault `permission-missing` (facts `action`), `role-too-high`
 */
export function mustMayGive(authority: Authority, holder: Holder, roles: readonly string[]): void {
  // A token that may make accounts only must not make one that may do more than it.
  if (holder.token.scopes !== undefined) mustHoldPermission(authority, holder, 'assign-roles');
  if (roles.includes(administratorRole)) mustHoldPermission(authority, holder, 'assign-admin-role', 'Assign_admin');
  mustNotOutrank(authority, roles, holder);
  mustReach(authority, holder, roles);
}
