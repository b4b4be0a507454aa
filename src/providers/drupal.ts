import { builtInShape } from './built-in-shape.ts';
import type { ProviderKind } from './kind.ts';
import { shapedProvider } from './shaped-provider.ts';

/** Drupal with its module for OAuth 2 servers (providers.md §2.3). */
export const drupal: ProviderKind = (parts) => {
  const { settings } = parts;
  const shape = builtInShape(settings, 'Drupal', {
    label: 'Drupal',
    scope: 'openid email profile offline_access',
    base: settings.get('API_Drupal_URL'),
    authorize: '/oauth2/authorize',
    token: '/oauth2/token',
    identity: '/oauth2/UserInfo',
  });
  if (shape === undefined) return undefined;
  return shapedProvider(parts, {
    ...shape,
    fields: { ...shape.fields, username: 'preferred_username' },
    joins: { byEmail: true, byUsername: false },
  });
};
