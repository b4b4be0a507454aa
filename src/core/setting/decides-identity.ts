import type { SettingId } from './catalogue.ts';
import { definitionOf } from './definitions.ts';

/** Groups of settings that all say who comes in from elsewhere, whose account they get and with which roles. */
const groups: ReadonlySet<string> = new Set(['OAuth', 'LDAP', 'SAML', 'CAS']);

/** Outside those groups: where mailed links begin, and where the cookie of whoever is signed in goes. */
const alone: ReadonlySet<string> = new Set<SettingId>([
  'Site_Url',
  'Countersign_Page_Cookie_Domain',
  'Accounts_Verify_Email_For_External_Accounts',
]);

/**
 * Whether a setting decides who somebody is: whoever changes it can come to any account, an administrator's too. They
 * name another directory or provider, or have the mails with everybody's links sent through a server of theirs.
 */
export function decidesIdentity(id: string): boolean {
  const definition = definitionOf(id);
  if (definition === undefined) return false;
  const { group, section } = definition;
  return groups.has(group) || (group === 'Email' && section === 'SMTP') || alone.has(id);
}
