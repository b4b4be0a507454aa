import type { Permission } from '../../../src/client/index.ts';

/** Permissions that are shown together, the groups in the order of the screen. */
const groups = {
  groupPeople: [
    'view-user-administration',
    'view-full-other-user-info',
    'create-user',
    'bulk-register-user',
    'edit-other-user-info',
    'edit-other-user-password',
    'edit-other-user-totp',
    'edit-other-user-avatar',
    'edit-other-user-active-status',
    'manage-moderation-actions',
    'manage-user-status',
    'delete-user',
    'sync-auth-services-users',
  ],
  groupRoles: ['access-permissions', 'access-setting-permissions', 'assign-roles', 'assign-admin-role'],
  groupSessions: [
    'view-device-management',
    'logout-device-management',
    'logout-other-user',
    'manage-blocks',
    'create-personal-access-tokens',
    'user-generate-access-token',
    'introspect-tokens',
    'api-bypass-rate-limit',
  ],
  groupServer: [
    'view-privileged-setting',
    'edit-privileged-setting',
    'manage-selected-settings',
    'manage-oauth-apps',
    'add-oauth-service',
    'view-statistics',
    'view-logs',
    'get-server-info',
    'send-mail',
    'test-admin-options',
  ],
} as const;

type GroupName = keyof typeof groups | 'groupClients' | 'groupSettings';

/** Permissions under one heading. */
export interface PermissionGroup {
  readonly key: string;
  readonly name: GroupName;
  /** What settings the permissions of a group are about. */
  readonly settings: string;
  readonly permissions: readonly Permission[];
}

/** The table cut into its groups: those of single settings by the groups of the settings, behind all others. */
export function grouped(permissions: readonly Permission[]): readonly PermissionGroup[] {
  const byId = new Map(permissions.map((permission) => [permission._id, permission]));
  const known = Object.entries(groups).map(([name, ids]) => ({
    key: name,
    name: name as GroupName,
    settings: '',
    permissions: ids.flatMap((id: string) => byId.get(id) ?? []),
  }));
  const placed = new Set<string>(Object.values(groups).flat());
  const plain = permissions.filter(({ _id, level }) => level !== 'settings' && !placed.has(_id));
  const bySettings = Map.groupBy(
    permissions.filter(({ level }) => level === 'settings'),
    ({ group = '' }) => group,
  );
  const ofSettings = [...bySettings].map(([settings, found]) => ({
    key: `settings ${settings}`,
    name: 'groupSettings' as const,
    settings,
    permissions: found,
  }));
  return [
    ...known,
    { key: 'groupClients', name: 'groupClients' as const, settings: '', permissions: plain },
    ...ofSettings.sort((one, other) => one.settings.localeCompare(other.settings)),
  ].filter((group) => group.permissions.length > 0);
}

/** What a permission is called where the words are read: that of a setting by its setting. */
export function permissionName({ _id, settingId }: Pick<Permission, '_id' | 'settingId'>): string {
  return settingId ?? _id;
}
