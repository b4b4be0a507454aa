import type { Settings } from '../setting/settings.ts';
import { type RolePolicy, rolePolicyOf } from './groups.ts';
import { type PeoplePolicy, peoplePolicyOf } from './policy.ts';

/** What is set now of sign-ins with a directory (providers.md §4.1). */
export interface DirectorySignInPolicy {
  readonly people: PeoplePolicy;
  readonly roles: RolePolicy | undefined;
  /** Whether the password that was proved last signs in while there is no answer. */
  readonly fallback: boolean;
  /** Whether a local account of the same username becomes the person's. */
  readonly joins: boolean;
  readonly updates: boolean;
  /** Whether people read their own entry once the password was right; what comes of it is logged and no more. */
  readonly readsItself: boolean;
}

/** @param roleOf see `rolePolicyOf` */
export function directorySignInPolicyOf(
  settings: Pick<Settings, 'get'>,
  roleOf: (nameOrId: string) => string | undefined,
): DirectorySignInPolicy {
  return {
    people: peoplePolicyOf(settings),
    roles: rolePolicyOf(settings, roleOf),
    fallback: settings.get('LDAP_Login_Fallback'),
    joins: settings.get('LDAP_Merge_Existing_Users'),
    updates: settings.get('LDAP_Update_Data_On_Login'),
    readsItself: settings.get('LDAP_Find_User_After_Login'),
  };
}
