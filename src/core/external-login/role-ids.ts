import { foldName } from '../account/names.ts';
import type { Role } from '../setting/store.ts';
import type { Identity } from './identity.ts';

/**
 * The identity with the ids of its roles: providers and administrators name roles as people do (providers.md §3.4).
 * @param roles those of the server; what none of them is called stays as it is, and is no role
 */
export function withRoleIds(identity: Identity, roles: readonly Role[]): Identity {
  const { roles: told, firstRoles } = identity;
  if (told === undefined && firstRoles === undefined) return identity;
  const ids = new Set(roles.map(({ id }) => id));
  const named = new Map(roles.filter(({ scope }) => scope === 'Users').map(({ id, name }) => [foldName(name), id]));
  const idOf = (text: string): string => (ids.has(text) ? text : (named.get(foldName(text)) ?? text));
  return {
    ...identity,
    ...(firstRoles === undefined ? {} : { firstRoles: firstRoles.map(idOf) }),
    roles: told === undefined ? undefined : { held: told.held.map(idOf), decided: told.decided.map(idOf) },
  };
}
