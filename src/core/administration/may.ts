import type { Account } from '../account/account.ts';
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
 * Nobody acts for an account, or gives a role, above their own.
 * @throws Fault `role-too-high`
 */
export function mustNotOutrank(authority: Authority, roles: readonly string[], actor: Account): void {
  if (authority.outranks(roles, actor.roles).held) throw new Fault('role-too-high', { roles: [...roles] });
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
