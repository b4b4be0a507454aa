import type { SettingDefinition, SettingValue, ValueOf } from './definition.ts';

const inGroup = { group: 'OAuth' } as const;

/**
 * The settings of a custom OAuth service, by the end of their id: `Accounts_OAuth_Custom-<Name>` for the first, and
 * `Accounts_OAuth_Custom-<Name>-<key>` for the others (providers.md §3.2). A service is there while its first is stored.
 */
export const customKeys = {
  '': { ...inGroup, kind: 'boolean', initial: false, about: 'People may sign in by this service.' },
  'url': {
    ...inGroup,
    kind: 'text',
    initial: '',
    about: 'Where the service is: stands before each path below that is no address of its own.',
  },
  'issuer': {
    ...inGroup,
    kind: 'text',
    initial: '',
    about: 'The issuer of an OpenID provider, which is discovered: its ID tokens are then demanded and verified.',
  },
  'token_path': {
    ...inGroup,
    kind: 'text',
    initial: '/oauth/token',
    about: 'Where codes are exchanged; with a discovery document its own unless this differs from the initial value.',
  },
  'token_sent_via': {
    ...inGroup,
    kind: 'choice',
    initial: 'payload',
    choices: ['header', 'payload'],
    about: 'How client id and secret go to the token endpoint: by HTTP Basic, or in the form.',
  },
  'identity_token_sent_via': {
    ...inGroup,
    kind: 'choice',
    initial: 'default',
    choices: ['default', 'header', 'payload'],
    about:
      'How the access token goes to the identity endpoint: as bearer, in the query, or as the setting before says.',
  },
  'identity_path': {
    ...inGroup,
    kind: 'text',
    initial: '/me',
    about: 'Where the identity is read; with a discovery document its own unless this differs from the initial value.',
  },
  'authorize_path': {
    ...inGroup,
    kind: 'text',
    initial: '/oauth/authorize',
    about: 'Where browsers are sent; with a discovery document its own unless this differs from the initial value.',
  },
  'jwks_url': {
    ...inGroup,
    kind: 'text',
    initial: '',
    about: 'Where the keys of ID tokens are; empty for the one of the discovery document.',
  },
  'introspection_url': {
    ...inGroup,
    kind: 'text',
    initial: '',
    about: 'Where access tokens that clients bring are looked up (RFC 7662), to prove that they were given for us.',
  },
  'allow_unproved_tokens': {
    ...inGroup,
    kind: 'boolean',
    initial: false,
    about: 'Takes access tokens of which nobody can tell for whom they were given: whoever got one signs in with it.',
  },
  'scope': { ...inGroup, kind: 'text', initial: 'openid', about: 'What is asked for at the service.' },
  'access_token_param': {
    ...inGroup,
    kind: 'text',
    initial: 'access_token',
    about: 'The name of the access token in the query of the identity endpoint.',
  },
  'id': { ...inGroup, kind: 'text', initial: '', about: 'Our client id at the service.' },
  'secret': { ...inGroup, kind: 'text', initial: '', secret: true, about: 'Our client secret at the service.' },
  'login_style': {
    ...inGroup,
    kind: 'choice',
    initial: 'popup',
    choices: ['redirect', 'popup', ''],
    about: 'Whether clients open a window for the service or leave the page.',
  },
  'button_label_text': {
    ...inGroup,
    kind: 'text',
    initial: '',
    about: 'How the button reads; empty for the name of the service.',
  },
  'button_label_color': {
    ...inGroup,
    kind: 'text',
    initial: '#FFFFFF',
    about: 'The colour of the text on the button.',
  },
  'button_color': { ...inGroup, kind: 'text', initial: '#1d74f5', about: 'The colour of the button.' },
  'key_field': {
    ...inGroup,
    kind: 'choice',
    initial: 'username',
    choices: ['username', 'email'],
    about: 'By what accounts of other services are joined, where the settings on merging allow it.',
  },
  'username_field': {
    ...inGroup,
    kind: 'text',
    initial: '',
    about: 'Where the username stands in the identity; empty lets people choose one.',
  },
  'email_field': {
    ...inGroup,
    kind: 'text',
    initial: '',
    about: 'Where the address stands in the identity; empty looks in the usual places.',
  },
  'name_field': {
    ...inGroup,
    kind: 'text',
    initial: '',
    about: 'Where the name stands in the identity; empty looks in the usual places.',
  },
  'avatar_field': {
    ...inGroup,
    kind: 'text',
    initial: '',
    about:
      'Where the address of the picture stands in the identity: it is fetched unless the person chose one; empty for none.',
  },
  'roles_claim': { ...inGroup, kind: 'text', initial: 'roles', about: 'Where the roles stand in the identity.' },
  'groups_claim': {
    ...inGroup,
    kind: 'text',
    initial: 'groups',
    about: 'Told to clients alone: groups are for channels, and there are none here; for roles see `-roles_claim`.',
  },
  'channels_admin': {
    ...inGroup,
    kind: 'text',
    initial: 'rocket.cat',
    about: 'Told to clients alone: there are no channels here.',
  },
  'map_channels': {
    ...inGroup,
    kind: 'boolean',
    initial: false,
    about: 'Told to clients alone: there are no channels here.',
  },
  'groups_channel_map': {
    ...inGroup,
    kind: 'text',
    initial: '{\n\t"rocket-admin": "admin",\n\t"tech-support": "support"\n}',
    multiline: true,
    form: 'json',
    about: 'Told to clients alone: there are no channels here.',
  },
  'merge_roles': {
    ...inGroup,
    kind: 'boolean',
    initial: false,
    about: 'The service decides who holds the roles that are listed below.',
  },
  'roles_to_sync': {
    ...inGroup,
    kind: 'text',
    initial: '',
    about: 'The roles that the service gives and takes, separated by commas; it never touches another.',
  },
  'merge_users': {
    ...inGroup,
    kind: 'boolean',
    initial: false,
    about: 'Joins an account whose verified address the service asserts as well (`email_verified`).',
  },
  'merge_users_distinct_services': {
    ...inGroup,
    kind: 'boolean',
    initial: false,
    about: 'Joins accounts of the same username, too: the service then decides who is who.',
  },
  'show_button': { ...inGroup, kind: 'boolean', initial: true, about: 'Shows the button where people sign in.' },
} as const satisfies Record<string, SettingDefinition>;

export type CustomKey = keyof typeof customKeys;

/** The id of a setting of a custom service. */
export type CustomSettingId = `Accounts_OAuth_Custom-${string}`;

/** A custom service, as it is set now. */
export interface CustomService {
  /** As in the ids of its settings: `Keycloak`. */
  readonly name: string;
  /** As clients call it, and as its subjects' name-space: `keycloak`. */
  readonly service: string;
  value<Key extends CustomKey>(key: Key): ValueOf<(typeof customKeys)[Key]>;
}

const prefix = 'Accounts_OAuth_Custom-';

/** The name-spaces of providers that are built in, and what clients take for another way of signing in. */
const builtIn: ReadonlySet<string> = new Set(
  `apple cas crowd dolphin drupal email email2fa emailcode facebook github github_enterprise gitlab google iframe
  ldap linkedin meteor nextcloud passkey password resume saml token totp twitter wordpress`.split(/\s+/u),
);

/**
 * The name of a service as it is kept: lower case, only letters, digits and `_`, the first letter upper (providers.md
 * §3.1). Undefined where nothing is left, or the name belongs to something that is built in.
 */
export function customNameOf(given: string): string | undefined {
  const name = given.toLowerCase().replace(/[^a-z0-9_]/gu, '');
  if (name === '' || name.length > 64 || builtIn.has(name)) return undefined;
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** The id of a service's setting. */
export function customIdOf(name: string, key: CustomKey): CustomSettingId {
  return key === '' ? `${prefix}${name}` : `${prefix}${name}-${key}`;
}

/** Which setting of which service an id is for; undefined for all other ids. */
export function customPartsOf(id: string): { readonly name: string; readonly key: CustomKey } | undefined {
  if (!id.startsWith(prefix)) return undefined;
  const [name = '', key = ''] = id.slice(prefix.length).split('-', 2);
  if (!isCustomKey(key) || customNameOf(name) !== name || customIdOf(name, key) !== id) return undefined;
  return { name, key };
}

/** The id that a variable of the environment is for, in its own letters or with `_` for `-`, as shells need it. */
export function customIdOfVariable(variable: string): CustomSettingId | undefined {
  const [, given = '', key = ''] =
    /^Accounts_OAuth_Custom-(\w+)(?:-(\w+))?$/u.exec(variable) ??
    /^Accounts_OAuth_Custom_([A-Za-z0-9]+)(?:_(\w+))?$/u.exec(variable) ??
    [];
  const name = customNameOf(given);
  return name === undefined || !isCustomKey(key) ? undefined : customIdOf(name, key);
}

/** The names of the services that are there, in their order. */
export function customNames(ids: Iterable<string>): readonly string[] {
  const names: string[] = [];
  for (const id of ids) {
    const parts = customPartsOf(id);
    if (parts?.key === '') names.push(parts.name);
  }
  return names.toSorted();
}

/** The ids of all settings of a service. */
export function customIds(name: string): readonly CustomSettingId[] {
  return keys.map((key) => customIdOf(name, key));
}

/** What a setting of a custom service must be; undefined for all other ids. Whether the service is there, is not asked. */
export function customDefinition(id: string): SettingDefinition | undefined {
  const parts = customPartsOf(id);
  return parts === undefined ? undefined : definitionOf(parts.name, parts.key);
}

const keys = Object.keys(customKeys) as readonly CustomKey[];

function isCustomKey(key: string): key is CustomKey {
  return Object.hasOwn(customKeys, key);
}

function definitionOf(name: string, key: CustomKey): SettingDefinition {
  return { ...customKeys[key], section: `Custom OAuth: ${name}` };
}

/** @param read gives the value of a setting */
export function customServiceOf(
  name: string,
  read: (id: CustomSettingId, initial: SettingValue) => SettingValue,
): CustomService {
  return {
    name,
    service: name.toLowerCase(),
    value<Key extends CustomKey>(key: Key): ValueOf<(typeof customKeys)[Key]> {
      return read(customIdOf(name, key), customKeys[key].initial) as ValueOf<(typeof customKeys)[Key]>;
    },
  };
}
