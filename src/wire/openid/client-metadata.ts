import type { AllClientMetadata } from 'oidc-provider';
import type { Application } from '../../core/application/application.ts';

/** A property of ours: the only way in which a client may show its secret; left out where both will do. */
export const proofProperty = 'countersign_proof';

/** An application as the OpenID provider knows its clients (OpenID Connect Dynamic Client Registration 1.0 §2). */
export function clientMetadata(application: Application, secret: string): AllClientMetadata {
  const { clientId, name, redirects, options } = application;
  const { publicClient, clientProof, postLogoutRedirects, backChannelLogout } = options;
  // Programs on people's own machines come back by schemes of their own.
  const isNative = redirects.some((redirect) => !/^https?:/iu.test(redirect));
  return {
    client_id: clientId,
    client_name: name,
    redirect_uris: redirects,
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    application_type: isNative ? 'native' : 'web',
    token_endpoint_auth_method: publicClient ? 'none' : (clientProof ?? 'client_secret_basic'),
    ...(publicClient ? {} : { client_secret: secret }),
    ...(clientProof === undefined ? {} : { [proofProperty]: clientProof }),
    ...(postLogoutRedirects.length === 0 ? {} : { post_logout_redirect_uris: postLogoutRedirects }),
    ...(backChannelLogout === undefined
      ? {}
      : { backchannel_logout_uri: backChannelLogout, backchannel_logout_session_required: true }),
  };
}
