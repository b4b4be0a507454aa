import type { Permission, Role } from '../../../src/client/index.ts';
import type { Person } from '../../person.ts';
import { administratorRole } from '../people/role-checks.tsx';

/** Why somebody may not give or take a permission; the server has the last word. */
export type Why = 'whySettings' | 'whyNotHeld' | 'whyRank' | 'whyKept';

/** The role that everybody has: what it holds raises nobody's rank. */
export const everybodysRole = 'user';

/** The roles that rank above whoever is signed in, by their ids. */
export function rolesAbove(
  { me, may }: Pick<Person, 'me' | 'may'>,
  roles: readonly Role[],
  permissions: readonly Permission[],
): ReadonlySet<string> {
  if (me.roles.includes(administratorRole)) return new Set();
  const raising = permissions.filter(({ _id, roles: holders }) => !holders.includes(everybodysRole) && !may(_id));
  const above = roles.filter(
    ({ _id, scope }) =>
      _id === administratorRole || (scope === 'Users' && raising.some(({ roles: holders }) => holders.includes(_id))),
  );
  return new Set(above.map(({ _id }) => _id));
}

/** Why a permission cannot be given to a role, or taken from it, by whoever is signed in; undefined where it can. */
export function whyNot(
  { me, may }: Pick<Person, 'me' | 'may'>,
  permission: Permission,
  role: string,
  isHeld: boolean,
  above: ReadonlySet<string>,
): Why | undefined {
  if (permission.level === 'settings' && !may('access-setting-permissions')) return 'whySettings';
  if (above.has(role)) return 'whyRank';
  if (isHeld) {
    return permission._id === 'access-permissions' && role === administratorRole ? 'whyKept' : undefined;
  }
  return me.roles.includes(administratorRole) || may(permission._id) ? undefined : 'whyNotHeld';
}
