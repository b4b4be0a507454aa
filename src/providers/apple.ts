import { listed } from '../core/account/rules.ts';
import type { Identity } from '../core/external-login/identity.ts';
import { Fault } from '../core/fault.ts';
import { type Asking, refusal } from './ask.ts';
import { areAddresses } from './client.ts';
import { type Fields, isClaimed, isFields, isToken, textIn } from './fields.ts';
import { checkIdToken } from './id-token.ts';
import type { ProviderKind } from './kind.ts';
import { oauth2Provider } from './oauth2.ts';
import { personOf } from './person.ts';

const service = 'apple';
const label = 'Apple';
const issuer = 'https://appleid.apple.com';
const asking: Asking = { label, step: 'identity' };

/** The secret is made anew for each exchange, and good for that alone. */
const secretLifeS = 300;

/**
 * Apple (providers.md §2.3, §2.6): who somebody is stands in the id token alone; the name is told once, by the browser, and
 * is nothing but a name. A token from an app must be made for us or for one of our own apps.
 */
export const apple: ProviderKind = ({ settings, outbound, clock, keySets }) => {
  const clientId = settings.get('Accounts_OAuth_Apple_id').trim();
  const key = settings.get('Accounts_OAuth_Apple_secretKey').trim();
  const team = settings.get('Accounts_OAuth_Apple_iss').trim();
  const kid = settings.get('Accounts_OAuth_Apple_kid').trim();
  const authorizeUrl = settings.get('Accounts_OAuth_Apple_authorize_url');
  const tokenUrl = settings.get('Accounts_OAuth_Apple_token_url');
  const jwksUrl = settings.get('Accounts_OAuth_Apple_jwks_url');
  const isConfigured = [clientId, key, team, kid].every((text) => text !== '');
  const isOn = settings.get('Accounts_OAuth_Apple') && isConfigured;
  if (!isOn || !areAddresses(authorizeUrl, tokenUrl, jwksUrl).held) return undefined;
  const keys = keySets(jwksUrl, label, 'operator');

  const identityOf = async (
    idToken: string,
    audience: readonly string[],
    nonce: string | undefined,
    name: string | undefined,
  ): Promise<Identity> => {
    const checks = { service: label, issuers: [issuer], audience, keys, nonce, now: clock.now() };
    const claims = await checkIdToken(idToken, { ...checks, algorithms: ['RS256', 'ES256'] });
    const address = textIn(claims, 'email');
    const email = address === undefined ? undefined : { address, asserted: isClaimed(claims, 'email_verified').held };
    return personOf(settings, { service, subject: claims.sub, name, email });
  };

  return oauth2Provider(
    outbound,
    {
      service,
      label,
      showsButton: true,
      published: { clientId, showButton: true, buttonColor: '#000', buttonLabelColor: '#FFF' },
      clientId,
      clientSecret: async () => await secretOf({ clientId, key, team, kid, now: clock.now() }),
      clientAuthentication: 'body',
      authorizeUrl,
      tokenUrl,
      scope: 'name email',
      authorizeParams: { response_mode: 'form_post' },
      takes: { pkce: false, nonce: true },
      issuers: [issuer],
      identityOf: async ({ idToken }, { nonce, params }) => {
        if (idToken === undefined) throw refusal(asking, 'It gave no id token.');
        return await identityOf(idToken, [clientId], nonce, nameOf(userIn(params['user'])));
      },
    },
    {
      identifyToken: async ({ identityToken, fullName }) => {
        if (!isToken(identityToken)) throw new Fault('malformed');
        if (fullName !== undefined && fullName !== null && !isFields(fullName)) throw new Fault('malformed');
        const audience = [clientId, ...listed(settings.get('Accounts_OAuth_Apple_native_ids'))];
        return await identityOf(identityToken, audience, undefined, nameOf(isFields(fullName) ? fullName : undefined));
      },
    },
  );
};

/** What a browser brings along at the first sign-in: `{name: {firstName, lastName}, email}`. */
function userIn(text: string | undefined): Fields | undefined {
  if (text === undefined || text.length > 4096) return undefined;
  try {
    const user: unknown = JSON.parse(text);
    return isFields(user) && isFields(user['name']) ? user['name'] : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(name: Fields | undefined): string | undefined {
  if (name === undefined) return undefined;
  const parts = ['firstName', 'givenName', 'lastName', 'familyName'].map((part) => textIn(name, part));
  const told = parts.filter((part) => part !== undefined).join(' ');
  return told === '' ? undefined : told;
}

/** What stands for a secret at Apple: a token that we sign with the key of the team. */
async function secretOf(made: {
  readonly clientId: string;
  readonly key: string;
  readonly team: string;
  readonly kid: string;
  readonly now: number;
}): Promise<string> {
  const { importPKCS8, SignJWT } = await import('jose');
  const { clientId, key, team, kid, now } = made;
  // An environment that knows no lines writes them as `\n`.
  const signingKey = await importPKCS8(key.replaceAll('\\n', '\n'), 'ES256').catch(() => {
    throw refusal({ label, step: 'handshake' }, 'The key of this server cannot be read.');
  });
  const seconds = Math.floor(now / 1000);
  return await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer(team)
    .setSubject(clientId)
    .setAudience(issuer)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + secretLifeS)
    .sign(signingKey);
}
