import { builtInShape } from './built-in-shape.ts';
import type { ProviderKind } from './kind.ts';
import { shapedProvider } from './shaped-provider.ts';

/** Nextcloud (providers.md §2.3). People type their addresses there themselves, so that none is asserted. */
export const nextcloud: ProviderKind = (parts) => {
  const { settings } = parts;
  const shape = builtInShape(settings, 'Nextcloud', {
    label: settings.get('Accounts_OAuth_Nextcloud_button_label_text').trim(),
    scope: 'openid',
    base: settings.get('Accounts_OAuth_Nextcloud_URL'),
    authorize: '/index.php/apps/oauth2/authorize',
    token: '/index.php/apps/oauth2/api/v1/token',
    identity: '/ocs/v2.php/cloud/user?format=json',
  });
  if (shape === undefined) return undefined;
  return shapedProvider(parts, {
    ...shape,
    label: shape.label === '' ? 'Nextcloud' : shape.label,
    published: {
      ...shape.published,
      buttonLabelText: settings.get('Accounts_OAuth_Nextcloud_button_label_text'),
      buttonLabelColor: settings.get('Accounts_OAuth_Nextcloud_button_label_color'),
      buttonColor: settings.get('Accounts_OAuth_Nextcloud_button_color'),
    },
    clientAuthentication: 'basic',
    tokenInQuery: undefined,
    identityHeaders: { 'OCS-APIRequest': 'true' },
  });
};
