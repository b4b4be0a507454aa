import { listed } from '../core/account/rules.ts';
import type { RedirectProvider } from '../core/external-login/provider.ts';
import { type CustomKey, type CustomService, customKeys } from '../core/setting/custom-service.ts';
import { addressOf } from './built-in-shape.ts';
import { areAddresses } from './client.ts';
import { assertsByClaim } from './custom-identity.ts';
import type { CustomShape } from './custom-shape.ts';
import type { MadeProvider, ProviderParts } from './kind.ts';
import { shapedProvider } from './shaped-provider.ts';

/** The custom services that are switched on and configured, in the order of their names (providers.md §3). */
export function customProviders(parts: ProviderParts): readonly MadeProvider[] {
  return parts.settings.services().flatMap((service) => {
    const shape = service.value('') ? shapeOf(parts, service) : undefined;
    return shape === undefined ? [] : [shapedProvider(parts, shape)];
  });
}

type PathKey = CustomKey & ('authorize_path' | 'token_path' | 'identity_path');

function shapeOf({ discovery }: ProviderParts, custom: CustomService): CustomShape | undefined {
  const { service } = custom;
  const clientId = custom.value('id').trim();
  const set = custom.value('issuer').trim();
  // Some write down where the document is, which tells the same.
  const issuer = set === '' ? undefined : set.replace(/\/\.well-known\/openid-configuration$/u, '');
  const base = custom.value('url').trim().replace(/\/+$/u, '');
  // With a document, a path that nobody has touched is the one that the document tells.
  const placed = (key: PathKey): string | undefined => {
    const path = custom.value(key).trim();
    return issuer !== undefined && path === customKeys[key].initial ? undefined : addressOf(base, path);
  };
  const keysUrl = custom.value('jwks_url').trim();
  const introspectionUrl = custom.value('introspection_url').trim();
  const places = {
    authorize: placed('authorize_path'),
    token: placed('token_path'),
    identity: placed('identity_path'),
    keys: keysUrl === '' ? undefined : addressOf(base, keysUrl),
    introspection: introspectionUrl === '' ? undefined : addressOf(base, introspectionUrl),
  };
  const addresses = [issuer, ...Object.values(places)].filter((address) => address !== undefined);
  const clientSecret = custom.value('secret').trim();
  if (clientId === '' || clientSecret === '' || !areAddresses(...addresses).held) return undefined;
  const label = custom.value('button_label_text').trim();
  const identitySentVia = custom.value('identity_token_sent_via');
  const sentVia = identitySentVia === 'default' ? custom.value('token_sent_via') : identitySentVia;
  const decided = listed(custom.value('roles_to_sync'));
  const merges = custom.value('merge_users');
  const mergesNames =
    merges && custom.value('merge_users_distinct_services') && custom.value('key_field') === 'username';
  return {
    service,
    label: label === '' ? custom.name : label,
    showsButton: custom.value('show_button'),
    published: publishedOf(custom, base === '' ? (issuer ?? '') : base, {
      authorizePath:
        places.authorize === undefined && issuer !== undefined
          ? discovery.known(issuer, service)?.authorize?.url
          : undefined,
    }),
    clientId,
    clientSecret,
    clientAuthentication: custom.value('token_sent_via') === 'header' ? 'basic' : 'body',
    scope: custom.value('scope').trim(),
    issuer,
    places,
    tokenInQuery: sentVia === 'payload' ? custom.value('access_token_param').trim() : undefined,
    fields: {
      username: custom.value('username_field').trim(),
      email: custom.value('email_field').trim(),
      name: custom.value('name_field').trim(),
      avatar: custom.value('avatar_field').trim(),
    },
    asserts: assertsByClaim,
    roles:
      custom.value('merge_roles') && decided.length > 0
        ? { claim: custom.value('roles_claim').trim(), decided }
        : undefined,
    joins: { byEmail: merges, byUsername: mergesNames },
    overwritesName: merges,
    takesTokens: custom.value('allow_unproved_tokens') ? 'unproved' : 'proved',
  };
}

/** What clients may know of the service (providers.md §2.1). */
function publishedOf(
  custom: CustomService,
  serverURL: string,
  told: { readonly authorizePath: string | undefined },
): RedirectProvider['published'] {
  return {
    custom: true,
    clientId: custom.value('id').trim(),
    serverURL,
    tokenPath: custom.value('token_path'),
    identityPath: custom.value('identity_path'),
    authorizePath: told.authorizePath ?? custom.value('authorize_path'),
    scope: custom.value('scope'),
    accessTokenParam: custom.value('access_token_param'),
    buttonLabelText: custom.value('button_label_text'),
    buttonLabelColor: custom.value('button_label_color'),
    buttonColor: custom.value('button_color'),
    loginStyle: custom.value('login_style'),
    tokenSentVia: custom.value('token_sent_via'),
    identityTokenSentVia: custom.value('identity_token_sent_via'),
    keyField: custom.value('key_field'),
    usernameField: custom.value('username_field'),
    emailField: custom.value('email_field'),
    nameField: custom.value('name_field'),
    avatarField: custom.value('avatar_field'),
    rolesClaim: custom.value('roles_claim'),
    groupsClaim: custom.value('groups_claim'),
    mapChannels: custom.value('map_channels'),
    channelsMap: custom.value('groups_channel_map'),
    channelsAdmin: custom.value('channels_admin'),
    mergeUsers: custom.value('merge_users'),
    mergeUsersDistinctServices: custom.value('merge_users_distinct_services'),
    mergeRoles: custom.value('merge_roles'),
    rolesToSync: custom.value('roles_to_sync'),
    showButton: custom.value('show_button'),
  };
}
