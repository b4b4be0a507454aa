import { listed } from '../core/account/rules.ts';
import type { Identity } from '../core/external-login/identity.ts';
import type { TokenForm } from '../core/external-login/provider.ts';
import { Fault } from '../core/fault.ts';
import { type Asking, askFields, refusal } from './ask.ts';
import type { Claims } from './claims.ts';
import { areAddresses, clientOf } from './client.ts';
import { idIn, isClaimed, isToken, textIn } from './fields.ts';
import { checkIdToken } from './id-token.ts';
import type { ProviderKind } from './kind.ts';
import { oauth2Provider } from './oauth2.ts';
import { personOf } from './person.ts';

const service = 'google';
const label = 'Google';
const asking: Asking = { label, step: 'identity' };
const issuers = ['https://accounts.google.com', 'accounts.google.com'];

/**
 * Google (providers.md §2.3, §2.6). A token that an app brings is taken with an id token that Google has made for us and
 * for the same person alone: the access token by itself may belong to anybody's application.
 */
export const google: ProviderKind = ({ settings, outbound, clock, keySets }) => {
  const client = clientOf(settings, 'Google');
  const authorizeUrl = settings.get('Accounts_OAuth_Google_authorize_url');
  const tokenUrl = settings.get('Accounts_OAuth_Google_token_url');
  const identityUrl = settings.get('Accounts_OAuth_Google_identity_url');
  const jwksUrl = settings.get('Accounts_OAuth_Google_jwks_url');
  if (client === undefined || !areAddresses(authorizeUrl, tokenUrl, identityUrl, jwksUrl).held) return undefined;
  const keys = keySets(jwksUrl, label, 'operator');

  const claimsOf = async (idToken: string, audience: readonly string[], nonce: string | undefined): Promise<Claims> => {
    const checks = { service: label, issuers, audience, keys, nonce, now: clock.now(), algorithms: ['RS256', 'ES256'] };
    return await checkIdToken(idToken, checks);
  };
  /** @param wanted whom the id token names, where there is one */
  const identityOf = async (accessToken: string, wanted: string | undefined): Promise<Identity> => {
    const headers = { Authorization: `Bearer ${accessToken}` };
    const told = await askFields(outbound, { url: identityUrl, headers, chosenBy: 'operator' }, asking);
    const subject = idIn(told, 'id') ?? idIn(told, 'sub');
    if (subject === undefined) throw refusal(asking, 'It does not say who it is.');
    if (wanted !== undefined && subject !== wanted) throw refusal(asking, 'The two tokens name two people.');
    const address = textIn(told, 'email');
    const asserted = isClaimed(told, 'verified_email').held || isClaimed(told, 'email_verified').held;
    const email = address === undefined ? undefined : { address, asserted };
    return personOf(settings, { service, subject, name: textIn(told, 'name'), email });
  };

  /** As whom Google may have made a token for us. */
  const ours = (): readonly string[] => [client.clientId, ...listed(settings.get('Accounts_OAuth_Google_native_ids'))];
  /**
   * What apps on Cordova bring. The id token alone tells who it is: what the app says beside it is nothing, and a code for
   * this server would bring tokens that nobody needs here.
   */
  const fromCordova = async ({ idToken, accessToken, serverAuthCode, ...said }: TokenForm): Promise<Identity> => {
    const isFilled = [accessToken, serverAuthCode].every((one) => one === undefined || one === null || isToken(one));
    const isSaid = [said['userId'], said['email'], said['imageUrl']].every(
      (one) => one === undefined || one === null || typeof one === 'string',
    );
    if (!isToken(idToken) || !isFilled || !isSaid) throw new Fault('malformed');
    const claims = await claimsOf(idToken, ours(), undefined);
    if (isToken(accessToken)) return await identityOf(accessToken, claims.sub);
    if (!isToken(serverAuthCode)) throw new Fault('malformed');
    const address = textIn(claims, 'email');
    const email = address === undefined ? undefined : { address, asserted: isClaimed(claims, 'email_verified').held };
    return personOf(settings, { service, subject: claims.sub, name: textIn(claims, 'name'), email });
  };

  return oauth2Provider(
    outbound,
    {
      service,
      label,
      showsButton: true,
      published: { clientId: client.clientId },
      ...client,
      clientAuthentication: 'body',
      authorizeUrl,
      tokenUrl,
      scope: 'openid email profile',
      takes: { pkce: true, nonce: true },
      issuers,
      identityOf: async ({ accessToken, idToken }, { nonce }) =>
        await identityOf(
          accessToken,
          idToken === undefined ? undefined : (await claimsOf(idToken, [client.clientId], nonce)).sub,
        ),
    },
    {
      identifyToken: async (form) => {
        if (form['googleSignIn'] === true) return await fromCordova(form);
        const { accessToken, idToken, expiresIn, scope, identity } = form;
        const fits = isToken(accessToken) && isToken(idToken) && Number.isSafeInteger(expiresIn);
        const othersFit =
          (scope === undefined || typeof scope === 'string') &&
          (identity === undefined || (typeof identity === 'object' && identity !== null && !Array.isArray(identity)));
        if (!fits || !othersFit) throw new Fault('malformed');
        return await identityOf(accessToken, (await claimsOf(idToken, ours(), undefined)).sub);
      },
    },
  );
};
