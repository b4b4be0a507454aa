import { administratorRole, everybodysRole } from '../account/account.ts';
import type { Clock, Events, Moment } from '../ports.ts';
import { keep, type Log } from './kept.ts';
import { silence } from './memory-store.ts';
import { type PermissionId, permissionTable } from './permission-table.ts';
import { defaultRoles } from './role-table.ts';
import { outranks, type Rank } from './rules.ts';
import type { Settings } from './settings.ts';
import type { KeptRole, SettingStore, StoredPermission } from './store.ts';

/** The permission to change one setting, for holders of `manage-selected-settings`. */
export type SettingPermissionId = `change-setting-${string}`;

/** What keeping roles and permissions needs. */
export interface PermissionsNeeds {
  readonly store: Pick<SettingStore, 'roles' | 'addRoles' | 'permissions'>;
  readonly events: Events;
  readonly clock: Clock;
  /** Each setting that it lists has a permission, those of custom services as well. */
  readonly settings: Pick<Settings, 'list' | 'services'>;
  readonly log?: Log;
}

/** A permission as lists show it. */
export interface ListedPermission {
  readonly id: string;
  /** Ids of the roles that hold it. */
  readonly roles: readonly string[];
  /** Where nothing is stored, when this server started. */
  readonly updatedAt: Moment;
  /** The setting that it lets change (level `settings`); undefined for all others. */
  readonly setting: { readonly id: string; readonly group: string; readonly section: string | undefined } | undefined;
}

/** Who may hold a permission: an account, through the token that it shows. */
export interface Holder {
  readonly account: { readonly roles: readonly string[] };
  /** `scopes` names the only permissions that the token carries; undefined for all of its owner's. */
  readonly token: { readonly scopes: readonly string[] | undefined };
}

export interface Permissions {
  /**
   * Whether the holder's token carries the permission and one of the holder's roles has it. Roles of rooms have nothing
   * outside their room.
   */
  held(holder: Holder, permission: PermissionId | SettingPermissionId): { readonly held: boolean };
  /** The ids of the roles that hold it; none for an unknown permission. */
  rolesOf(permission: string): readonly string[];
  /** All permissions, or those that changed after a moment. */
  list(filter?: { readonly updatedSince?: Moment | undefined }): readonly ListedPermission[];
  /** All roles, of the server and of rooms. */
  roles(): readonly KeptRole[];
  /**
   * Whether an account with the first roles ranks above one with the other ones; also to be asked before a role is
   * given, with that role alone first and the giver's roles second. The rule is `outranks` in `rules.ts`.
   * @param scopes the only permissions that the other's token carries: no token ranks above what it carries, and none
   *   with scopes is an administrator's equal; undefined for all
   */
  outranks(roles: readonly string[], others: readonly string[], scopes?: readonly string[]): { readonly held: boolean };
  /** The same over another store and its settings, of which nobody else hears: for whoever tries what would become of them. */
  over(store: PermissionsNeeds['store'], settings: PermissionsNeeds['settings']): Promise<Permissions>;
  /** Reads the store again. */
  readonly load: () => Promise<void>;
  readonly close: () => void;
}

const yes = { held: true } as const;
const no = { held: false } as const;

/**
 * Adds the default roles that are missing, and keeps roles and permissions in memory.
 * @param needs the store, and the open settings
 */
export async function openPermissions(needs: PermissionsNeeds): Promise<Permissions> {
  const { store, events, clock, settings, log = () => undefined } = needs;
  let services = settings.services();
  let defaults = defaultPermissions(settings, clock.now());
  let rows: readonly [readonly StoredPermission[], readonly KeptRole[]] = [[], []];
  let current = built(defaults, ...rows);

  /** What stands now, with the permissions of services that have come since. */
  function standing(): Built {
    kept.look();
    if (services === settings.services()) return current;
    services = settings.services();
    const known = new Map(defaults.map((permission) => [permission.id, permission]));
    // Clients that keep a copy ask for what has changed: those that were there have not.
    defaults = defaultPermissions(settings, clock.now()).map((permission) => known.get(permission.id) ?? permission);
    current = built(defaults, ...rows);
    return current;
  }

  const kept = keep({
    kind: 'permissions',
    events,
    clock,
    log,
    read: () => Promise.all([store.permissions(), store.roles()]),
    take(read: readonly [readonly StoredPermission[], readonly KeptRole[]]) {
      rows = read;
      current = built(defaults, ...rows);
    },
  });

  try {
    const present = new Set((await store.roles()).map((role) => role.id));
    const missing = defaultRoles.filter((role) => !present.has(role.id));
    if (missing.length > 0) await store.addRoles(missing, clock.now());
    await kept.load();
  } catch (cause) {
    kept.close();
    throw cause;
  }

  function rankOf(roles: readonly string[]): Rank {
    const permissions = new Set<string>();
    for (const [id, holders] of standing().holders) {
      // What every ordinary user may do gives nobody rank: a service that only makes tokens can make them for users.
      if (!holders.has(everybodysRole) && roles.some((role) => holders.has(role))) permissions.add(id);
    }
    return { roles, permissions };
  }

  return {
    held({ account, token }, permission) {
      const holders = standing().holders.get(permission);
      if (holders === undefined || token.scopes?.includes(permission) === false) return no;
      return account.roles.some((role) => holders.has(role)) ? yes : no;
    },
    rolesOf(permission) {
      return standing().permissions.get(permission)?.roles ?? [];
    },
    list(filter = {}) {
      const since = filter.updatedSince ?? Number.NEGATIVE_INFINITY;
      return [...standing().permissions.values()].filter((permission) => permission.updatedAt > since);
    },
    roles() {
      kept.look();
      return current.roles;
    },
    outranks(roles, others, scopes) {
      return outranks(rankOf(roles), carried(rankOf(others), scopes), administratorRole);
    },
    over: async (other, its) => await openPermissions({ ...needs, store: other, settings: its, events: silence }),
    load: kept.load,
    close: kept.close,
  };
}

/** The rank that is left through a token that carries these permissions only. */
function carried(rank: Rank, scopes: readonly string[] | undefined): Rank {
  if (scopes === undefined) return rank;
  return {
    roles: rank.roles.filter((role) => role !== administratorRole),
    permissions: new Set(scopes.filter((permission) => rank.permissions.has(permission))),
  };
}

interface Built {
  readonly roles: readonly KeptRole[];
  readonly permissions: ReadonlyMap<string, ListedPermission>;
  /** The roles of the server that hold each permission. */
  readonly holders: ReadonlyMap<string, ReadonlySet<string>>;
}

function defaultPermissions(settings: Pick<Settings, 'list'>, updatedAt: Moment): readonly ListedPermission[] {
  const plain = Object.entries(permissionTable).map(([id, roles]) => ({ id, roles, updatedAt, setting: undefined }));
  const ofSettings = settings.list().map(({ id, definition }) => ({
    id: `change-setting-${id}`,
    roles: [],
    updatedAt,
    setting: { id, group: definition.group, section: definition.section },
  }));
  return [...plain, ...ofSettings];
}

function built(
  defaults: readonly ListedPermission[],
  stored: readonly StoredPermission[],
  roles: readonly KeptRole[],
): Built {
  const ofServer = new Set(roles.filter((role) => role.scope === 'Users').map((role) => role.id));
  const differing = new Map(stored.map((permission) => [permission.id, permission]));
  const permissions = new Map<string, ListedPermission>();
  const holders = new Map<string, ReadonlySet<string>>();
  for (const permission of defaults) {
    const { roles: held, updatedAt } = differing.get(permission.id) ?? permission;
    permissions.set(permission.id, { ...permission, roles: held, updatedAt });
    holders.set(permission.id, new Set(held.filter((role) => ofServer.has(role))));
  }
  return { roles, permissions, holders };
}
