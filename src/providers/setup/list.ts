import { listed } from '../../core/account/rules.ts';
import type { ConfigurableService } from '../../core/external-login/setup.ts';
import { casSettings } from '../../core/setting/cas-settings.ts';
import { catalogue } from '../../core/setting/catalogue.ts';
import { type CustomKey, type CustomService, customIdOf, customKeys } from '../../core/setting/custom-service.ts';
import { ldapSettings } from '../../core/setting/ldap-settings.ts';
import { ldapSyncSettings } from '../../core/setting/ldap-sync-settings.ts';
import { samlSettings } from '../../core/setting/saml-settings.ts';
import type { Settings } from '../../core/setting/settings.ts';
import type { ProviderParts } from '../kind.ts';
import { kinds } from '../kinds.ts';
import { asIfWhole, idsOf, isClientPart, isServerAddress } from './whole.ts';

type KindName = keyof typeof kinds;

/** The names of those that are built in, in the order in which clients are told. */
export const kindNames = Object.keys(kinds) as readonly KindName[];

/** Of a custom service, what one begins with; a secret is for a place, so that it comes after it. */
const firstKeys: readonly CustomKey[] = [
  'issuer',
  'url',
  'authorize_path',
  'token_path',
  'identity_path',
  'jwks_url',
  'introspection_url',
  'id',
  'secret',
  'scope',
];

/** Every service that can be configured. */
export function configurable(parts: ProviderParts): readonly ConfigurableService[] {
  const { settings } = parts;
  const root = rootOf(settings.get('Site_Url'));
  const samlName = settings.get('SAML_Custom_Default_provider').trim();
  return [
    ...kindNames.map((name) => builtIn(parts, name)),
    ...settings.services().map((custom) => customOf(settings, custom)),
    {
      service: 'saml',
      label: labelOr(settings.get('SAML_Custom_Default_button_label_text'), 'SAML'),
      kind: 'saml',
      on: settings.get('SAML_Custom_Default'),
      settings: switchLast(Object.keys(samlSettings), 'SAML_Custom_Default'),
      ...backTo(`${root}/_saml/validate/${samlName}`),
      guide: 'docs/guides/saml.md',
    },
    {
      service: 'cas',
      label: labelOr(settings.get('CAS_button_label_text'), 'CAS'),
      kind: 'cas',
      on: settings.get('CAS_enabled'),
      settings: switchLast(Object.keys(casSettings), 'CAS_enabled'),
      ...backTo(`${root}/_cas/`),
      guide: 'docs/guides/cas.md',
    },
    {
      service: 'ldap',
      label: 'LDAP',
      kind: 'ldap',
      on: settings.get('LDAP_Enable'),
      settings: switchLast([...Object.keys(ldapSettings), ...Object.keys(ldapSyncSettings)], 'LDAP_Enable'),
      callback: undefined,
      callbacks: [],
      guide: 'docs/guides/ldap.md',
    },
  ];
}

/** As it is before anything is set, and which service that is. */
export function freshProvider(
  parts: ProviderParts,
  name: KindName,
): { readonly service: string; readonly label: string } {
  const fresh = (id: keyof typeof catalogue): unknown => catalogue[id].initial;
  const settings = asIfWhole({ ...parts.settings, get: fresh as Settings['get'] }, name);
  const made = kinds[name]({ ...parts, settings });
  return { service: made?.service ?? name.toLowerCase(), label: made?.label ?? name };
}

function builtIn(parts: ProviderParts, name: KindName): ConfigurableService {
  const { service, label } = freshProvider(parts, name);
  const isShaped = idsOf(name).some((id) => isServerAddress(id).held);
  return {
    service,
    label,
    kind: 'built-in',
    on: parts.settings.get(`Accounts_OAuth_${name}`),
    settings: idsOf(name).toSorted((one, other) => rankOf(one, name) - rankOf(other, name)),
    ...oauthBackTo(parts.settings, service),
    guide: isShaped ? 'docs/guides/custom-oauth.md' : 'docs/guides/oauth.md',
  };
}

/** Where it is, as what it knows us, the rest, and the switch; within a rank the catalogue's own order holds. */
function rankOf(id: string, name: string): number {
  if (id === `Accounts_OAuth_${name}`) return 3;
  if (isServerAddress(id).held || id.endsWith('_server_type')) return 0;
  return isClientPart(id).held ? 1 : 2;
}

function customOf(settings: Settings, custom: CustomService): ConfigurableService {
  const others = (Object.keys(customKeys) as CustomKey[]).filter((key) => key !== '' && !firstKeys.includes(key));
  const keys: readonly CustomKey[] = [...firstKeys, ...others, ''];
  return {
    service: custom.service,
    label: labelOr(custom.value('button_label_text'), custom.name),
    kind: 'custom',
    on: custom.value(''),
    settings: keys.map((key) => customIdOf(custom.name, key)),
    ...oauthBackTo(settings, custom.service),
    guide: 'docs/guides/custom-oauth.md',
  };
}

/** Clients that go by themselves come back to the first, or by way of the proxy; our own pages to the second. */
function oauthBackTo(settings: Settings, service: string): Pick<ConfigurableService, 'callback' | 'callbacks'> {
  const root = rootOf(settings.get('Site_Url'));
  const isProxied = listed(settings.get('Accounts_OAuth_Proxy_services')).includes(service);
  const own = isProxied
    ? `${rootOf(settings.get('Accounts_OAuth_Proxy_host'))}/oauth_redirect`
    : `${root}/_oauth/${service}`;
  return backTo(own, `${root}/oauth/${service}/callback`);
}

/** Without the slash at its end. */
function rootOf(url: string): string {
  return url.replace(/\/+$/u, '');
}

function backTo(callback: string, ...more: readonly string[]): Pick<ConfigurableService, 'callback' | 'callbacks'> {
  return { callback, callbacks: [callback, ...more] };
}

function switchLast(ids: readonly string[], own: string): readonly string[] {
  return [...ids.filter((id) => id !== own), own];
}

function labelOr(label: string, other: string): string {
  return label.trim() === '' ? other : label.trim();
}
