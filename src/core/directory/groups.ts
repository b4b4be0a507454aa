import { foldName } from '../account/names.ts';
import type { Identity } from '../external-login/identity.ts';
import type { Settings } from '../setting/settings.ts';
import type { Directory, Entry } from './directory.ts';
import { textOf } from './entry.ts';
import { filledFilter, filterValue, inParentheses, ofDnValue } from './filter.ts';

/** How groups of the directory become roles, as it is set now (providers.md §4.1). */
export interface RolePolicy {
  readonly base: string;
  /** With `#{username}`, `#{userdn}` and `#{groupName}`. */
  readonly filter: string;
  /** Asked for all groups of a person at once, whose names are read; else once for each group of the map. */
  readonly once: boolean;
  readonly nested: boolean;
  /** So many groups are looked at for one person. */
  readonly mostGroups: number;
  /** Whether a role is taken from those who left its groups. */
  readonly takesAway: boolean;
  /** Ids of roles by the name of the group, as it is written. */
  readonly map: ReadonlyMap<string, readonly string[]>;
}

/** Whom groups are asked about. */
export interface Member {
  readonly dn: string;
  readonly username: string;
}

/** How many steps from a group to one that it belongs to are followed. */
const deepest = 10;
/** How many groups are remembered during a run. */
const mostRemembered = 10_000;

/**
 * @param roleOf the id of the role that a name or an id of the map means; undefined for one that is not there
 * @returns undefined where groups give no roles
 */
export function rolePolicyOf(
  settings: Pick<Settings, 'get'>,
  roleOf: (nameOrId: string) => string | undefined,
): RolePolicy | undefined {
  if (!settings.get('LDAP_Sync_User_Data_Roles')) return undefined;
  const map = mapOf(settings.get('LDAP_Sync_User_Data_RolesMap'), roleOf);
  if (map.size === 0) return undefined;
  const base = settings.get('LDAP_Sync_User_Data_Roles_BaseDN').trim();
  return {
    base: base === '' ? settings.get('LDAP_BaseDN').trim() : base,
    filter: inParentheses(settings.get('LDAP_Sync_User_Data_Roles_Filter')),
    once: settings.get('LDAP_Sync_User_Data_Roles_GroupMembershipValidationStrategy') === 'once',
    nested: settings.get('Countersign_LDAP_Nested_Groups'),
    mostGroups: settings.get('LDAP_Search_Size_Limit'),
    takesAway: settings.get('LDAP_Sync_User_Data_Roles_AutoRemove'),
    map,
  };
}

/**
 * Tells the roles that the directory decides for a person. What it finds out about groups is remembered as long as the
 * returned function is: for one sign-in, or for one run.
 * @throws DirectoryUnreachable: no answer is never taken for no group
 */
export function groupRoles(
  directory: Pick<Directory, 'search'>,
  policy: RolePolicy,
): (member: Member) => Promise<NonNullable<Identity['roles']>> {
  const { base, map } = policy;
  const follows = policy.nested && isOfDns(policy.filter).held;
  const parents = new Map<string, readonly Group[]>();
  const fitting = new Map<string, boolean>();

  async function searched(filter: string, attributes: readonly string[]): Promise<readonly Group[]> {
    const found: Group[] = [];
    for await (const entry of directory.search({ base, scope: 'sub', filter, attributes })) {
      found.push(groupOf(entry));
      if (found.length >= policy.mostGroups) break;
    }
    return found;
  }

  async function directNames({ username, dn }: Member): Promise<readonly string[]> {
    const values = { username, userdn: dn };
    if (policy.once) {
      const filter = filledFilter(policy.filter.replaceAll('=#{groupName}', '=*'), values);
      return (await searched(filter, ['cn'])).map(({ name }) => name);
    }
    const held: string[] = [];
    for (const groupName of map.keys()) {
      const found = await searched(filledFilter(policy.filter, { ...values, groupName }), ['1.1']);
      if (found.length > 0) held.push(groupName);
    }
    return held;
  }

  /** The groups that a person or a group belongs to. */
  async function groupsWith(dn: string): Promise<readonly Group[]> {
    const member = filterValue(dn);
    return await searched(`(|(member=${member})(uniqueMember=${member}))`, ['cn']);
  }

  async function parentsOf(dn: string): Promise<readonly Group[]> {
    const key = dn.toLowerCase();
    const remembered = parents.get(key);
    if (remembered !== undefined) return remembered;
    const found = await groupsWith(dn);
    if (parents.size >= mostRemembered) parents.clear();
    parents.set(key, found);
    return found;
  }

  /** Whether a group has a member by the operator's own filter: others may make groups of the same name. */
  async function fits(group: Group, values: Readonly<Record<string, string>>): Promise<{ readonly held: boolean }> {
    const filter = filledFilter(policy.filter, values);
    const key = `${group.dn.toLowerCase()}\n${filter}`;
    const remembered = fitting.get(key);
    if (remembered !== undefined) return { held: remembered };
    let held = false;
    for await (const _found of directory.search({ base: group.dn, scope: 'base', filter, attributes: ['1.1'] })) {
      held = true;
    }
    if (fitting.size >= mostRemembered) fitting.clear();
    fitting.set(key, held);
    return { held };
  }

  /**
   * Names of the groups of the map above the ones that a person is in: of each whose filter holds for the group below it.
   * A group that holds itself ends there. The groups at the bottom are `directNames` alone.
   */
  async function nestedNames(member: Member, wanted: ReadonlyMap<string, string>): Promise<readonly string[]> {
    const looked = new Set<string>();
    const names = new Set<string>();
    let level = await groupsWith(member.dn);
    for (let depth = 0; depth < deepest && level.length > 0; depth += 1) {
      const above: Group[] = [];
      for (const group of level) {
        const key = group.dn.toLowerCase();
        if (looked.has(key) || looked.size >= policy.mostGroups) continue;
        looked.add(key);
        for (const parent of await parentsOf(group.dn)) {
          const groupName = wanted.get(foldName(parent.name));
          const values = { username: member.username, userdn: group.dn, groupName: groupName ?? '' };
          if (groupName !== undefined && !names.has(groupName) && (await fits(parent, values)).held) {
            names.add(groupName);
          }
          above.push(parent);
        }
      }
      level = above;
    }
    return [...names];
  }

  return async (member) => {
    const names = new Set((await directNames(member)).map(foldName));
    const wanted = new Map([...map.keys()].map((name) => [foldName(name), name]));
    for (const name of names) wanted.delete(name);
    if (follows && wanted.size > 0) {
      for (const name of await nestedNames(member, wanted)) names.add(foldName(name));
    }
    const held = [...map].filter(([group]) => names.has(foldName(group))).flatMap(([, roles]) => roles);
    const decided = policy.takesAway ? [...map.values()].flat() : [];
    return { held: [...new Set(held)], decided: [...new Set(decided)] };
  };
}

interface Group {
  readonly dn: string;
  readonly name: string;
}

/** Called by its place in the directory, which whoever may write its attributes cannot change; else by its first `cn`. */
function groupOf(entry: Entry): Group {
  const [, placed] = /^\s*cn\s*=\s*((?:\\.|[^\\,+])*)/isu.exec(entry.dn) ?? [];
  const name = placed === undefined ? textOf(entry, 'cn') : ofDnValue(placed);
  return { dn: entry.dn, name: name ?? '' };
}

/**
 * Whether a filter can be asked of a group in place of a person: where it goes by the names of entries. One that excludes
 * by them, or goes by usernames alone, says nothing of groups in groups.
 */
function isOfDns(filter: string): { readonly held: boolean } {
  return { held: filter.includes('#{userdn}') && !/!.*#\{\s*user/su.test(filter) };
}

function mapOf(json: string, roleOf: (nameOrId: string) => string | undefined): RolePolicy['map'] {
  const map = new Map<string, readonly string[]>();
  for (const [group, given] of Object.entries(parsed(json))) {
    const wanted: readonly unknown[] = Array.isArray(given) ? given : [given];
    const roles = wanted.flatMap((name) => (typeof name === 'string' ? (roleOf(name.trim()) ?? []) : []));
    if (roles.length > 0) map.set(group, roles);
  }
  return map;
}

function parsed(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
