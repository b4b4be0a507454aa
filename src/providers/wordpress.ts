import type { Settings } from '../core/setting/settings.ts';
import { builtInShape } from './built-in-shape.ts';
import type { ProviderKind } from './kind.ts';
import { shapedProvider } from './shaped-provider.ts';

interface Type {
  readonly authorize: string;
  readonly token: string;
  readonly identity: string;
  readonly scope: string | undefined;
  readonly isInHeader: boolean;
}

const plugin: Type = {
  authorize: '/oauth/authorize',
  token: '/oauth/token',
  identity: '/oauth/me',
  scope: undefined,
  isInHeader: false,
};

const wordpressCom: Type = {
  authorize: 'https://public-api.wordpress.com/oauth2/authorize',
  token: 'https://public-api.wordpress.com/oauth2/token',
  identity: 'https://public-api.wordpress.com/rest/v1/me',
  scope: 'auth',
  isInHeader: true,
};

/** WordPress (providers.md §2.3): a site with the plugin WP OAuth Server, wordpress.com, or as the settings say. */
export const wordpress: ProviderKind = (parts) => {
  const { settings } = parts;
  const { isInHeader, ...paths } = typeOf(settings);
  const shape = builtInShape(settings, 'Wordpress', {
    label: 'WordPress',
    base: settings.get('API_Wordpress_URL'),
    ...paths,
  });
  return shape === undefined
    ? undefined
    : shapedProvider(parts, { ...shape, tokenInQuery: isInHeader ? undefined : 'access_token' });
};

function typeOf(settings: Settings): Type {
  const type = settings.get('Accounts_OAuth_Wordpress_server_type');
  if (type === 'wordpress-com') return wordpressCom;
  if (type !== 'custom') return plugin;
  const of = (key: 'authorize_path' | 'token_path' | 'identity_path' | 'scope', initial: string): string => {
    const set = settings.get(`Accounts_OAuth_Wordpress_${key}`).trim();
    return set === '' ? initial : set;
  };
  return {
    authorize: of('authorize_path', plugin.authorize),
    token: of('token_path', plugin.token),
    identity: of('identity_path', plugin.identity),
    scope: of('scope', 'openid'),
    isInHeader: settings.get('Accounts_OAuth_Wordpress_identity_token_sent_via') === 'header',
  };
}
