import { createHmac } from 'node:crypto';
import type { Identity } from '../core/external-login/identity.ts';
import { Fault } from '../core/fault.ts';
import { equalSecrets } from '../lib/digest.ts';
import { type Asking, askFields, refusal } from './ask.ts';
import { areAddresses, clientOf, withParams } from './client.ts';
import { idIn, isFields, isToken, textIn } from './fields.ts';
import type { ProviderKind } from './kind.ts';
import { oauth2Provider } from './oauth2.ts';
import { personOf } from './person.ts';

const service = 'facebook';
const asking: Asking = { label: 'Facebook', step: 'identity' };
const wanted = 'id,email,name,first_name,last_name,middle_name,name_format,picture,short_name';

/**
 * Facebook (providers.md §2.3, §2.6), which tells confirmed addresses only. A token that an app brings is taken where
 * Facebook itself says that it was made for us; the secret that the app sends along is not used.
 */
export const facebook: ProviderKind = ({ settings, outbound }) => {
  const client = clientOf(settings, 'Facebook');
  const authorizeUrl = settings.get('Accounts_OAuth_Facebook_authorize_url');
  const tokenUrl = settings.get('Accounts_OAuth_Facebook_token_url');
  const identityUrl = settings.get('Accounts_OAuth_Facebook_identity_url');
  const debugUrl = settings.get('Accounts_OAuth_Facebook_debug_token_url');
  if (client === undefined || !areAddresses(authorizeUrl, tokenUrl, identityUrl, debugUrl).held) return undefined;
  const { clientId, clientSecret } = client;

  const identityOf = async (accessToken: string): Promise<Identity> => {
    const url = withParams(identityUrl, {
      fields: wanted,
      access_token: accessToken,
      appsecret_proof: createHmac('sha256', clientSecret).update(accessToken).digest('hex'),
    });
    const told = await askFields(outbound, { url, chosenBy: 'operator' }, asking);
    const subject = idIn(told, 'id');
    if (subject === undefined) throw refusal(asking, 'It does not say who it is.');
    const address = textIn(told, 'email');
    const email = address === undefined ? undefined : { address, asserted: true };
    return personOf(settings, { service, subject, name: textIn(told, 'name'), email });
  };
  /** Whom the token was made for, if it was made for us. */
  const ownerOf = async (accessToken: string): Promise<string | undefined> => {
    const url = withParams(debugUrl, { input_token: accessToken, access_token: `${clientId}|${clientSecret}` });
    const { data } = await askFields(outbound, { url, chosenBy: 'operator' }, asking);
    if (!isFields(data) || data['is_valid'] !== true || data['type'] !== 'USER') return undefined;
    return equalSecrets(idIn(data, 'app_id') ?? '', clientId).held ? idIn(data, 'user_id') : undefined;
  };

  return oauth2Provider(
    outbound,
    {
      service,
      label: 'Facebook',
      showsButton: true,
      published: { appId: clientId },
      ...client,
      clientAuthentication: 'body',
      authorizeUrl,
      tokenUrl,
      scope: 'email',
      authorizeParams: { display: 'popup' },
      takes: { pkce: true, nonce: false },
      issuers: undefined,
      identityOf: async ({ accessToken }) => await identityOf(accessToken),
    },
    {
      identifyToken: async ({ accessToken, secret, expiresIn }) => {
        if (!isToken(accessToken) || typeof secret !== 'string' || !Number.isSafeInteger(expiresIn)) {
          throw new Fault('malformed');
        }
        const owner = await ownerOf(accessToken);
        if (owner === undefined) throw refusal(asking, 'The token was not made for this server.');
        const identity = await identityOf(accessToken);
        if (identity.subject !== owner) throw refusal(asking, 'The token belongs to another person.');
        return identity;
      },
    },
  );
};
