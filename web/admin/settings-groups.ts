import { settings as words } from '../words/settings.ts';

type Key = Parameters<typeof words.say>[0];

/** The words for each group of the catalogue. */
const known: Readonly<Record<string, readonly [name: Key, about: Key]>> = {
  'Accounts': ['groupAccounts', 'groupAccountsAbout'],
  'General': ['groupGeneral', 'groupGeneralAbout'],
  'Layout': ['groupLayout', 'groupLayoutAbout'],
  'Email': ['groupEmail', 'groupEmailAbout'],
  'Presence': ['groupPresence', 'groupPresenceAbout'],
  'Rate Limiter': ['groupRateLimiter', 'groupRateLimiterAbout'],
  'Device_Management': ['groupDeviceManagement', 'groupDeviceManagementAbout'],
  'Countersign': ['groupCountersign', 'groupCountersignAbout'],
  'OAuth': ['groupOAuth', 'groupOAuthAbout'],
  'LDAP': ['groupLDAP', 'groupLDAPAbout'],
  'SAML': ['groupSAML', 'groupSAMLAbout'],
  'CAS': ['groupCAS', 'groupCASAbout'],
};

/** What a group of settings is called, and what is in it; one without words has its own name. */
export function groupText(group: string): { readonly name: string; readonly about: string } {
  const keys = Object.hasOwn(known, group) ? known[group] : undefined;
  return keys === undefined ? { name: group, about: '' } : { name: words.say(keys[0]), about: words.say(keys[1]) };
}
