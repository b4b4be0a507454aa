import type { OauthApplication, PostEndpoints } from '../../../src/client/index.ts';

type Asked = PostEndpoints['oauth-apps.create']['body'];

const methods = ['client_secret_basic', 'client_secret_post'] as const;

/** An application as it is sent to be kept as it is. */
export function askedOf(application: OauthApplication): Asked {
  const { name, active, redirectUri, publicClient = false, permissions = ['*'] } = application;
  return {
    name,
    active,
    redirectUri,
    publicClient,
    tokenEndpointAuthMethod: methodOf(application.tokenEndpointAuthMethod ?? ''),
    postLogoutRedirectUris: application.postLogoutRedirectUris ?? [],
    backchannelLogoutUri: application.backchannelLogoutUri ?? '',
    permissions,
  };
}

/** The same of what a form holds. */
export function askedIn(values: Readonly<Record<string, string>>): Asked {
  const { name = '', active, redirectUri = '', kind, method = '', postLogout = '', backchannel = '' } = values;
  const permissions = linesOf(values['permissions'] ?? '');
  return {
    name: name.trim(),
    active: active === 'on',
    redirectUri: linesOf(redirectUri).join('\n'),
    publicClient: kind === 'public',
    tokenEndpointAuthMethod: methodOf(method),
    postLogoutRedirectUris: linesOf(postLogout),
    backchannelLogoutUri: backchannel.trim(),
    permissions: permissions.length === 0 ? ['*'] : permissions,
  };
}

function methodOf(method: string): 'client_secret_basic' | 'client_secret_post' | 'any' {
  return methods.find((one) => one === method) ?? 'any';
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
