import { type Account, administratorRole } from '../account/account.ts';
import type { AccountStore } from '../account/store.ts';
import { recordOf } from '../audit/record.ts';
import type { AuditEntry } from '../audit-entry.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock, Random } from '../ports.ts';
import type { Signed } from '../session/token.ts';
import type { Permissions } from '../setting/permissions.ts';
import type { KeptRole, Role, RoleEdit, SettingStore } from '../setting/store.ts';
import { mustHoldPermission, mustNotOutrank, mustReach } from './may.ts';
import { mustBeAbleToGive } from './permissions.ts';

export interface RoleNeeds {
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  readonly roles: Pick<SettingStore, 'addRole' | 'editRole' | 'removeRole'>;
  readonly accounts: Pick<AccountStore, 'giveRole' | 'takeRole'>;
  readonly authority: Pick<Permissions, 'held' | 'outranks' | 'list' | 'roles' | 'load'>;
  /** The roles of those who sign up. */
  readonly initialRoles: () => readonly string[];
}

/** A role as it is asked for. */
export interface AskedRole {
  readonly name: string;
  readonly description: string;
  readonly scope: Role['scope'];
  readonly secondFactor: boolean;
}

/** The most characters of a role's name, and of its description. */
const longestRoleName = 100;
const longestRoleDescription = 500;

/**
 * Makes a role that has no permission yet.
 * @throws Fault `permission-missing`, `role-invalid`, `role-name-taken`
 */
export async function createRole(
  needs: RoleNeeds,
  signed: Signed,
  asked: AskedRole,
  caller: Caller,
): Promise<KeptRole> {
  mustHoldPermission(needs.authority, signed, 'access-permissions');
  return await makeRole(needs, asked, signed.account.id, caller);
}

/** The same from the host, where no permission is asked. */
export async function makeRole(
  needs: RoleNeeds,
  asked: AskedRole,
  actorId: string | undefined,
  caller: Caller,
): Promise<KeptRole> {
  const role = { id: needs.random.id(), ...asked, name: tidyName(asked.name), protected: false };
  mustBeDescription(asked.description);
  const now = needs.clock.now();
  const audit = recordOf('role.add', whoOf(now, actorId, caller), { role: role.id, name: role.name });
  if ((await needs.roles.addRole(role, now, audit)) === 'name-taken') throw nameTaken(role.name);
  await needs.authority.load();
  return { ...role, updatedAt: now };
}

/**
 * Changes a role. Nobody changes one that ranks above them, nor makes one of rooms a role of the server with
 * permissions that they cannot give.
 * @throws Fault `permission-missing`, `role-unknown`, `role-too-high`, `role-invalid`, `role-protected`,
 *   `role-name-taken`, `role-in-use`
 */
export async function editRole(
  needs: RoleNeeds,
  signed: Signed,
  id: string,
  asked: RoleEdit,
  caller: Caller,
): Promise<KeptRole> {
  const { authority } = needs;
  mustHoldPermission(authority, signed, 'access-permissions');
  const role = knownRole(authority, id);
  mustNotOutrank(authority, [id], signed);
  if (asked.scope === 'Users' && role.scope !== 'Users') {
    for (const permission of authority.list()) {
      if (permission.roles.includes(id)) mustBeAbleToGive(authority, signed, permission, 'Adding_permission');
    }
  }
  const edit = { ...asked, ...(asked.name === undefined ? {} : { name: tidyName(asked.name) }) };
  if (edit.description !== undefined) mustBeDescription(edit.description);
  const { name = role.name, scope = role.scope } = edit;
  const isOther = name !== role.name || scope !== role.scope;
  if (role.protected && isOther) throw new Fault('role-protected', { role: role.name, act: 'edit' });
  if (scope === 'Subscriptions' && needs.initialRoles().includes(id)) throw inUse(role, 'edit');
  const now = needs.clock.now();
  const audit = recordOf('role.change', whoOf(now, signed.account.id, caller), {
    role: id,
    name: edit.name ?? role.name,
    ...(edit.scope === undefined ? {} : { scope: edit.scope }),
    ...(edit.secondFactor === undefined ? {} : { secondFactor: edit.secondFactor }),
  });
  switch (await needs.roles.editRole(id, edit, now, audit)) {
    case 'done':
      await authority.load();
      return knownRole(authority, id);
    case 'unknown':
      throw new Fault('role-unknown', { role: id });
    case 'protected':
      throw new Fault('role-protected', { role: role.name, act: 'edit' });
    case 'name-taken':
      throw nameTaken(edit.name ?? role.name);
    case 'in-use':
      throw inUse(role, 'edit');
  }
}

/**
 * Removes a role that nobody holds, also from all permissions.
 * @throws Fault `permission-missing`, `role-unknown`, `role-too-high`, `role-protected`, `role-in-use`
 */
export async function deleteRole(needs: RoleNeeds, signed: Signed, id: string, caller: Caller): Promise<void> {
  mustHoldPermission(needs.authority, signed, 'access-permissions');
  knownRole(needs.authority, id);
  mustNotOutrank(needs.authority, [id], signed);
  await removeRole(needs, id, signed.account.id, caller);
}

/** The same from the host, where no permission is asked. */
export async function removeRole(
  needs: RoleNeeds,
  id: string,
  actorId: string | undefined,
  caller: Caller,
): Promise<void> {
  const role = knownRole(needs.authority, id);
  if (role.protected) throw new Fault('role-protected', { role: role.name, act: 'remove' });
  // Else nobody could sign up any more.
  if (needs.initialRoles().includes(id)) throw inUse(role, 'remove');
  const now = needs.clock.now();
  const audit = recordOf('role.remove', whoOf(now, actorId, caller), { role: id, name: role.name });
  switch (await needs.roles.removeRole(id, now, audit)) {
    case 'done':
      await needs.authority.load();
      return;
    case 'unknown':
      throw new Fault('role-unknown', { role: id });
    case 'protected':
      throw new Fault('role-protected', { role: role.name, act: 'remove' });
    case 'in-use':
      throw inUse(role, 'remove');
  }
}

/**
 * Gives a role of the server to an account.
 * @throws Fault `permission-missing` (facts `action`: `Assign_admin` where that is missing), `role-unknown`,
 *   `role-of-rooms`, `role-held`, `role-too-high`, `account-unknown`
 */
export async function giveRole(
  needs: RoleNeeds,
  signed: Signed,
  account: Account,
  id: string,
  caller: Caller,
): Promise<void> {
  const { authority } = needs;
  mustHoldPermission(authority, signed, 'access-permissions');
  const role = roleOfServer(authority, id);
  if (account.roles.includes(id)) throw held(role, account);
  if (id === administratorRole) mustHoldPermission(authority, signed, 'assign-admin-role', 'Assign_admin');
  mustNotOutrank(authority, [id], signed);
  mustNotOutrank(authority, account.roles, signed);
  mustReach(authority, signed, [id]);
  await putRole(needs, account, role, signed.account.id, caller);
}

/** The same from the host, where no permission is asked. */
export async function giveRoleAsHost(needs: RoleNeeds, account: Account, id: string, caller: Caller): Promise<void> {
  await putRole(needs, account, roleOfServer(needs.authority, id), undefined, caller);
}

async function putRole(
  needs: RoleNeeds,
  account: Account,
  role: Role,
  actorId: string | undefined,
  caller: Caller,
): Promise<void> {
  const now = needs.clock.now();
  const audit = roleEntry('account.role.give', account, role, whoOf(now, actorId, caller));
  const outcome = await needs.accounts.giveRole(account.id, role.id, now, audit);
  if (outcome === 'unknown') throw new Fault('account-unknown');
  if (outcome === 'held') throw held(role, account);
}

/**
 * Takes a role from an account; it is felt at once by all its sessions.
 * @throws Fault `permission-missing`, `role-unknown`, `role-not-held`, `role-too-high`, `last-administrator`,
 *   `account-unknown`
 */
export async function takeRole(
  needs: RoleNeeds,
  signed: Signed,
  account: Account,
  id: string,
  caller: Caller,
): Promise<void> {
  const { authority } = needs;
  mustHoldPermission(authority, signed, 'access-permissions');
  const role = knownRole(authority, id);
  if (!account.roles.includes(id)) throw notHeld(role, account);
  mustNotOutrank(authority, account.roles, signed);
  await dropRole(needs, account, role, signed.account.id, caller);
}

/** The same from the host, where no permission is asked. */
export async function takeRoleAsHost(needs: RoleNeeds, account: Account, id: string, caller: Caller): Promise<void> {
  await dropRole(needs, account, knownRole(needs.authority, id), undefined, caller);
}

async function dropRole(
  needs: RoleNeeds,
  account: Account,
  role: Role,
  actorId: string | undefined,
  caller: Caller,
): Promise<void> {
  const now = needs.clock.now();
  const audit = roleEntry('account.role.take', account, role, whoOf(now, actorId, caller));
  switch (await needs.accounts.takeRole(account.id, role.id, now, audit)) {
    case 'done':
      return;
    case 'unknown':
      throw new Fault('account-unknown');
    case 'not-held':
      throw notHeld(role, account);
    case 'last-administrator':
      throw new Fault('last-administrator', { act: 'demote' });
  }
}

function knownRole(authority: Pick<Permissions, 'roles'>, id: string): KeptRole {
  const role = authority.roles().find((one) => one.id === id);
  if (role === undefined) throw new Fault('role-unknown', { role: id });
  return role;
}

function roleOfServer(authority: Pick<Permissions, 'roles'>, id: string): KeptRole {
  const role = knownRole(authority, id);
  if (role.scope !== 'Users') throw new Fault('role-of-rooms', { role: role.name });
  return role;
}

/** @throws Fault `role-invalid` */
function tidyName(asked: string): string {
  const name = asked.trim();
  // What cannot be seen would let two roles look alike.
  const isFit = name !== '' && name.length <= longestRoleName && name.isWellFormed();
  if (!isFit || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) throw new Fault('role-invalid');
  return name;
}

/** @throws Fault `role-invalid` */
function mustBeDescription(text: string): void {
  const isFit = text.length <= longestRoleDescription && text.isWellFormed() && !text.includes('\0');
  if (!isFit) throw new Fault('role-invalid');
}

type Who = Pick<Parameters<typeof recordOf>[1], 'at' | 'caller' | 'actorId' | 'accountId'>;

function whoOf(at: number, actorId: string | undefined, caller: Caller): Who {
  return { at, caller, actorId, accountId: undefined };
}

function roleEntry(what: string, account: Account, role: Role, who: Who): AuditEntry {
  return recordOf(what, { ...who, accountId: account.id }, { role: role.id, name: role.name });
}

function nameTaken(name: string): Fault {
  return new Fault('role-name-taken', { name });
}

function inUse({ name }: Role, act: 'edit' | 'remove'): Fault {
  return new Fault('role-in-use', { role: name, act });
}

function held({ name }: Role, { username }: Account): Fault {
  return new Fault('role-held', { role: name, username });
}

function notHeld({ name }: Role, { username }: Account): Fault {
  return new Fault('role-not-held', { role: name, username });
}
