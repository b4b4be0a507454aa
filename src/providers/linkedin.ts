import { type Asking, askFields, refusal } from './ask.ts';
import { areAddresses, clientOf } from './client.ts';
import { idIn, isClaimed, textIn } from './fields.ts';
import type { ProviderKind } from './kind.ts';
import { oauth2Provider } from './oauth2.ts';
import { personOf } from './person.ts';

const service = 'linkedin';
const asking: Asking = { label: 'LinkedIn', step: 'identity' };

/** LinkedIn by OpenID Connect's user info (providers.md §2.3). */
export const linkedin: ProviderKind = ({ settings, outbound }) => {
  const client = clientOf(settings, 'Linkedin');
  const authorizeUrl = settings.get('Accounts_OAuth_Linkedin_authorize_url');
  const tokenUrl = settings.get('Accounts_OAuth_Linkedin_token_url');
  const identityUrl = settings.get('Accounts_OAuth_Linkedin_identity_url');
  if (client === undefined || !areAddresses(authorizeUrl, tokenUrl, identityUrl).held) return undefined;
  return oauth2Provider(outbound, {
    service,
    label: 'LinkedIn',
    showsButton: true,
    published: {
      clientId: client.clientId,
      clientConfig: { requestPermissions: ['openid', 'email', 'profile'] },
    },
    ...client,
    clientAuthentication: 'body',
    authorizeUrl,
    tokenUrl,
    scope: 'openid email profile',
    takes: { pkce: false, nonce: false },
    issuers: undefined,
    identityOf: async ({ accessToken }) => {
      const headers = { Authorization: `Bearer ${accessToken}` };
      const told = await askFields(outbound, { url: identityUrl, headers, chosenBy: 'operator' }, asking);
      const subject = idIn(told, 'sub');
      if (subject === undefined) throw refusal(asking, 'It does not say who it is.');
      const names = [textIn(told, 'given_name'), textIn(told, 'family_name')].filter((name) => name !== undefined);
      const address = textIn(told, 'email');
      return personOf(settings, {
        service,
        subject,
        name: textIn(told, 'name') ?? (names.length === 0 ? undefined : names.join(' ')),
        email: address === undefined ? undefined : { address, asserted: isClaimed(told, 'email_verified').held },
      });
    },
  });
};
