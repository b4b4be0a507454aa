import type { ConfigurableProvider } from '../../../src/client/index.ts';

const saml = /^SAML_Custom_Default_(?:provider|entry_point|idp_entity_id|cert)$/u;
const cas = /^CAS_(?:base_url|login_url|version)$/u;
/** Where its server is, and as what the provider knows us. */
const builtIn = /^(?:API_\w+_URL|Accounts_OAuth_\w+_(?:URL|server_type|id|secret|secretKey|iss|kid))$/u;
const custom = /-(?:issuer|id|secret|scope|button_label_text)$/u;

/** Whether a setting is among those that everybody fills in; the others stand under "more". */
export function isMain({ kind }: ConfigurableProvider, id: string): { readonly held: boolean } {
  switch (kind) {
    case 'saml':
      return { held: saml.test(id) };
    case 'cas':
      return { held: cas.test(id) };
    case 'custom':
      return { held: custom.test(id) };
    default:
      return { held: builtIn.test(id) };
  }
}
