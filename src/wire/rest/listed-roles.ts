import type { App } from '../../app.ts';
import { Fault } from '../../core/fault.ts';
import type { ListedPermission } from '../../core/setting/permissions.ts';
import type { KeptRole } from '../../core/setting/store.ts';
import { roleDocument } from '../shapes/role-document.ts';
import { coded } from './refusal.ts';
import { flag, list, moment, object, oneOf, optional, type Schema, type Static, text } from './schema.ts';

const members = {
  _id: text(),
  name: text(),
  scope: oneOf('Users', 'Subscriptions'),
  description: text(),
  protected: flag(),
  mandatory2fa: flag(),
};

/** A role in a list. */
export const roleAnswer = object(members);

/** A role by itself. */
export const datedRoleAnswer = object({ ...members, _updatedAt: moment() });

export function datedRole(role: KeptRole): Static<typeof datedRoleAnswer> {
  return { ...roleDocument(role), _updatedAt: new Date(role.updatedAt).toISOString() };
}

/**
 * The role that a request names: by its id, else by its name, as calls of old clients do.
 * @throws Fault `role-unknown`
 */
export function namedRole(app: App, named: { readonly id?: string | undefined; readonly name?: string | undefined }) {
  const roles = app.permissions.roles();
  const { id, name = id } = named;
  const role = roles.find((one) => one.id === id) ?? roles.find((one) => one.name === name);
  if (role === undefined) throw new Fault('role-unknown', { role: id ?? name ?? '' });
  return role;
}

/** The table of permissions, or a part of it. */
export const permissionsAnswer: Schema<
  readonly {
    readonly _id: string;
    readonly roles: readonly string[];
    readonly _updatedAt: string;
    readonly level?: 'settings' | undefined;
    readonly settingId?: string | undefined;
    readonly group?: string | undefined;
    readonly section?: string | undefined;
  }[]
> = list(
  object({
    _id: text(),
    roles: list(text()),
    _updatedAt: moment(),
    level: optional(oneOf('settings')),
    settingId: optional(text()),
    group: optional(text()),
    section: optional(text()),
  }),
);

export function permissionsShown(permissions: readonly ListedPermission[]): Static<typeof permissionsAnswer> {
  return permissions.map(({ id, roles, updatedAt, setting }) => ({
    _id: id,
    roles,
    _updatedAt: new Date(updatedAt).toISOString(),
    ...(setting === undefined
      ? {}
      : { level: 'settings' as const, settingId: setting.id, group: setting.group, section: setting.section }),
  }));
}

/**
 * The moment since when a client that keeps a copy asks for changes.
 * @param parameter what the refusal calls it
 * @throws Refusal 400
 */
export function askedSince(updatedSince: string, parameter: string): number;
export function askedSince(updatedSince: string | undefined, parameter: string): number | undefined;
export function askedSince(updatedSince: string | undefined, parameter: string): number | undefined {
  const since = updatedSince === undefined ? undefined : Date.parse(updatedSince);
  if (Number.isNaN(since)) {
    throw coded(`error-${parameter}-param-invalid`, 'The "updatedSince" query parameter must be a valid date.');
  }
  return since;
}
