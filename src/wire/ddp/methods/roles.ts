import type { App } from '../../../app.ts';
import type { Account } from '../../../core/account/account.ts';
import { Fault, type FaultCode } from '../../../core/fault.ts';
import type { Signed } from '../../../core/session/token.ts';
import type { FaultText } from '../../shapes/fault-text.ts';
import { holdersOfPublicRoles } from '../../shapes/public-roles.ts';
import { newRoleProperties, roleDocument, roleProperties } from '../../shapes/role-document.ts';
import { type AnyMethod, type Call, nothing, userMethod } from '../method.ts';
import { fieldsOf, maybeTextOf, textOf } from '../params.ts';
import { Refusal } from '../refusal.ts';

const texts = {
  Accessing_permissions: 'Accessing permissions is not allowed',
  Assign_admin: 'Assigning admin is not allowed',
  Adding_permission: 'Adding permission is not allowed',
  Removing_permission: 'Removing permission is not allowed',
} as const;

type Action = keyof typeof texts;

function refused(method: string, action: Action): FaultText {
  return { error: 'error-action-not-allowed', reason: texts[action], details: { method, action } };
}

type Texts = Partial<Record<FaultCode, Omit<FaultText, 'details'>>>;

/**
 * A method of administration: whoever is signed out is told the same as whoever lacks the permission, and every refusal
 * names the method.
 */
function roleMethod<Params>(spec: {
  readonly name: string;
  readonly action: Action;
  readonly faults?: Texts;
  readonly params: (given: readonly unknown[]) => Params;
  run(app: App, call: Call & { readonly signed: Signed }, params: Params): Promise<unknown>;
}): AnyMethod {
  const { name, action, faults = {} } = spec;
  return userMethod({
    name,
    signedOut: refused(name, action),
    params: spec.params,
    async run(app, call, params) {
      try {
        return await spec.run(app, call, params);
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        if (cause.code === 'permission-missing') {
          const { action: given } = cause.facts;
          throw new Refusal(refused(name, isAction(given) ? given : action));
        }
        const text = faults[cause.code];
        throw text === undefined ? cause : new Refusal({ ...text, details: { method: name } });
      }
    },
  });
}

function isAction(text: unknown): text is Action {
  return typeof text === 'string' && Object.hasOwn(texts, text);
}

const invalidRole = { error: 'error-invalid-role', reason: 'Invalid Role' };

/** By its id, else by its name, as old clients do. @throws Fault `role-unknown` */
function roleNamed(app: App, named: string) {
  const roles = app.permissions.roles();
  const role = roles.find(({ id }) => id === named) ?? roles.find(({ name }) => name === named);
  if (role === undefined) throw new Fault('role-unknown', { role: named });
  return role;
}

/** @throws Fault `account-unknown` */
async function accountNamed(app: App, username: string): Promise<Account> {
  const isName = username.length <= 1024 && username.isWellFormed() && !username.includes('\0');
  const account = isName ? await app.account.find({ by: 'username', value: username }) : undefined;
  if (account === undefined) throw new Fault('account-unknown');
  return account;
}

/** The third parameter names a room, and there are none; roles of the server ignore it. */
function roleAndUser([role, username, scope]: readonly unknown[]) {
  maybeTextOf(scope);
  return { role: textOf(role), username: textOf(username) };
}

/** Makes a role, or changes the one of this name. */
const saveRole = roleMethod({
  name: 'authorization:saveRole',
  action: 'Accessing_permissions',
  params: ([given]) => fieldsOf(given),
  async run(app, { signed, caller }, given) {
    app.role.mustAdminister(signed);
    const asked = newRoleProperties(given);
    const there = app.permissions.roles().find(({ name }) => name === asked.name);
    if (there === undefined) return roleDocument(await app.role.create(signed, asked, caller));
    const { name: _, ...given_ } = roleProperties(given);
    return roleDocument(await app.role.edit(signed, there.id, given_, caller));
  },
});

const deleteRole = roleMethod({
  name: 'authorization:deleteRole',
  action: 'Accessing_permissions',
  faults: {
    'role-unknown': { error: 'error-invalid-role', reason: 'Invalid role' },
    'role-protected': { error: 'error-delete-protected-role', reason: 'Cannot delete a protected role' },
    'role-in-use': { error: 'error-role-in-use', reason: "Cannot delete role because it's in use" },
  },
  params: ([role]) => textOf(role),
  async run(app, { signed, caller }, named) {
    app.role.mustAdminister(signed);
    await app.role.remove(signed, roleNamed(app, named).id, caller);
    return true;
  },
});

const addUserToRole = roleMethod({
  name: 'authorization:addUserToRole',
  action: 'Accessing_permissions',
  faults: {
    'role-unknown': invalidRole,
    'account-unknown': { error: 'error-user-not-found', reason: 'User not found' },
    'role-of-rooms': { error: 'error-invalid-user', reason: 'User is not part of given room' },
  },
  params: roleAndUser,
  async run(app, { signed, caller }, { role, username }) {
    app.role.mustAdminister(signed);
    const { id } = roleNamed(app, role);
    await app.role.give(signed, await accountNamed(app, username), id, caller);
    return true;
  },
});

const removeUserFromRole = roleMethod({
  name: 'authorization:removeUserFromRole',
  action: 'Accessing_permissions',
  faults: {
    'role-unknown': invalidRole,
    'account-unknown': { error: 'error-invalid-user', reason: 'Invalid user' },
  },
  params: roleAndUser,
  async run(app, { signed, caller }, { role, username }) {
    app.role.mustAdminister(signed);
    const { id } = roleNamed(app, role);
    await app.role.take(signed, await accountNamed(app, username), id, caller);
    return true;
  },
});

function permissionAndRole([permission, role]: readonly unknown[]) {
  return { permission: textOf(permission), role: textOf(role) };
}

const addPermissionToRole = roleMethod({
  name: 'authorization:addPermissionToRole',
  action: 'Adding_permission',
  faults: {
    'permission-unknown': { error: 'error-invalid-permission', reason: 'Permission does not exist' },
    'role-unknown': { error: 'error-invalid-role', reason: 'Role does not exist' },
  },
  params: permissionAndRole,
  async run(app, { signed, caller }, asked) {
    await app.permission.give(signed, asked, caller);
  },
});

const removeRoleFromPermission = roleMethod({
  name: 'authorization:removeRoleFromPermission',
  action: 'Removing_permission',
  faults: {
    'permission-unknown': { error: 'error-permission-not-found', reason: 'Permission not found' },
    'role-unknown': { error: 'error-invalid-role', reason: 'Role does not exist' },
  },
  params: permissionAndRole,
  async run(app, { signed, caller }, asked) {
    await app.permission.take(signed, asked, caller);
  },
});

/** Whose roles clients show beside a name. */
const publicHolders = userMethod({
  name: 'getUserRoles',
  params: nothing,
  run: async (app) => await holdersOfPublicRoles(app),
});

/** Roles, and who holds which permission (rest.md §14, §15). */
export const roleMethods: readonly AnyMethod[] = [
  saveRole,
  deleteRole,
  addUserToRole,
  removeUserFromRole,
  addPermissionToRole,
  removeRoleFromPermission,
  publicHolders,
];
