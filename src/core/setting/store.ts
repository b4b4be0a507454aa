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

/** What settings, roles and permissions need from a store. Writes announce `settings` / `permissions` when committed. */
export interface SettingStore {
  settings(): Promise<readonly StoredSetting[]>;
  /** Writes all of them, or none. */
  putSettings(settings: readonly StoredSetting[], audit: readonly AuditEntry[]): Promise<void>;
  roles(): Promise<readonly Role[]>;
  /** Adds those whose id is not there yet. */
  addRoles(roles: readonly Role[]): Promise<void>;
  permissions(): Promise<readonly StoredPermission[]>;
  putPermissions(permissions: readonly StoredPermission[], audit: readonly AuditEntry[]): Promise<void>;
}
