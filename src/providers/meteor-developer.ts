import { type Asking, askFields, refusal } from './ask.ts';
import { areAddresses, clientOf } from './client.ts';
import { idIn, isClaimed, isFields, textIn } from './fields.ts';
import type { ProviderKind } from './kind.ts';
import { oauth2Provider } from './oauth2.ts';
import { personOf } from './person.ts';

const service = 'meteor-developer';
const asking: Asking = { label: 'Meteor', step: 'identity' };

/** Accounts of Meteor's developers (providers.md §2.3): their address is the one that is primary and verified. */
export const meteorDeveloper: ProviderKind = ({ settings, outbound }) => {
  const client = clientOf(settings, 'Meteor');
  const authorizeUrl = settings.get('Accounts_OAuth_Meteor_authorize_url');
  const tokenUrl = settings.get('Accounts_OAuth_Meteor_token_url');
  const identityUrl = settings.get('Accounts_OAuth_Meteor_identity_url');
  if (client === undefined || !areAddresses(authorizeUrl, tokenUrl, identityUrl).held) return undefined;
  return oauth2Provider(outbound, {
    service,
    label: 'Meteor',
    showsButton: true,
    published: { clientId: client.clientId },
    ...client,
    clientAuthentication: 'body',
    authorizeUrl,
    tokenUrl,
    scope: undefined,
    takes: { pkce: false, nonce: false },
    issuers: undefined,
    identityOf: async ({ accessToken }) => {
      const headers = { Authorization: `Bearer ${accessToken}` };
      const told = await askFields(outbound, { url: identityUrl, headers, chosenBy: 'operator' }, asking);
      const subject = idIn(told, 'id');
      if (subject === undefined) throw refusal(asking, 'It does not say who it is.');
      const emails = Array.isArray(told['emails']) ? told['emails'].filter(isFields) : [];
      const primary = emails.find((email) => isClaimed(email, 'primary').held && isClaimed(email, 'verified').held);
      const address = primary === undefined ? undefined : textIn(primary, 'address');
      return personOf(settings, {
        service,
        subject,
        username: textIn(told, 'username'),
        email: address === undefined ? undefined : { address, asserted: true },
      });
    },
  });
};
