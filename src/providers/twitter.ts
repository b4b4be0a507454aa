import type { Identity } from '../core/external-login/identity.ts';
import { Fault } from '../core/fault.ts';
import { equalSecrets } from '../lib/digest.ts';
import type { OutboundRequest } from '../lib/outbound.ts';
import { type Asking, askFields, refusal } from './ask.ts';
import { areAddresses, clientOf, withParams } from './client.ts';
import { type Fields, isFields, isToken, textIn } from './fields.ts';
import type { ProviderKind } from './kind.ts';
import { type OAuth1Request, oauth1Header } from './oauth1.ts';
import { personOf } from './person.ts';

const service = 'twitter';
const label = 'Twitter';
const handshake: Asking = { label, step: 'handshake' };
const asking: Asking = { label, step: 'identity' };

interface Pair {
  readonly key: string;
  readonly secret: string;
}

/**
 * Twitter by OAuth 1.0a (RFC 5849; providers.md §2.3, §2.6), which tells confirmed addresses only. What an app brings is
 * signed with our own secret: pairs that were made for another application do not hold with it.
 */
export const twitter: ProviderKind = ({ settings, outbound, clock, random }) => {
  const client = clientOf(settings, 'Twitter');
  const authorizeUrl = settings.get('Accounts_OAuth_Twitter_authorize_url');
  const requestTokenUrl = settings.get('Accounts_OAuth_Twitter_request_token_url');
  const tokenUrl = settings.get('Accounts_OAuth_Twitter_token_url');
  const identityUrl = settings.get('Accounts_OAuth_Twitter_identity_url');
  const isWhole = areAddresses(authorizeUrl, requestTokenUrl, tokenUrl, identityUrl).held;
  if (client === undefined || !isWhole) return undefined;
  const consumer = { key: client.clientId, secret: client.clientSecret };

  const ask = async (
    request: Pick<OAuth1Request, 'method' | 'url' | 'token' | 'params'>,
    about: Asking,
  ): Promise<Fields> => {
    const nonce = random.token().replace(/[^A-Za-z0-9]/gu, '');
    const timestamp = Math.floor(clock.now() / 1000);
    const { method, url } = request;
    const signed: OutboundRequest = {
      method,
      url,
      headers: { Authorization: oauth1Header({ ...request, consumer, nonce, timestamp }) },
      ...(method === 'POST' ? { body: {} } : {}),
      chosenBy: 'operator',
    };
    return await askFields(outbound, signed, about);
  };
  const identityOf = async (token: Pair): Promise<Identity> => {
    const url = withParams(identityUrl, { include_email: 'true' });
    const told = await ask({ method: 'GET', url, token }, asking);
    const subject = textIn(told, 'id_str');
    if (subject === undefined) throw refusal(asking, 'It does not say who it is.');
    const address = textIn(told, 'email');
    return personOf(settings, {
      service,
      subject,
      name: textIn(told, 'name'),
      username: textIn(told, 'screen_name'),
      email: address === undefined ? undefined : { address, asserted: true },
    });
  };

  return {
    service,
    label,
    showsButton: true,
    published: { consumerKey: consumer.key },
    leave: async ({ redirectUri, state }) => {
      const callback = withParams(redirectUri, { state });
      const told = await ask({ method: 'POST', url: requestTokenUrl, params: { oauth_callback: callback } }, handshake);
      const token = pairIn(told);
      if (token === undefined || textIn(told, 'oauth_callback_confirmed') !== 'true') {
        throw refusal(handshake, 'It gave no token to begin with.');
      }
      return {
        address: withParams(authorizeUrl, { oauth_token: token.key }),
        remembered: JSON.stringify(token),
      };
    },
    identify: async ({ params, remembered }) => {
      if (params['denied'] !== undefined) throw refusal(handshake, 'access_denied');
      const { oauth_token: key, oauth_verifier: verifier } = params;
      const kept = rememberedPair(remembered);
      // Who brings the token of somebody else's beginning signs nobody in.
      if (kept === undefined || !equalSecrets(key ?? '', kept.key).held) {
        throw refusal(handshake, 'It answers another beginning.');
      }
      if (!isToken(verifier)) throw refusal(handshake, 'It sent no code.');
      const told = await ask(
        { method: 'POST', url: tokenUrl, token: kept, params: { oauth_verifier: verifier } },
        handshake,
      );
      const token = pairIn(told);
      if (token === undefined) throw refusal(handshake, 'It gave no token.');
      return await identityOf(token);
    },
    identifyToken: async ({ accessToken, accessTokenSecret, appSecret, appId, expiresIn }) => {
      const fits = isToken(accessToken) && isToken(accessTokenSecret) && Number.isSafeInteger(expiresIn);
      if (!fits || typeof appSecret !== 'string' || typeof appId !== 'string') throw new Fault('malformed');
      if (!equalSecrets(appId, consumer.key).held) throw refusal(asking, 'The token was not made for this server.');
      return await identityOf({ key: accessToken, secret: accessTokenSecret });
    },
  };
};

function pairIn(told: Fields): Pair | undefined {
  const { oauth_token: key, oauth_token_secret: secret } = told;
  return isToken(key) && isToken(secret) ? { key, secret } : undefined;
}

function rememberedPair(text: string | undefined): Pair | undefined {
  const kept: unknown = text === undefined ? undefined : JSON.parse(text);
  if (!isFields(kept) || !isToken(kept['key']) || !isToken(kept['secret'])) return undefined;
  return { key: kept['key'], secret: kept['secret'] };
}
