import type { ToldEmail } from '../core/external-login/identity.ts';
import type { Outbound } from '../lib/outbound.ts';
import { type Asking, askFields, askList, refusal } from './ask.ts';
import { areAddresses, clientOf } from './client.ts';
import { type Fields, idIn, isClaimed, isFields, textIn } from './fields.ts';
import type { ProviderKind } from './kind.ts';
import { oauth2Provider } from './oauth2.ts';
import { personOf } from './person.ts';

const service = 'github';
const asking: Asking = { label: 'GitHub', step: 'identity' };

/** GitHub (providers.md §2.3): people are their numeric ids, and an address is theirs where GitHub has verified it. */
export const github: ProviderKind = ({ settings, outbound }) => {
  const client = clientOf(settings, 'Github');
  const authorizeUrl = settings.get('Accounts_OAuth_Github_authorize_url');
  const tokenUrl = settings.get('Accounts_OAuth_Github_token_url');
  const identityUrl = settings.get('Accounts_OAuth_Github_identity_url');
  if (client === undefined || !areAddresses(authorizeUrl, tokenUrl, identityUrl).held) return undefined;
  return oauth2Provider(outbound, {
    service,
    label: 'GitHub',
    showsButton: true,
    published: { clientId: client.clientId },
    ...client,
    clientAuthentication: 'body',
    authorizeUrl,
    tokenUrl,
    scope: 'user:email',
    takes: { pkce: true, nonce: false },
    issuers: [authorizeUrl.replace(/\/authorize\/?$/u, '')],
    identityOf: async ({ accessToken }) => {
      const about = { headers: headersWith(accessToken), chosenBy: 'operator' } as const;
      const user = await askFields(outbound, { url: identityUrl, ...about }, asking);
      const subject = idIn(user, 'id');
      if (subject === undefined) throw refusal(asking, 'It does not say who it is.');
      const email = await emailOf(outbound, { url: `${identityUrl.replace(/\/+$/u, '')}/emails`, ...about }, user);
      return personOf(settings, {
        service,
        subject,
        name: textIn(user, 'name'),
        username: textIn(user, 'login'),
        email,
      });
    },
  });
};

function headersWith(accessToken: string): Readonly<Record<string, string>> {
  return { 'Authorization': `token ${accessToken}`, 'X-GitHub-Api-Version': '2022-11-28' };
}

/** The public address where the person shows one, else the primary one. */
async function emailOf(
  outbound: Outbound,
  request: Parameters<Outbound>[0],
  user: Fields,
): Promise<ToldEmail | undefined> {
  const all = (await askList(outbound, request, asking)).filter(isFields);
  const shown = textIn(user, 'email');
  const listed = all.find((one) => textIn(one, 'email')?.toLowerCase() === shown?.toLowerCase() && shown !== undefined);
  if (listed === undefined && shown !== undefined) return { address: shown, asserted: false };
  const chosen = listed ?? all.find((one) => isClaimed(one, 'primary').held);
  const address = chosen === undefined ? undefined : textIn(chosen, 'email');
  if (chosen === undefined || address === undefined) return undefined;
  return { address, asserted: isClaimed(chosen, 'verified').held };
}
