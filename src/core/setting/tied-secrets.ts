import { isSettingId } from './catalogue.ts';
import { customIdOf, customPartsOf } from './custom-service.ts';
import { definitionOf, type ListedId } from './definitions.ts';

/** Where a service of ours is asked with a secret, and how: whoever changes one of them would be told the secret there. */
const ties: Readonly<Record<string, ListedId>> = {
  ...tied(
    'LDAP_Authentication_Password',
    'LDAP_Host',
    'LDAP_Port',
    'LDAP_Encryption',
    'LDAP_Reject_Unauthorized',
    'LDAP_CA_Cert',
    'LDAP_Authentication_UserDN',
  ),
  ...tied('SMTP_Password', 'SMTP_Protocol', 'SMTP_Host', 'SMTP_Port', 'SMTP_IgnoreTLS'),
};

function tied(secret: ListedId, ...to: readonly ListedId[]): Readonly<Record<string, ListedId>> {
  return Object.fromEntries(to.map((id) => [id, secret]));
}

/** The same of a custom service, by the end of its ids. */
const customTies: ReadonlySet<string> = new Set(['url', 'issuer', 'token_path', 'introspection_url']);

/** And of one that is built in. */
const builtInTie =
  /^(?:API_(?<site>\w+)_URL|Accounts_OAuth_(?<service>\w+?)_(?:URL|server_type|token_path|token_url|debug_token_url))$/u;

/** Whether a setting, if it is one, names a place that a secret is sent to. */
export function namesSecretsPlace(id: string): { readonly held: boolean } {
  return { held: definitionOf(id) !== undefined && secretTiedTo(id as ListedId) !== undefined };
}

/**
 * The secret that belongs to the place that a setting names, and must not be sent to another.
 * @returns undefined for settings that name no such place
 */
export function secretTiedTo(id: ListedId): ListedId | undefined {
  const custom = customPartsOf(id);
  if (custom !== undefined) return customTies.has(custom.key) ? customIdOf(custom.name, 'secret') : undefined;
  if (Object.hasOwn(ties, id)) return ties[id];
  const { site, service } = builtInTie.exec(id)?.groups ?? {};
  const secret = `Accounts_OAuth_${site ?? service ?? ''}_secret`;
  return isSettingId(secret) ? secret : undefined;
}
