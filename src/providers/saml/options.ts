import type { KeyObject, X509Certificate } from 'node:crypto';
import { listed } from '../../core/account/rules.ts';
import { samlSettings } from '../../core/setting/saml-settings.ts';
import type { Settings } from '../../core/setting/settings.ts';
import { certificatesOf, privateKeyOf } from './certificates.ts';
import { type FieldMap, fieldMapOf } from './field-map.ts';

export type SignatureHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** What is set, read and checked. */
export interface SamlOptions {
  readonly name: string;
  /** Our own addresses, as the provider must name them. */
  readonly consumer: string;
  readonly logout: string;
  readonly entryPoint: string;
  readonly endingAddress: string | undefined;
  /** What the provider calls itself; undefined for any name. */
  readonly providerId: string | undefined;
  /** What we call ourselves. */
  readonly entityId: string;
  readonly audience: string;
  readonly certificates: readonly X509Certificate[];
  readonly key: KeyObject | undefined;
  readonly ownCertificate: X509Certificate | undefined;
  readonly mustBeSigned: 'Response' | 'Assertion' | 'Either' | 'All';
  readonly hash: SignatureHash;
  readonly driftMs: number;
  readonly takesUninvited: boolean;
  readonly fields: FieldMap;
  readonly knownBy: 'EMail' | 'Username';
  readonly lowersUsername: boolean;
  readonly generatesUsername: boolean;
  readonly overwrites: { readonly name: boolean; readonly emails: boolean };
  readonly firstRoles: readonly string[];
  readonly roleAttribute: string | undefined;
  readonly syncsRoles: boolean;
  readonly nameFormat: string | undefined;
  readonly context: string | undefined;
  readonly comparison: string;
}

/** Names that can stand in an address and lead nowhere else. */
function isProviderName(name: string): { readonly held: boolean } {
  return { held: /^[A-Za-z0-9][\w.-]{0,63}$/u.test(name) };
}

/** What is set, whether or not it is switched on. @throws Error with a sentence for the operator */
export function samlOptions({ get }: Pick<Settings, 'get'>): SamlOptions {
  const name = get('SAML_Custom_Default_provider').trim();
  if (!isProviderName(name).held) throw new Error('The name of the provider cannot stand in an address.');
  const root = rootOf(get('Site_Url'));
  const issuer = orNone(get('SAML_Custom_Default_issuer'));
  const isExample = issuer === undefined || issuer === samlSettings.SAML_Custom_Default_issuer.initial;
  const entityId = isExample ? `${root}/_saml/metadata/${name}` : issuer;
  return {
    name,
    consumer: `${root}/_saml/validate/${name}`,
    logout: `${root}/_saml/logout/${name}/`,
    entryPoint: addressOf(get, 'SAML_Custom_Default_entry_point') ?? '',
    endingAddress: addressOf(get, 'SAML_Custom_Default_idp_slo_redirect_url'),
    providerId: orNone(get('SAML_Custom_Default_idp_entity_id')),
    entityId,
    audience: orNone(get('SAML_Custom_Default_audience')) ?? entityId,
    certificates: read(() => certificatesOf(get('SAML_Custom_Default_cert')), 'The certificate cannot be read.'),
    key: privateKeyOf(get('SAML_Custom_Default_private_key')),
    ownCertificate: read(
      () => certificatesOf(get('SAML_Custom_Default_public_cert'))[0],
      'Our own certificate cannot be read.',
    ),
    mustBeSigned: get('SAML_Custom_Default_signature_validation_type') as SamlOptions['mustBeSigned'],
    hash: get('SAML_Custom_Default_signature_algorithm').toLowerCase() as SignatureHash,
    driftMs: get('SAML_Custom_Default_allowed_clock_drift'),
    takesUninvited: get('SAML_Custom_Default_allow_idp_initiated'),
    fields: read(() => fieldMapOf(get('SAML_Custom_Default_user_data_fieldmap')), 'The field map cannot be read.'),
    knownBy: get('SAML_Custom_Default_immutable_property') as SamlOptions['knownBy'],
    lowersUsername: get('SAML_Custom_Default_username_normalize') === 'Lowercase',
    generatesUsername: get('SAML_Custom_Default_generate_username'),
    overwrites: {
      name: get('SAML_Custom_Default_name_overwrite'),
      emails: get('SAML_Custom_Default_mail_overwrite'),
    },
    firstRoles: listed(get('SAML_Custom_Default_default_user_role')),
    roleAttribute: orNone(get('SAML_Custom_Default_role_attribute_name')),
    syncsRoles: get('SAML_Custom_Default_role_attribute_sync'),
    nameFormat: orNone(get('SAML_Custom_Default_identifier_format')),
    context: orNone(get('SAML_Custom_Default_custom_authn_context')),
    comparison: get('SAML_Custom_Default_authn_context_comparison'),
  };
}

/** Without the slash at its end. */
function rootOf(url: string): string {
  return url.replace(/\/+$/u, '');
}

function orNone(text: string): string | undefined {
  const bare = text.trim();
  return bare === '' ? undefined : bare;
}

/** An address of the provider; nobody's where it is empty, or the example that Rocket.Chat begins with. */
function addressOf(
  get: Settings['get'],
  id: 'SAML_Custom_Default_entry_point' | 'SAML_Custom_Default_idp_slo_redirect_url',
): string | undefined {
  const bare = orNone(get(id));
  if (bare === undefined || bare === samlSettings[id].initial) return undefined;
  const protocol = URL.parse(bare)?.protocol;
  if (protocol !== 'https:' && protocol !== 'http:') throw new Error(`${id} is no web address.`);
  return bare;
}

function read<T>(act: () => T, sentence: string): T {
  try {
    return act();
  } catch (cause) {
    throw new Error(sentence, { cause });
  }
}
