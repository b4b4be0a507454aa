import type { App } from '../../app.ts';
import { type Application, type ApplicationOptions, plainOptions } from '../../core/application/application.ts';

/** What everybody who is signed in may know of an application (providers.md §8.2). */
export function publicApplicationDocument(application: Application) {
  return {
    _id: application.id,
    name: application.name,
    active: application.active,
    redirectUri: application.redirects.join(','),
    clientId: application.clientId,
    _createdAt: new Date(application.createdAt).toISOString(),
    _updatedAt: new Date(application.updatedAt).toISOString(),
  };
}

/** The same for whoever manages applications; options that nobody set are left out. */
export function applicationDocument(app: App, application: Application) {
  const { publicClient, clientProof, postLogoutRedirects, backChannelLogout, permissions } = application.options;
  return {
    ...publicApplicationDocument(application),
    clientSecret: app.application.secretOf(application),
    _createdBy: { _id: application.creator.id, username: application.creator.username ?? '' },
    ...(publicClient ? { publicClient } : {}),
    ...(clientProof === undefined ? {} : { tokenEndpointAuthMethod: clientProof }),
    ...(postLogoutRedirects.length === 0 ? {} : { postLogoutRedirectUris: postLogoutRedirects }),
    ...(backChannelLogout === undefined ? {} : { backchannelLogoutUri: backChannelLogout }),
    ...(permissions === undefined ? {} : { permissions }),
  };
}

/** The members of our own beside Rocket.Chat's, as they come in; what is left out stays as it was. */
export interface AskedOptions {
  readonly publicClient?: boolean | undefined;
  /** `any` for both ways. */
  readonly tokenEndpointAuthMethod?: 'client_secret_basic' | 'client_secret_post' | 'any' | undefined;
  readonly postLogoutRedirectUris?: readonly string[] | undefined;
  /** `''` for none. */
  readonly backchannelLogoutUri?: string | undefined;
  /** `['*']` for all that the person holds. */
  readonly permissions?: readonly string[] | undefined;
}

/** The options that a request sets. */
export function optionsIn(asked: AskedOptions): Partial<ApplicationOptions> {
  const { publicClient, tokenEndpointAuthMethod, postLogoutRedirectUris, backchannelLogoutUri, permissions } = asked;
  return {
    ...(publicClient === undefined ? {} : { publicClient }),
    ...(tokenEndpointAuthMethod === undefined
      ? {}
      : { clientProof: tokenEndpointAuthMethod === 'any' ? undefined : tokenEndpointAuthMethod }),
    ...(postLogoutRedirectUris === undefined ? {} : { postLogoutRedirects: postLogoutRedirectUris }),
    ...(backchannelLogoutUri === undefined
      ? {}
      : { backChannelLogout: backchannelLogoutUri === '' ? undefined : backchannelLogoutUri }),
    ...(permissions === undefined ? {} : { permissions: permissions.includes('*') ? undefined : permissions }),
  };
}

/** All options of a new application. */
export function newOptionsIn(asked: AskedOptions): ApplicationOptions {
  return { ...plainOptions, ...optionsIn(asked) };
}
