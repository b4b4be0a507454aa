import { builtInShape } from './built-in-shape.ts';
import type { ProviderKind } from './kind.ts';
import { shapedProvider } from './shaped-provider.ts';

/** GitHub Enterprise Server (providers.md §2.3). The address in the profile is not said to be the person's own. */
export const githubEnterprise: ProviderKind = (parts) => {
  const { settings } = parts;
  const shape = builtInShape(settings, 'GitHub_Enterprise', {
    label: 'GitHub Enterprise',
    scope: undefined,
    base: settings.get('API_GitHub_Enterprise_URL'),
    authorize: '/login/oauth/authorize',
    token: '/login/oauth/access_token',
    identity: '/api/v3/user',
  });
  return shape === undefined ? undefined : shapedProvider(parts, { ...shape, tokenInQuery: undefined });
};
