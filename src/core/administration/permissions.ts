import { administratorRole } from '../account/account.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import type { PermissionId } from '../setting/permission-table.ts';
import type { ListedPermission, Permissions, SettingPermissionId } from '../setting/permissions.ts';
import type { PermissionChange, SettingStore } from '../setting/store.ts';
import { type Authority, mustHoldPermission, mustNotOutrank } from './may.ts';

export interface PermissionNeeds {
  readonly clock: Clock;
  readonly permissions: Pick<SettingStore, 'putPermissions'>;
  readonly authority: Pick<Permissions, 'held' | 'outranks' | 'list' | 'roles' | 'load'>;
}

/** What some wires call the act in their refusal. */
type Action = 'Adding_permission' | 'Removing_permission';

/** Without it nobody could give permissions any more. */
const keptByAdministrators: PermissionId = 'access-permissions';

/** How often it is decided anew when others change the same permissions meanwhile. */
const mostTries = 5;

/**
 * Says which roles hold some permissions, all or none.
 * @throws Fault `permission-missing` (facts `action`), `permission-unknown`, `role-unknown`, `role-too-high`,
 *   `permission-kept`, `busy`
 */
export async function setHolders(
  needs: PermissionNeeds,
  signed: Signed,
  asked: readonly { readonly id: string; readonly roles: readonly string[] }[],
  caller: Caller,
): Promise<void> {
  mustHoldPermission(needs.authority, signed, 'access-permissions');
  if (new Set(asked.map(({ id }) => id)).size !== asked.length) throw new Fault('permission-unknown');
  await change(needs, signed, caller, () =>
    asked.map(({ id, roles }) => ({ permission: known(needs.authority, id), roles: [...new Set(roles)] })),
  );
}

/**
 * Gives a permission to a role.
 * @throws Fault as `setHolders`
 */
export async function givePermission(
  needs: PermissionNeeds,
  signed: Signed,
  asked: { readonly permission: string; readonly role: string },
  caller: Caller,
): Promise<void> {
  await changeOne(needs, signed, asked, caller, 'Adding_permission');
}

/**
 * Takes a permission from a role.
 * @throws Fault as `setHolders`
 */
export async function takePermission(
  needs: PermissionNeeds,
  signed: Signed,
  asked: { readonly permission: string; readonly role: string },
  caller: Caller,
): Promise<void> {
  await changeOne(needs, signed, asked, caller, 'Removing_permission');
}

async function changeOne(
  needs: PermissionNeeds,
  signed: Signed,
  { permission: id, role }: { readonly permission: string; readonly role: string },
  caller: Caller,
  action: Action,
): Promise<void> {
  const { authority } = needs;
  mustHoldPermission(authority, signed, 'access-permissions', action);
  await change(needs, signed, caller, () => {
    const permission = known(authority, id);
    mustBeRoles(authority, [role]);
    const others = permission.roles.filter((one) => one !== role);
    const isHeld = others.length < permission.roles.length;
    if (action === 'Removing_permission') return [{ permission, roles: others }];
    return [{ permission, roles: isHeld ? permission.roles : [...permission.roles, role] }];
  });
}

interface Wanted {
  readonly permission: ListedPermission;
  readonly roles: readonly string[];
}

/** Decides upon what is there and writes, again where another has written in between. */
async function change(
  needs: PermissionNeeds,
  signed: Signed,
  caller: Caller,
  wanted: () => readonly Wanted[],
): Promise<void> {
  const { authority, clock } = needs;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const all = wanted();
    mustBeRoles(authority, all.flatMap(added));
    for (const one of all) mustBeAllowed(authority, signed, one);
    const changed = all.filter((one) => added(one).length + taken(one).length > 0);
    if (changed.length === 0) return;
    const at = clock.now();
    const rows = changed.map(
      ({ permission, roles }): PermissionChange => ({
        id: permission.id,
        roles,
        updatedAt: at,
        was: permission.roles,
      }),
    );
    const audit = changed.map((one) =>
      recordOf(
        'permission.change',
        { at, caller, actorId: signed.account.id, accountId: undefined },
        { permission: one.permission.id, ...named('given', added(one)), ...named('taken', taken(one)) },
      ),
    );
    const outcome = await needs.permissions.putPermissions(rows, audit);
    await authority.load();
    // A role that was removed meanwhile is refused by its name in the next turn.
    if (outcome === 'done') return;
  }
  throw new Fault('busy');
}

function mustBeAllowed(authority: PermissionNeeds['authority'], signed: Signed, wanted: Wanted): void {
  const { permission } = wanted;
  for (const role of added(wanted)) {
    mustBeAbleToGive(authority, signed, permission, 'Adding_permission');
    mustNotOutrank(authority, [role], signed);
  }
  for (const role of taken(wanted)) {
    mustHoldForSettings(authority, signed, permission, 'Removing_permission');
    // A token that could not give it back takes it from nobody.
    if (!carries(signed, permission).held) {
      throw new Fault('permission-missing', { permission: permission.id, action: 'Removing_permission' });
    }
    mustNotOutrank(authority, [role], signed);
    if (permission.id === keptByAdministrators && role === administratorRole) {
      throw new Fault('permission-kept', { permission: permission.id, role });
    }
  }
}

/**
 * Nobody gives a permission that they do not hold. Administrators, above whom nobody ranks, give all of them, as far as
 * their token carries it: else one that was taken from them were lost for ever.
 * @throws Fault `permission-missing` (facts `action`)
 */
export function mustBeAbleToGive(
  authority: Authority,
  signed: Signed,
  permission: ListedPermission,
  action: Action,
): void {
  mustHoldForSettings(authority, signed, permission, action);
  // The list knows no other ids.
  const id = permission.id as PermissionId | SettingPermissionId;
  if (carries(signed, permission).held && signed.account.roles.includes(administratorRole)) return;
  mustHoldPermission(authority, signed, id, action);
}

/** A token without scopes carries all that its owner holds. */
function carries({ token }: Signed, { id }: ListedPermission): { readonly held: boolean } {
  return { held: token.scopes?.includes(id) !== false };
}

function mustHoldForSettings(
  authority: Authority,
  signed: Signed,
  { setting }: ListedPermission,
  action: Action,
): void {
  if (setting !== undefined) mustHoldPermission(authority, signed, 'access-setting-permissions', action);
}

function known(authority: Pick<Permissions, 'list'>, id: string): ListedPermission {
  const permission = authority.list().find((one) => one.id === id);
  if (permission === undefined) throw new Fault('permission-unknown', { permission: id });
  return permission;
}

function mustBeRoles(authority: Pick<Permissions, 'roles'>, ids: readonly string[]): void {
  const there = new Set(authority.roles().map(({ id }) => id));
  const unknown = ids.find((id) => !there.has(id));
  if (unknown !== undefined) throw new Fault('role-unknown', { role: unknown });
}

function added({ permission, roles }: Wanted): readonly string[] {
  return roles.filter((role) => !permission.roles.includes(role));
}

function taken({ permission, roles }: Wanted): readonly string[] {
  return permission.roles.filter((role) => !roles.includes(role));
}

const longestFact = 200;

function named(fact: string, roles: readonly string[]): Readonly<Record<string, string>> {
  return roles.length === 0 ? {} : { [fact]: roles.join(', ').slice(0, longestFact) };
}
