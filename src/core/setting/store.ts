import type { AuditEntry } from '../audit-entry.ts';
import type { Moment } from '../ports.ts';
import type { SettingValue } from './definition.ts';

/** A setting that differs from the catalogue, or was fixed at its first start. */
export interface StoredSetting {
  readonly id: string;
  readonly value: SettingValue;
  /** Where the value came from. */
  readonly source: 'initial' | 'environment' | 'administrator';
  readonly updatedAt: Moment;
}

/** A permission whose holders differ from the default table. */
export interface StoredPermission {
  readonly id: string;
  readonly roles: readonly string[];
  readonly updatedAt: Moment;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly scope: 'Users' | 'Subscriptions';
  readonly description: string;
  /** Cannot be deleted. */
  readonly protected: boolean;
  /** Its holders must have a second factor. */
  readonly secondFactor: boolean;
}

/** A role with when it was made, or last changed. */
export interface KeptRole extends Role {
  readonly updatedAt: Moment;
}

/** A role that was there. */
export interface RemovedRole {
  readonly id: string;
  readonly name: string;
  readonly removedAt: Moment;
}

/** What `editRole` may write; a missing key stays as it is. */
export type RoleEdit = Partial<Pick<Role, 'name' | 'scope' | 'description' | 'secondFactor'>>;

/** A permission as it shall be. */
export interface PermissionChange extends StoredPermission {
  /** The roles that the change was decided upon; undefined writes whatever is there. */
  readonly was?: readonly string[];
}

/**
 * What settings, roles and permissions need from a store. Every write is one atomic step and announces `settings`,
 * `permissions` or `role` when committed. Those of roles and permissions come one after the other, so that each knows
 * what the one before has written.
 */
export interface SettingStore {
  settings(): Promise<readonly StoredSetting[]>;
  /** Writes all of them, or none. */
  putSettings(settings: readonly StoredSetting[], audit: readonly AuditEntry[]): Promise<void>;
  /** Forgets what is stored of some settings, so that the catalogue holds again, and writes fresh values of others. */
  resetSettings(
    forgotten: readonly string[],
    fresh: readonly StoredSetting[],
    audit: readonly AuditEntry[],
  ): Promise<void>;
  roles(): Promise<readonly KeptRole[]>;
  /** The roles that were removed after a moment. */
  removedRoles(after: Moment): Promise<readonly RemovedRole[]>;
  /** Adds those whose id is not there yet. */
  addRoles(roles: readonly Role[], now: Moment): Promise<void>;
  /** Of two that bear one name (`foldName`), or the id of another role as name, one is made. */
  addRole(role: Role, now: Moment, audit: AuditEntry): Promise<'done' | 'name-taken'>;
  /**
   * Changes a role, all of it or nothing. A protected one keeps its name and scope, and one that accounts hold keeps
   * its scope.
   */
  editRole(
    id: string,
    edit: RoleEdit,
    now: Moment,
    audit: AuditEntry,
  ): Promise<'done' | 'unknown' | 'protected' | 'name-taken' | 'in-use'>;
  /**
   * Removes a role that nobody holds, and takes it out of all permissions. Of this and giving it to somebody at the
   * same time, one happens.
   */
  removeRole(id: string, now: Moment, audit: AuditEntry): Promise<'done' | 'unknown' | 'protected' | 'in-use'>;
  permissions(): Promise<readonly StoredPermission[]>;
  /**
   * Writes all of them, or none: where a role that is added to one does not exist, and where one is not `was` any more.
   */
  putPermissions(
    permissions: readonly PermissionChange[],
    audit: readonly AuditEntry[],
  ): Promise<'done' | 'role-unknown' | 'overtaken'>;
}
