import type { Settings } from '../setting/settings.ts';
import type { Entry, Search } from './directory.ts';
import type { EntryPolicy } from './entry-identity.ts';
import { allOf, filledFilter, filterValue, inParentheses } from './filter.ts';
import { variablesOf } from './variables.ts';

/** Where people of the directory are, and how their entries read. */
export interface PeoplePolicy {
  readonly base: string;
  readonly scope: Search['scope'];
  /** Finds people and nothing else. */
  readonly filter: string;
  readonly entry: EntryPolicy;
  /** Of the group that everybody must belong to; undefined where there is none. */
  readonly membership: ((username: string, dn: string) => string) | undefined;
}

/** What is set now of people in the directory (providers.md §4.1). */
export function peoplePolicyOf(settings: Pick<Settings, 'get'>): PeoplePolicy {
  const ofAd = settings.get('LDAP_Server_Type') === 'ad';
  const scope = settings.get('LDAP_User_Search_Scope');
  return {
    base: settings.get('LDAP_BaseDN').trim(),
    scope: scope === 'base' || scope === 'one' ? scope : 'sub',
    filter: inParentheses(settings.get('LDAP_User_Search_Filter')),
    entry: {
      idField: settings.get('LDAP_Unique_Identifier_Field'),
      searchField: settings.get(ofAd ? 'LDAP_AD_User_Search_Field' : 'LDAP_User_Search_Field'),
      usernameField: settings.get(ofAd ? 'LDAP_AD_Username_Field' : 'LDAP_Username_Field'),
      emailField: settings.get(ofAd ? 'LDAP_AD_Email_Field' : 'LDAP_Email_Field'),
      nameField: settings.get(ofAd ? 'LDAP_AD_Name_Field' : 'LDAP_Name_Field'),
      defaultDomain: settings.get('LDAP_Default_Domain').trim(),
      variables: variablesOf(settings),
    },
    membership: membershipOf(settings),
  };
}

/** A search for the group that everybody must belong to: whoever it does not find is left out. */
export function membershipSearch(
  people: PeoplePolicy,
  username: string,
  { dn }: Pick<Entry, 'dn'>,
): Search | undefined {
  if (people.membership === undefined) return undefined;
  return { base: people.base, scope: 'sub', filter: people.membership(username, dn), attributes: ['1.1'] };
}

function membershipOf(settings: Pick<Settings, 'get'>): PeoplePolicy['membership'] {
  if (!settings.get('LDAP_Group_Filter_Enable')) return undefined;
  const kind = settings.get('LDAP_Group_Filter_ObjectClass').trim();
  const id = settings.get('LDAP_Group_Filter_Group_Id_Attribute').trim();
  const member = settings.get('LDAP_Group_Filter_Group_Member_Attribute').trim();
  const format = settings.get('LDAP_Group_Filter_Group_Member_Format').trim();
  const name = settings.get('LDAP_Group_Filter_Group_Name').trim();
  return (username, userdn) =>
    allOf(
      ...(kind === '' ? [] : [`(objectClass=${filterValue(kind)})`]),
      ...(member === ''
        ? []
        : [`(${member}=${filledFilter(format === '' ? '#{userdn}' : format, { username, userdn })})`]),
      ...(id === '' ? [] : [`(${id}=${filterValue(name)})`]),
    );
}
